package unboxed

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// Bind returns p as a compiled function of the type that like has, or nil if that is none of
// the usual ones of callbacks. env has the addresses of the variables that p, a function
// literal, uses of the function around it.
//
// Of a method recv has the address of the receiver, which is a slice.
func (p *Func) Bind(like any, env []unsafe.Pointer, recv unsafe.Pointer) any {
	if slices := len(p.scalar) - p.scalars; slices > 1 || slices == 1 && recv == nil {
		return nil
	}
	b := &bound{p: p, own: p.fresh(env), recv: (*header)(recv)}
	switch like.(type) {
	case func(int, int):
		return func(x, y int) { b.call(uint64(x), uint64(y)) }
	case func(int, int) bool:
		return func(x, y int) bool { return b.call(uint64(x), uint64(y)) != 0 }
	case func(int, int) int:
		return func(x, y int) int { return int(b.call(uint64(x), uint64(y))) }
	case func(int) bool:
		return func(x int) bool { return b.call(uint64(x), 0) != 0 }
	case func(int) int:
		return func(x int) int { return int(b.call(uint64(x), 0)) }
	case func(float64, float64) int:
		return func(x, y float64) int { return int(b.call(b64(x), b64(y))) }
	case func(float64, float64) bool:
		return func(x, y float64) bool { return b.call(b64(x), b64(y)) != 0 }
	case func(float64, float64) float64:
		return func(x, y float64) float64 { return f64(b.call(b64(x), b64(y))) }
	case func(float64) float64:
		return func(x float64) float64 { return f64(b.call(b64(x), 0)) }
	case func(float64) bool:
		return func(x float64) bool { return b.call(b64(x), 0) != 0 }
	case func(rune) rune:
		return func(x rune) rune { return rune(b.call(uint64(x), 0)) }
	case func(rune) bool:
		return func(x rune) bool { return b.call(uint64(x), 0) != 0 }
	}
	return nil
}

// Ready returns the plan of a function if that can be called, or nil.
func (e *Env) Ready(f *ssa.Function) *Func {
	if p := e.known(f); p != nil && p.prepared {
		return p
	}
	return nil
}

// PrepareCallback is Prepare for a function that is not replaced, and was edited since it was
// planned; not for one that this has made unfit. (A callback with results of a named type
// never asks for it.)
func (e *Env) PrepareCallback(f *ssa.Function) {
	p := e.known(f)
	if p == nil || p.prepared || len(p.results) > 1 || len(p.scalar) == 0 {
		return
	}
	for _, instrs := range p.instrs {
		for _, in := range instrs {
			if !e.suitsInstr(in) {
				return
			}
		}
	}
	p.Prepare()
}

// bound is a function with its variables, ready to be called again and again.
type bound struct {
	p    *Func
	busy atomic.Bool // by a call, or one that has panicked
	own  *machine
	recv *header // for each call the first slice
}

// smallSlab is what functions that a callback calls have for their registers at first.
const smallSlab = 32

// fresh returns a machine with room for p alone.
func (p *Func) fresh(env []unsafe.Pointer) *machine {
	return &machine{slab: make([]uint64, max(p.nregs, 2)+smallSlab), s: make([]header, p.nslices), env: env}
}

// call calls the function with up to two parameters.
func (b *bound) call(x, y uint64) uint64 {
	p, m := b.p, b.own
	if p.env.Stopping.Load() != 0 {
		p.env.Stop()
	}
	mine := b.busy.CompareAndSwap(false, true)
	if !mine { // it calls itself by way of compiled code, or several goroutines call it
		m = p.fresh(m.env)
	}
	r := m.slab[:p.nregs:p.nregs]
	m.used, m.depth = p.nregs, 0
	switch p.scalars {
	case 2:
		r[0], r[1] = x, y
	case 1:
		r[0] = x
	}
	copy(r[p.scalars:], p.consts)
	if b.recv != nil {
		m.s[0] = *b.recv
	}
	p.run(m, r)
	if mine {
		b.busy.Store(false)
	}
	return r[0]
}
