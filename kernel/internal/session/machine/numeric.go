package machine

import (
	"go/constant"
	"go/types"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/unboxed"
)

// Functions and top-level loops that only compute with numbers run unboxed. ixgo
// sees a function that calls a native one in their place.
type numeric struct {
	m        *Machine
	env      *unboxed.Env
	stopping atomic.Int32 // while an interrupt is under way
	plans    sync.Map     // int64 to *unboxed.Func
	next     int64
}

func newNumeric(m *Machine) *numeric {
	n := &numeric{m: m}
	n.env = &unboxed.Env{Owns: isCellVariable, Global: n.global, Native: n.native, Stopping: &n.stopping, Stop: m.checkpoint}
	return n
}

// count returns how many functions have been made to run unboxed, and how many of them
// are kept.
func (n *numeric) count() (made, kept int) {
	n.plans.Range(func(any, any) bool { kept++; return true })
	return int(n.next), kept
}

// prepare compiles those of the functions that run unboxed, now that the variables
// of their cell have addresses.
func (n *numeric) prepare(functions []*ssa.Function, replaced map[*ssa.Function]int64) {
	for _, f := range functions {
		if plan, ok := n.plans.Load(replaced[f]); ok {
			plan.(*unboxed.Func).Prepare()
		}
	}
}

// isCellVariable says whether a cell declares g: compiled packages have variables, too.
func isCellVariable(g *ssa.Global) bool { return g.Pkg.Pkg.Path() == source.MainPath }

// global returns the address of a variable of a cell.
func (n *numeric) global(g *ssa.Global) unsafe.Pointer {
	return n.m.loader.vars.Vars[g.Name()].UnsafePointer()
}

// native returns a compiled function of the package math.
func (n *numeric) native(f *ssa.Function) any {
	if f.Pkg == nil || f.Pkg.Pkg.Path() != "math" {
		return nil
	}
	pkg, ok := ixgo.LookupPackage("math")
	if !ok {
		return nil
	}
	switch fn := pkg.Funcs[f.Name()]; fn.Interface().(type) {
	case func(float64) float64, func(float64, float64) float64:
		return fn.Interface()
	}
	return nil
}

// call is what ixgo calls in place of the function with an id.
func (n *numeric) call(id int64, args []reflect.Value) []reflect.Value {
	plan, _ := n.plans.Load(id)
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Interface()
	}
	out := plan.(*unboxed.Func).Call(values)
	results := make([]reflect.Value, len(out))
	for i := range out {
		results[i] = reflect.ValueOf(&out[i]).Elem()
	}
	return results
}

// replace lets f run unboxed, if it can and that pays.
func (e *editor) replace(f *ssa.Function) bool {
	n := e.natives.m.numeric
	plan := n.env.Plan(f)
	if plan == nil || !plan.Worthwhile || !plan.Boxable || len(f.Params) > commonArgs || f.Signature.Results().Len() > commonResults {
		return false
	}
	n.next++
	n.plans.Store(n.next, plan)
	// A closure that a cell has put somewhere may call f long after all names that lead
	// to it are gone.
	runtime.AddCleanup(f, func(id int64) { n.plans.Delete(id) }, n.next)
	b := &ssa.BasicBlock{Comment: "unboxed"}
	id := ssa.NewConst(constant.MakeInt64(n.next), types.Typ[types.Int64])
	call := &ssa.Call{Call: ssa.CallCommon{
		Value: e.natives.function(e.prog, "unboxed", len(f.Params), f.Signature.Results().Len()),
		Args:  []ssa.Value{id},
	}}
	for _, p := range f.Params {
		call.Call.Args = append(call.Call.Args, p)
	}
	ret := new(ssa.Return)
	b.Instrs = []ssa.Instruction{call}
	switch results := f.Signature.Results(); results.Len() {
	case 0:
		setRegister(call, b, results, f.Pos())
	case 1:
		setRegister(call, b, results.At(0).Type(), f.Pos())
		ret.Results = []ssa.Value{call}
	default:
		setRegister(call, b, results, f.Pos())
		for i := range results.Len() {
			x := &ssa.Extract{Tuple: call, Index: i}
			setRegister(x, b, results.At(i).Type(), f.Pos())
			setReferrers(x, []ssa.Instruction{ret})
			b.Instrs = append(b.Instrs, x)
			ret.Results = append(ret.Results, x)
		}
	}
	b.Instrs = append(b.Instrs, ret)
	f.Blocks, f.Recover, f.Locals = []*ssa.BasicBlock{b}, b, nil
	e.replaced[f] = n.next
	return true
}

// forget drops what is known about a function that no later cell can mention.
func (e *editor) forget(f *ssa.Function) {
	e.natives.m.numeric.env.Forget(f)
	delete(e.replaced, f)
	delete(e.done, f)
	delete(e.thunks, f)
}
