// Package unboxed runs functions that do nothing but compute with numbers, a few
// times to dozens of times faster than an interpreter whose registers are
// interfaces: each value is 64 bits in a register of its own, and each instruction
// a closure that knows its registers and types.
//
// It takes functions in SSA form whose values are numbers, booleans and slices of
// them, and which load, store (also the variables around a function literal), compute, compare, branch, and call functions of the
// same kind or compiled ones of float64. Everything else it declines, and is left
// to the interpreter.
package unboxed

import (
	"go/token"
	"go/types"
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
	source []*ssa.BasicBlock   // of fn, which may get others
	instrs [][]ssa.Instruction // of source, which may get others

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
	s     []header         // slice registers of the running function
	env   []unsafe.Pointer // the variables around the function literal that was called
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

// A compiler turns the blocks of one function into closures.
type compiler struct {
	*Func
	regs   map[ssa.Value]int // numbers; of a call with several results the first
	slices map[ssa.Value]int
	extra  []block                  // made for edges that assign phis
	calls  []*Func                  // what is called
	fused  map[ssa.Instruction]bool // done as part of another instruction
}

// cond is a comparison.
type cond func(r []uint64) bool
