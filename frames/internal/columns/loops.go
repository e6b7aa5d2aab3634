package columns

import (
	"cmp"
	"math"
)

// compare compares by rows; with a number that is the same in all of them
// without a copy of it for each.
func compare[T cmp.Ordered](op string, a, b rows[T], constant *T) rows[bool] {
	loop, ok := comparisons[T]()[op]
	if !ok {
		return nil
	}
	return func(lo, hi int, free *arena) []bool {
		out, x := space[bool](free, hi-lo), a(lo, hi, free)
		if constant != nil {
			loop(out, x, nil, *constant)
		} else {
			loop(out, x, b(lo, hi, free), *new(T))
		}
		return out
	}
}

// comparisons are loops over two slices, or a slice and a constant if the
// second is nil: one each, since a call for each number would take most of the
// time.
func comparisons[T cmp.Ordered]() map[string]func(out []bool, x, y []T, c T) {
	return map[string]func(out []bool, x, y []T, c T){
		"==": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v == c
				}
				return
			}
			for i, v := range x {
				out[i] = v == y[i]
			}
		},
		"!=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v != c
				}
				return
			}
			for i, v := range x {
				out[i] = v != y[i]
			}
		},
		"<": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v < c
				}
				return
			}
			for i, v := range x {
				out[i] = v < y[i]
			}
		},
		"<=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v <= c
				}
				return
			}
			for i, v := range x {
				out[i] = v <= y[i]
			}
		},
		">": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v > c
				}
				return
			}
			for i, v := range x {
				out[i] = v > y[i]
			}
		},
		">=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v >= c
				}
				return
			}
			for i, v := range x {
				out[i] = v >= y[i]
			}
		},
	}
}

// arithmetic adds, subtracts or multiplies, by loops as compare has them.
func arithmetic[T int | float64](op string, a, b rows[T], constant *T) rows[T] {
	return func(lo, hi int, free *arena) []T {
		out, x := space[T](free, hi-lo), a(lo, hi, free)
		var y []T
		if constant == nil {
			y = b(lo, hi, free)[:len(x)]
		}
		switch {
		case op == "+" && constant == nil:
			for i, v := range x {
				out[i] = v + y[i]
			}
		case op == "-" && constant == nil:
			for i, v := range x {
				out[i] = v - y[i]
			}
		case op == "*" && constant == nil:
			for i, v := range x {
				out[i] = v * y[i]
			}
		case op == "+":
			for i, v := range x {
				out[i] = v + *constant
			}
		case op == "-":
			for i, v := range x {
				out[i] = v - *constant
			}
		default:
			for i, v := range x {
				out[i] = v * *constant
			}
		}
		return out
	}
}

// divide is a quotient, by loops as compare has them.
func divide(a, b rows[float64], constant *float64) rows[float64] {
	return func(lo, hi int, free *arena) []float64 {
		out, x := space[float64](free, hi-lo), a(lo, hi, free)
		if constant != nil {
			for i, v := range x {
				out[i] = v / *constant
			}
			return out
		}
		y := b(lo, hi, free)[:len(x)]
		for i, v := range x {
			out[i] = v / y[i]
		}
		return out
	}
}

// applied is a function of one number by a loop over all.
func applied(loop func(out, x []float64), a rows[float64]) rows[float64] {
	return func(lo, hi int, free *arena) []float64 {
		out := space[float64](free, hi-lo)
		loop(out, a(lo, hi, free))
		return out
	}
}

// loops are those of reals that are faster without a call for each number.
var loops = map[string]func(out, x []float64){
	"abs": func(out, x []float64) {
		for i, v := range x {
			out[i] = math.Abs(v)
		}
	},
	"ceil": func(out, x []float64) {
		for i, v := range x {
			out[i] = math.Ceil(v)
		}
	},
	"floor": func(out, x []float64) {
		for i, v := range x {
			out[i] = math.Floor(v)
		}
	},
	"sqrt": func(out, x []float64) {
		for i, v := range x {
			out[i] = math.Sqrt(v)
		}
	},
	"log1p": log1p,
}

// log1p is math.Log1p of every number: its steps in its order, after FreeBSD's s_log1p.c, but
// with nothing that the processor would have to guess for the numbers that are usual. Of
// numbers that come in no order, half the time would go into wrong guesses.
func log1p(out, x []float64) {
	const (
		sqrt2M1  = 4.142135623730950488017e-01 // sqrt(2) - 1
		small    = 1.0 / (1 << 29)
		two53    = 1 << 53
		ln2Hi    = 6.93147180369123816490e-01
		ln2Lo    = 1.90821492927058770002e-10
		lp1      = 6.666666666666735130e-01
		lp2      = 3.999999999940941908e-01
		lp3      = 2.857142874366239149e-01
		lp4      = 2.222219843214978396e-01
		lp5      = 1.818357216161805012e-01
		lp6      = 1.531383769920937332e-01
		lp7      = 1.479819860511658591e-01
		mantissa = 1<<52 - 1
		ofSqrt2  = 0x0006a09e667f3bcd
	)
	for i, v := range x {
		if !(v >= small && v < two53) {
			out[i] = math.Log1p(v)
			continue
		}
		u := 1 + v
		bits := math.Float64bits(u)
		k := int64(bits>>52) - 1023
		// What u lost of v: by one of two differences, as v or 1 is larger.
		over, under := math.Float64bits(1-(u-v)), math.Float64bits(v-(u-1))
		lost := under
		if k > 0 {
			lost = over
		}
		m := bits & mantissa
		if m-1 >= mantissa-3 { // u is a power of two, or all but
			out[i] = math.Log1p(v)
			continue
		}
		less := (m - ofSqrt2) >> 63 // 1 where u / 2^k is below sqrt(2)
		k += int64(1 - less)
		whole := math.Float64bits(math.Float64frombits(m|(0x3fe0000000000000+less<<52)) - 1)
		lost = math.Float64bits(math.Float64frombits(lost) / u)
		if v < sqrt2M1 { // then v itself is what is left
			k, whole = 0, math.Float64bits(v)
		}
		if k == 0 {
			lost = 0
		}
		f, c, e := math.Float64frombits(whole), math.Float64frombits(lost), float64(k)
		half := 0.5 * f * f
		s := f / (2 + f)
		z := s * s
		r := z * (lp1 + z*(lp2+z*(lp3+z*(lp4+z*(lp5+z*(lp6+z*lp7))))))
		out[i] = e*ln2Hi - ((half - (s*(half+r) + (e*ln2Lo + c))) - f)
	}
}
