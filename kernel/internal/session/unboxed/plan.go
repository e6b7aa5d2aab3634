package unboxed

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"
)

// Prepare compiles p and what it calls. It must have been called before p is, and by
// one goroutine at a time.
func (p *Func) Prepare() {
	if p.prepared {
		return
	}
	p.prepared = true
	calls := p.compile()
	p.fn, p.source, p.instrs = nil, nil, nil
	for _, callee := range calls {
		callee.Prepare()
	}
}

// Call calls p from interpreted code. The arguments and results have the types
// that p declares.
func (p *Func) Call(args []any) []any {
	m := machines.Get().(*machine)
	m.depth, m.used = 0, 0
	r := m.registers(p.nregs)
	copy(r[p.scalars:], p.consts)
	m.s = make([]header, p.nslices)
	reg, slice := 0, 0
	for i, scalar := range p.scalar {
		if scalar {
			r[reg] = unbox(reflect.ValueOf(args[i]))
			reg++
		} else {
			m.s[slice] = unboxSlice(args[i])
			slice++
		}
	}
	p.run(m, r)
	out := make([]any, len(p.results))
	for i, kind := range p.results {
		out[i] = box(kind, r[i])
	}
	m.s = nil
	machines.Put(m)
	return out
}

// Plan returns f as an unboxed function, or nil if it has to be interpreted. It
// must be called before anything is put in place of f's blocks, and by one
// goroutine at a time.
func (e *Env) Plan(f *ssa.Function) *Func {
	if known, ok := e.funcs.Load(f); ok {
		return known.(*Func)
	}
	plan := e.newFunc(f)
	e.funcs.Store(f, plan) // for recursion
	before := len(e.planned)
	e.planned = append(e.planned, f)
	if e.suits(f) {
		if before == 0 {
			e.planned = nil
		}
		return plan
	}
	// Functions that were taken in since may count on f.
	for _, g := range e.planned[before:] {
		if e.known(g) != nil {
			e.funcs.Delete(g)
		}
	}
	e.planned = e.planned[:before]
	e.funcs.Store(f, (*Func)(nil))
	return nil
}

// Forget drops what is known about f.
func (e *Env) Forget(f *ssa.Function) { e.funcs.Delete(f) }

func (e *Env) newFunc(f *ssa.Function) *Func {
	p := &Func{env: e, fn: f, source: f.Blocks, Boxable: true, Worthwhile: repeats(f), where: Error{Func: f.Name()}}
	if f.Parent() != nil {
		p.where.Inside = f.Parent().Name()
	}
	for _, b := range f.Blocks {
		p.instrs = append(p.instrs, b.Instrs)
	}
	for _, q := range f.Params {
		p.scalar = append(p.scalar, isScalar(q.Type()))
	}
	for r := range f.Signature.Results().Variables() {
		p.results = append(p.results, kindOf(r.Type()))
		if _, ok := types.Unalias(r.Type()).(*types.Basic); !ok {
			p.Boxable = false
		}
	}
	return p
}

// repeats says whether f loops or calls itself.
func repeats(f *ssa.Function) bool {
	for _, b := range f.Blocks {
		for _, s := range b.Succs {
			if s.Index <= b.Index && s.Dominates(b) {
				return true
			}
		}
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && c.Call.Value == f {
				return true
			}
		}
	}
	return false
}
