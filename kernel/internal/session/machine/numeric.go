package machine

import (
	"go/types"
	"reflect"
	"strings"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/callback"
	"gonmf/kernel/internal/session/linked"
	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/stack"
	"gonmf/kernel/internal/session/unboxed"
)

func newNumeric(m *Machine) *numeric {
	n := &numeric{m: m}
	for name, fn := range linked.Instances() {
		m.ixgo.RegisterExternal(name, fn)
	}
	n.env = &unboxed.Env{Owns: isCellVariable, Global: n.global, Native: n.native, Stopping: &n.stopping, Stop: m.checkpoint}
	n.callbacks = callback.Table{
		Function: stack.FunctionOf,
		Plan:     n.env.Ready,
	}
	return n
}

// callbacks appends to out what makes the functions that c hands to compiled code cheap to
// call from there.
func (e *editor) callbacks(out []ssa.Instruction, b *ssa.BasicBlock, c *ssa.CallCommon) []ssa.Instruction {
	f, static := c.Value.(*ssa.Function)
	if !static || c.Method != nil || len(f.Blocks) > 0 && linked.Instances()[f.String()] == nil || f.Signature.Params().Len() == 0 {
		return out
	}
	for i, arg := range c.Args {
		sig, ok := arg.Type().(*types.Signature)
		if !ok || !callback.Usual(sig) {
			continue
		}
		fast := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "fast", 1, 1), Args: []ssa.Value{arg}}}
		setRegister(fast, b, sig, c.Pos())
		out, c.Args[i] = append(out, fast), fast
	}
	return out
}

// instance lets f, if it is an instance of a function that sorts or searches, be compiled
// code.
func (e *editor) instance(f *ssa.Function) bool {
	o := f.Origin()
	if o == nil || o == f || o.Pkg == nil || o.Pkg.Pkg.Path() != "slices" || len(f.Blocks) == 0 {
		return false
	}
	if linked.Instances()[f.String()] != nil {
		f.Blocks, f.Recover, f.Locals = nil, nil, nil
		return true
	}
	switch {
	case o.Name() != "SortFunc" && o.Name() != "SortStableFunc":
		return false
	case isParameterized(f.Signature, 0):
		return false
	}
	b := &ssa.BasicBlock{Comment: "compiled"}
	b.Instrs = []ssa.Instruction{e.call(b, f.Pos(), strings.ToLower(o.Name()), f.Params[0], f.Params[1]), new(ssa.Return)}
	f.Blocks, f.Recover, f.Locals = []*ssa.BasicBlock{b}, b, nil
	return true
}

// isOrder are the methods that package sort calls.
var isOrder = map[string]bool{"Less": true, "Swap": true}

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
		} else if callback.Usual(f.Signature) || isOrder[f.Name()] {
			n.env.PrepareCallback(f)
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
