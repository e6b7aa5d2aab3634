// Package unboxed runs functions that do nothing but compute with numbers, a few
// times to dozens of times faster than an interpreter whose registers are
// interfaces: each value is 64 bits in a register of its own, and each instruction
// a closure that knows its registers and types.
//
// It takes functions in SSA form whose values are numbers, booleans and slices of
// them, and which load, store, compute, compare, branch, and call functions of the
// same kind or compiled ones of float64. Everything else it declines, and is left
// to the interpreter.
package unboxed

import (
	"go/token"
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

// An Env connects functions to what is around them.
type Env struct {
	// Owns says whether Global knows a package-level variable.
	Owns func(*ssa.Global) bool
	// Global returns the address of a package-level variable. It is called by
	// Prepare.
	Global func(*ssa.Global) unsafe.Pointer
	// Native returns a compiled function of one or two float64 for a function
	// without a body, or nil.
	Native func(*ssa.Function) any
	// Stopping is not zero while some goroutine has to stop; loops look at it.
	Stopping *atomic.Int32
	// Stop is called then. It panics if the calling goroutine is the one.
	Stop func()

	planned []*ssa.Function // in the call of Plan that is under way
	funcs   sync.Map        // *ssa.Function to *Func, nil for one that is declined
}

// An Error is a run-time panic of unboxed code.
type Error struct {
	Text string
	Pos  token.Pos // where it happened
	Func string    // in which function
	// Inside is the function that Func is a literal in, if it is one.
	Inside string
}

func (e Error) Error() string { return "runtime error: " + e.Text }

// of returns an error at e's place.
func (e Error) of(text string) Error {
	e.Text = text
	return e
}

// at returns an error in e's function.
func (e Error) at(pos token.Pos) Error {
	e.Pos = pos
	return e
}

// RuntimeError marks the error as a [runtime.Error].
func (Error) RuntimeError() {}

// MaxDepth is how deep unboxed functions may call each other. Go itself has no
// such limit, but ends the process when the stack is full.
const MaxDepth = 1_050_000

// A Func is a function that can run unboxed.
type Func struct {
	// Worthwhile says whether it is likely to run long enough to pay for a call from
	// interpreted code: whether it loops or calls itself.
	Worthwhile bool
	// Boxable says whether interpreted code can call it: a named type of a result is
	// more than a Func knows.
	Boxable bool

	env     *Env
	where   Error             // without its text
	scalar  []bool            // which parameters are numbers or booleans
	results []types.BasicKind // its results

	// What it is compiled from, until it is: a Func must not keep its function, whose
	// end may be what tells that no one will call the Func any more.
	fn     *ssa.Function
	source []*ssa.BasicBlock // of fn, which may get others

	prepared bool
	code     []block
	consts   []uint64 // what registers hold from the start, after the parameters
	scalars  int      // how many parameters are in registers of their own
	nregs    int
	nslices  int
}

// A block is a basic block: operations, and where to go then.
type block struct {
	ops  []op
	cond cond // nil to go to next in any case
	next int  // if cond holds; -1 returns
	not  int  // if it does not
	back bool // one of the two is a loop
}

// op is an operation on the registers r; those of slices are in m.
type op func(m *machine, r []uint64)

// header is a slice.
type header struct {
	data     unsafe.Pointer
	len, cap int
}

// A machine is the state of one goroutine.
type machine struct {
	s     []header // slice registers of the running function
	depth int
	slab  []uint64 // where the registers of functions come from
	used  int
}

const slabSize = 4096

var machines = sync.Pool{New: func() any { return &machine{slab: make([]uint64, slabSize)} }}

// registers returns n registers; the caller sets m.used back when it is done.
func (m *machine) registers(n int) []uint64 {
	if m.used+n > len(m.slab) {
		return make([]uint64, n) // deep recursion
	}
	r := m.slab[m.used : m.used+n : m.used+n]
	m.used += n
	return r
}

// run runs p with its parameters in r and m. Results are left in r.
func (p *Func) run(m *machine, r []uint64) {
	for pc := 0; pc >= 0; {
		b := &p.code[pc]
		for _, op := range b.ops {
			op(m, r)
		}
		if b.cond == nil || b.cond(r) {
			pc = b.next
		} else {
			pc = b.not
		}
		if b.back && p.env.Stopping.Load() != 0 {
			p.env.Stop()
		}
	}
}

// Prepare compiles p and what it calls. It must have been called before p is, and by
// one goroutine at a time.
func (p *Func) Prepare() {
	if p.prepared {
		return
	}
	p.prepared = true
	calls := p.compile()
	p.fn, p.source = nil, nil
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

// kindOf returns the kind of a number or boolean, or Invalid.
func kindOf(t types.Type) types.BasicKind {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return types.Invalid
	}
	switch k := b.Kind(); {
	case k >= types.Bool && k <= types.Float64:
		return k
	case k == types.UntypedBool:
		return types.Bool
	}
	return types.Invalid
}

func isScalar(t types.Type) bool { return kindOf(t) != types.Invalid }

// isSlice says whether t is a slice of numbers, or of such slices.
func isSlice(t types.Type) bool { return isSliceOf(t, 3) }

// isSliceOf is isSlice for up to so many dimensions: of type T []T there is no end.
func isSliceOf(t types.Type, dimensions int) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && dimensions > 0 && (isScalar(s.Elem()) || isSliceOf(s.Elem(), dimensions-1))
}

// isValue says whether a register can hold a t.
func isValue(t types.Type) bool {
	if _, param := t.(*types.TypeParam); param || t == nil {
		return false
	}
	return isScalar(t) || isSlice(t)
}
