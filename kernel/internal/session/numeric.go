package session

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/unboxed"
)

// Functions and top-level loops that only compute with numbers run unboxed. ixgo
// sees a function that calls a native one in their place.
type numeric struct {
	s        *Session
	env      *unboxed.Env
	stopping atomic.Int32 // while an interrupt is under way
	plans    sync.Map     // int64 to *unboxed.Func
	next     int64
}

func newNumeric(s *Session) *numeric {
	n := &numeric{s: s}
	n.env = &unboxed.Env{Owns: isCellVariable, Global: n.global, Native: n.native, Stopping: &n.stopping, Stop: s.checkpoint}
	return n
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
func isCellVariable(g *ssa.Global) bool { return g.Pkg.Pkg.Path() == mainPath }

// global returns the address of a variable of a cell.
func (n *numeric) global(g *ssa.Global) unsafe.Pointer {
	return n.s.loader.vars.Vars[g.Name()].UnsafePointer()
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
	n := e.natives.s.numeric
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
	e.natives.s.numeric.env.Forget(f)
	delete(e.replaced, f)
	delete(e.done, f)
	delete(e.thunks, f)
}

// wrapLoops puts each loop among the statements that looks as if it only computed
// into a function literal of its own, which can then run unboxed.
func (u *unit) wrapLoops(fn *ast.FuncDecl) {
	for i, st := range fn.Body.List {
		if !isComputingLoop(st) {
			continue
		}
		pos := st.Pos()
		lit := &ast.FuncLit{
			Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}},
			Body: &ast.BlockStmt{Lbrace: pos, List: []ast.Stmt{st}, Rbrace: st.End()},
		}
		fn.Body.List[i] = &ast.ExprStmt{X: &ast.CallExpr{Fun: lit, Lparen: pos, Rparen: st.End()}}
	}
}

// isComputingLoop says whether st is a loop of nothing but arithmetic, as far as
// syntax tells.
func isComputingLoop(st ast.Stmt) bool {
	labels := map[string]bool{}
	loop := st
	if l, ok := st.(*ast.LabeledStmt); ok {
		loop = l.Stmt
	}
	switch loop.(type) {
	case *ast.ForStmt, *ast.RangeStmt:
	default:
		return false
	}
	computes := true
	var calls []ast.Expr // what is called, which may be a selector
	ast.Inspect(st, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.ForStmt, *ast.RangeStmt, *ast.IfStmt, *ast.BlockStmt, *ast.AssignStmt, *ast.IncDecStmt, *ast.EmptyStmt,
			*ast.Ident, *ast.BinaryExpr, *ast.ParenExpr, *ast.IndexExpr, *ast.ExprStmt:
		case *ast.BasicLit:
			computes = computes && (n.Kind == token.INT || n.Kind == token.FLOAT)
		case *ast.UnaryExpr:
			computes = computes && n.Op != token.AND && n.Op != token.ARROW
		case *ast.LabeledStmt:
			labels[n.Label.Name] = true
		case *ast.BranchStmt:
			computes = computes && n.Tok != token.GOTO && (n.Label == nil || labels[n.Label.Name])
		case *ast.CallExpr:
			calls = append(calls, n.Fun)
		case *ast.SelectorExpr: // a function of package math
			x, ok := n.X.(*ast.Ident)
			computes = computes && ok && x.Name == "math" && len(calls) > 0 && calls[len(calls)-1] == n
		default:
			computes = false
		}
		return computes
	})
	return computes
}
