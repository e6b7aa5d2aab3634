package unboxed

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// Loads and stores of package-level variables and of elements of slices.

// element returns a function for the address of x[i].
func (c *compiler) element(a *ssa.IndexAddr, elem uintptr) func(m *machine, r []uint64) unsafe.Pointer {
	x, i, where := c.slices[a.X], c.regs[a.Index], c.where.at(a.Pos())
	return func(m *machine, r []uint64) unsafe.Pointer {
		h := &m.s[x]
		if r[i] >= uint64(h.len) {
			panic(indexError(int64(r[i]), h.len, where))
		}
		return unsafe.Add(h.data, uintptr(r[i])*elem)
	}
}

func indexError(i int64, length int, where Error) Error {
	if i < 0 {
		return where.of(fmt.Sprintf("index out of range [%d]", i))
	}
	return where.of(fmt.Sprintf("index out of range [%d] with length %d", i, length))
}

// free returns the number of a variable of the function around.
func (c *compiler) free(v *ssa.FreeVar) int { return slices.Index(c.fn.FreeVars, v) }

func (c *compiler) load(in *ssa.UnOp) op {
	if isSlice(in.Type()) {
		d := c.slices[in]
		switch x := in.X.(type) {
		case *ssa.Global:
			p := (*header)(c.env.Global(x))
			return func(m *machine, _ []uint64) { m.s[d] = *p }
		case *ssa.FreeVar:
			v := c.free(x)
			return func(m *machine, _ []uint64) { m.s[d] = *(*header)(m.env[v]) }
		case *ssa.IndexAddr:
			at := c.element(x, unsafe.Sizeof(header{}))
			return func(m *machine, r []uint64) { m.s[d] = *(*header)(at(m, r)) }
		}
	}
	k, d := kindOf(in.Type()), c.regs[in]
	switch x := in.X.(type) {
	case *ssa.Global:
		p := c.env.Global(x)
		if size(k) == 8 {
			return func(_ *machine, r []uint64) { r[d] = *(*uint64)(p) }
		}
		get := load(k)
		return func(_ *machine, r []uint64) { r[d] = get(p) }
	case *ssa.FreeVar:
		v, get := c.free(x), load(k)
		return func(m *machine, r []uint64) { r[d] = get(m.env[v]) }
	case *ssa.IndexAddr:
		if size(k) == 8 { // numbers mostly are
			s, i, where := c.slices[x.X], c.regs[x.Index], c.where.at(x.Pos())
			return func(m *machine, r []uint64) {
				h := &m.s[s]
				if r[i] >= uint64(h.len) {
					panic(indexError(int64(r[i]), h.len, where))
				}
				r[d] = *(*uint64)(unsafe.Add(h.data, uintptr(r[i])*8))
			}
		}
		at, get := c.element(x, size(k)), load(k)
		return func(m *machine, r []uint64) { r[d] = get(at(m, r)) }
	}
	panic(fmt.Sprintf("unboxed: a load from %T was not declined", in.X))
}

// updates recognises x += y for a package-level x of type int or float64: st, which
// comes after before, stores sum, which adds to load, and nothing else uses them.
func updates(before []ssa.Instruction, st *ssa.Store) (load *ssa.UnOp, sum *ssa.BinOp, ok bool) {
	g, _ := st.Addr.(*ssa.Global)
	sum, _ = st.Val.(*ssa.BinOp)
	if g == nil || sum == nil || sum.Op != token.ADD || len(*sum.Referrers()) != 1 {
		return nil, nil, false
	}
	if k := kindOf(sum.Type()); k != types.Int && k != types.Float64 {
		return nil, nil, false
	}
	load, _ = sum.X.(*ssa.UnOp)
	if load == nil || load.Op != token.MUL || load.X != g || len(*load.Referrers()) != 1 {
		return nil, nil, false
	}
	for _, in := range slices.Backward(before) {
		switch in.(type) {
		case *ssa.Store, *ssa.Call:
			return nil, nil, false // x may be another by now
		}
		if in == load {
			return load, sum, true
		}
	}
	return nil, nil, false
}

// update returns the operation g += r[y].
func update(k types.BasicKind, g unsafe.Pointer, y int) op {
	if k == types.Float64 {
		p := (*float64)(g)
		return func(_ *machine, r []uint64) { *p += f64(r[y]) }
	}
	p := (*int)(g)
	return func(_ *machine, r []uint64) { *p += int(r[y]) }
}

func (c *compiler) store(in *ssa.Store) op {
	if sum, ok := in.Val.(*ssa.BinOp); ok && c.fused[sum] {
		return update(kindOf(sum.Type()), c.env.Global(in.Addr.(*ssa.Global)), c.regs[sum.Y])
	}
	k, v := kindOf(in.Val.Type()), c.regs[in.Val]
	put := store(k)
	switch x := in.Addr.(type) {
	case *ssa.Global:
		p := c.env.Global(x)
		if size(k) == 8 {
			return func(_ *machine, r []uint64) { *(*uint64)(p) = r[v] }
		}
		return func(_ *machine, r []uint64) { put(p, r[v]) }
	case *ssa.FreeVar:
		at := c.free(x)
		return func(m *machine, r []uint64) { put(m.env[at], r[v]) }
	case *ssa.IndexAddr:
		at := c.element(x, size(k))
		return func(m *machine, r []uint64) { put(at(m, r), r[v]) }
	}
	panic(fmt.Sprintf("unboxed: a store to %T was not declined", in.Addr))
}
