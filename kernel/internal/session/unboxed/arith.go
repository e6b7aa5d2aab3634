package unboxed

import (
	"go/token"
	"go/types"
	"math"
)

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// An integer is in its register as its value extended to 64 bits, by its sign if it
// has one; a float as its bits; a boolean as 0 or 1.

func f64(x uint64) float64 { return math.Float64frombits(x) }
func b64(x float64) uint64 { return math.Float64bits(x) }
func f32(x uint64) float32 { return math.Float32frombits(uint32(x)) }
func b32(x float32) uint64 { return uint64(math.Float32bits(x)) }

// binary returns the operation d = a tok b on values of a kind, or nil.
func binary(k types.BasicKind, tok token.Token, d, a, b int, where Error) op {
	switch k {
	case types.Int:
		return intOp[int](tok, d, a, b, where)
	case types.Int8:
		return intOp[int8](tok, d, a, b, where)
	case types.Int16:
		return intOp[int16](tok, d, a, b, where)
	case types.Int32:
		return intOp[int32](tok, d, a, b, where)
	case types.Int64:
		return intOp[int64](tok, d, a, b, where)
	case types.Uint:
		return intOp[uint](tok, d, a, b, where)
	case types.Uint8:
		return intOp[uint8](tok, d, a, b, where)
	case types.Uint16:
		return intOp[uint16](tok, d, a, b, where)
	case types.Uint32:
		return intOp[uint32](tok, d, a, b, where)
	case types.Uint64:
		return intOp[uint64](tok, d, a, b, where)
	case types.Uintptr:
		return intOp[uintptr](tok, d, a, b, where)
	case types.Float64:
		return float64Op(tok, d, a, b)
	case types.Float32:
		return float32Op(tok, d, a, b)
	}
	return nil
}

func intOp[T integer](tok token.Token, d, a, b int, where Error) op {
	switch tok {
	case token.ADD:
		return func(_ *machine, r []uint64) { r[d] = uint64(T(r[a]) + T(r[b])) }
	case token.SUB:
		return func(_ *machine, r []uint64) { r[d] = uint64(T(r[a]) - T(r[b])) }
	case token.MUL:
		return func(_ *machine, r []uint64) { r[d] = uint64(T(r[a]) * T(r[b])) }
	case token.QUO, token.REM:
		quo := tok == token.QUO
		return func(_ *machine, r []uint64) {
			if T(r[b]) == 0 {
				panic(where.of("integer divide by zero"))
			}
			if quo {
				r[d] = uint64(T(r[a]) / T(r[b]))
			} else {
				r[d] = uint64(T(r[a]) % T(r[b]))
			}
		}
	case token.AND:
		return func(_ *machine, r []uint64) { r[d] = r[a] & r[b] }
	case token.OR:
		return func(_ *machine, r []uint64) { r[d] = r[a] | r[b] }
	case token.XOR:
		return func(_ *machine, r []uint64) { r[d] = r[a] ^ r[b] }
	case token.AND_NOT:
		return func(_ *machine, r []uint64) { r[d] = r[a] &^ r[b] }
	case token.SHL:
		return func(_ *machine, r []uint64) { r[d] = uint64(T(r[a]) << r[b]) }
	case token.SHR:
		return func(_ *machine, r []uint64) { r[d] = uint64(T(r[a]) >> r[b]) }
	}
	return nil
}

func float64Op(tok token.Token, d, a, b int) op {
	switch tok {
	case token.ADD:
		return func(_ *machine, r []uint64) { r[d] = b64(f64(r[a]) + f64(r[b])) }
	case token.SUB:
		return func(_ *machine, r []uint64) { r[d] = b64(f64(r[a]) - f64(r[b])) }
	case token.MUL:
		return func(_ *machine, r []uint64) { r[d] = b64(f64(r[a]) * f64(r[b])) }
	case token.QUO:
		return func(_ *machine, r []uint64) { r[d] = b64(f64(r[a]) / f64(r[b])) }
	}
	return nil
}

func float32Op(tok token.Token, d, a, b int) op {
	switch tok {
	case token.ADD:
		return func(_ *machine, r []uint64) { r[d] = b32(f32(r[a]) + f32(r[b])) }
	case token.SUB:
		return func(_ *machine, r []uint64) { r[d] = b32(f32(r[a]) - f32(r[b])) }
	case token.MUL:
		return func(_ *machine, r []uint64) { r[d] = b32(f32(r[a]) * f32(r[b])) }
	case token.QUO:
		return func(_ *machine, r []uint64) { r[d] = b32(f32(r[a]) / f32(r[b])) }
	}
	return nil
}

// shiftCheck panics before a shift by a negative count.
func shiftCheck(b int, where Error) op {
	return func(_ *machine, r []uint64) {
		if int64(r[b]) < 0 {
			panic(where.of("negative shift amount"))
		}
	}
}

// compare returns the comparison a tok b of values of a kind, or nil.
func compare(k types.BasicKind, tok token.Token, a, b int) cond {
	switch {
	case k == types.Float64:
		return compareFloat64(tok, a, b)
	case k == types.Float32:
		return compareFloat32(tok, a, b)
	case k == types.Bool || k >= types.Uint && k <= types.Uintptr:
		return compareInts[uint64](tok, a, b)
	}
	return compareInts[int64](tok, a, b)
}

func compareInts[T int64 | uint64](tok token.Token, a, b int) cond {
	switch tok {
	case token.EQL:
		return func(r []uint64) bool { return r[a] == r[b] }
	case token.NEQ:
		return func(r []uint64) bool { return r[a] != r[b] }
	case token.LSS:
		return func(r []uint64) bool { return T(r[a]) < T(r[b]) }
	case token.LEQ:
		return func(r []uint64) bool { return T(r[a]) <= T(r[b]) }
	case token.GTR:
		return func(r []uint64) bool { return T(r[a]) > T(r[b]) }
	case token.GEQ:
		return func(r []uint64) bool { return T(r[a]) >= T(r[b]) }
	}
	return nil
}

func compareFloat64(tok token.Token, a, b int) cond {
	switch tok {
	case token.EQL:
		return func(r []uint64) bool { return f64(r[a]) == f64(r[b]) }
	case token.NEQ:
		return func(r []uint64) bool { return f64(r[a]) != f64(r[b]) }
	case token.LSS:
		return func(r []uint64) bool { return f64(r[a]) < f64(r[b]) }
	case token.LEQ:
		return func(r []uint64) bool { return f64(r[a]) <= f64(r[b]) }
	case token.GTR:
		return func(r []uint64) bool { return f64(r[a]) > f64(r[b]) }
	case token.GEQ:
		return func(r []uint64) bool { return f64(r[a]) >= f64(r[b]) }
	}
	return nil
}

func compareFloat32(tok token.Token, a, b int) cond {
	switch tok {
	case token.EQL:
		return func(r []uint64) bool { return f32(r[a]) == f32(r[b]) }
	case token.NEQ:
		return func(r []uint64) bool { return f32(r[a]) != f32(r[b]) }
	case token.LSS:
		return func(r []uint64) bool { return f32(r[a]) < f32(r[b]) }
	case token.LEQ:
		return func(r []uint64) bool { return f32(r[a]) <= f32(r[b]) }
	case token.GTR:
		return func(r []uint64) bool { return f32(r[a]) > f32(r[b]) }
	case token.GEQ:
		return func(r []uint64) bool { return f32(r[a]) >= f32(r[b]) }
	}
	return nil
}

// wrap cuts a 64-bit integer to a kind.
func wrap(k types.BasicKind, x uint64) uint64 {
	switch k {
	case types.Int8:
		return uint64(int8(x))
	case types.Int16:
		return uint64(int16(x))
	case types.Int32:
		return uint64(int32(x))
	case types.Uint8:
		return uint64(uint8(x))
	case types.Uint16:
		return uint64(uint16(x))
	case types.Uint32:
		return uint64(uint32(x))
	case types.Int:
		return uint64(int(x))
	case types.Uint:
		return uint64(uint(x))
	case types.Uintptr:
		return uint64(uintptr(x))
	}
	return x
}

func isFloat(k types.BasicKind) bool    { return k == types.Float32 || k == types.Float64 }
func isUnsigned(k types.BasicKind) bool { return k >= types.Uint && k <= types.Uintptr }

// convert returns the conversion d = to(a).
func convert(from, to types.BasicKind, d, a int) op {
	switch {
	case isFloat(from) && isFloat(to):
		if from == to {
			return move(d, a)
		}
		if to == types.Float32 {
			return func(_ *machine, r []uint64) { r[d] = b32(float32(f64(r[a]))) }
		}
		return func(_ *machine, r []uint64) { r[d] = b64(float64(f32(r[a]))) }
	case isFloat(from):
		get := f64
		if from == types.Float32 {
			get = func(x uint64) float64 { return float64(f32(x)) }
		}
		if to == types.Uint64 || to == types.Uint || to == types.Uintptr {
			return func(_ *machine, r []uint64) { r[d] = wrap(to, uint64(get(r[a]))) }
		}
		return func(_ *machine, r []uint64) { r[d] = wrap(to, uint64(int64(get(r[a])))) }
	case isFloat(to):
		switch {
		case to == types.Float64 && isUnsigned(from):
			return func(_ *machine, r []uint64) { r[d] = b64(float64(r[a])) }
		case to == types.Float64:
			return func(_ *machine, r []uint64) { r[d] = b64(float64(int64(r[a]))) }
		case isUnsigned(from):
			return func(_ *machine, r []uint64) { r[d] = b32(float32(r[a])) }
		}
		return func(_ *machine, r []uint64) { r[d] = b32(float32(int64(r[a]))) }
	}
	return func(_ *machine, r []uint64) { r[d] = wrap(to, r[a]) }
}

func move(d, a int) op { return func(_ *machine, r []uint64) { r[d] = r[a] } }

// unary returns the operation d = tok a, or nil.
func unary(k types.BasicKind, tok token.Token, d, a int) op {
	switch {
	case tok == token.NOT:
		return func(_ *machine, r []uint64) { r[d] = r[a] ^ 1 }
	case tok == token.XOR:
		return func(_ *machine, r []uint64) { r[d] = wrap(k, ^r[a]) }
	case tok == token.SUB && k == types.Float64:
		return func(_ *machine, r []uint64) { r[d] = b64(-f64(r[a])) }
	case tok == token.SUB && k == types.Float32:
		return func(_ *machine, r []uint64) { r[d] = b32(-f32(r[a])) }
	case tok == token.SUB:
		return func(_ *machine, r []uint64) { r[d] = wrap(k, -r[a]) }
	}
	return nil
}

// extreme returns the operation d = min(d, a), or max.
func extreme(k types.BasicKind, name string, d, a int) op {
	less := name == "min"
	switch {
	case k == types.Float64 && less:
		return func(_ *machine, r []uint64) { r[d] = b64(min(f64(r[d]), f64(r[a]))) }
	case k == types.Float64:
		return func(_ *machine, r []uint64) { r[d] = b64(max(f64(r[d]), f64(r[a]))) }
	case k == types.Float32 && less:
		return func(_ *machine, r []uint64) { r[d] = b32(min(f32(r[d]), f32(r[a]))) }
	case k == types.Float32:
		return func(_ *machine, r []uint64) { r[d] = b32(max(f32(r[d]), f32(r[a]))) }
	case isUnsigned(k) && less:
		return func(_ *machine, r []uint64) { r[d] = min(r[d], r[a]) }
	case isUnsigned(k):
		return func(_ *machine, r []uint64) { r[d] = max(r[d], r[a]) }
	case less:
		return func(_ *machine, r []uint64) { r[d] = uint64(min(int64(r[d]), int64(r[a]))) }
	}
	return func(_ *machine, r []uint64) { r[d] = uint64(max(int64(r[d]), int64(r[a]))) }
}
