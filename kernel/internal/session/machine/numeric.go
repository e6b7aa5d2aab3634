package machine

import (
	"reflect"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/unboxed"
)

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
	fn := pkg.Funcs[f.Name()]
	if !fn.IsValid() { // the package's initializer
		return nil
	}
	switch fn.Interface().(type) {
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
