package explain

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// What a name that is declared again means for what was made before: values keep the type
// that they have, and functions go on calling what they were compiled with.

// staleAdvice explains why a T is no T: the value, or what is to take it, has the type T of
// an earlier cell.
func (ex *Explainer) staleAdvice(u *compile.Unit, at []ast.Node) string {
	for _, n := range at {
		x, ok := n.(ast.Expr)
		if !ok {
			break
		}
		if call, isCall := x.(*ast.CallExpr); isCall && u.Info.Types[call.Fun].IsValue() {
			if t := ex.stale(u, u.Info.TypeOf(call.Fun), 0); t != nil {
				return fmt.Sprintf(": %s was compiled with the type %s of %s; run the cell that makes it again", types.ExprString(call.Fun), t.Name(), ex.cellOfObject(t))
			}
		}
		if t := ex.stale(u, u.Info.TypeOf(x), 0); t != nil {
			return fmt.Sprintf(": the value was made before %s was declared again, with the one of %s; run the cell that makes it again", t.Name(), ex.cellOfObject(t))
		}
	}
	for _, n := range at { // the type of what takes the value
		var takes ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			takes = n.Lhs[0]
		case *ast.CompositeLit:
			takes = n
		case *ast.BinaryExpr:
			takes = n.Y
		default:
			continue
		}
		if t := ex.stale(u, u.Info.TypeOf(takes), 0); t != nil {
			return fmt.Sprintf(": this has the type %s of %s, which has been declared again since; run the cell that makes it again", t.Name(), ex.cellOfObject(t))
		}
	}
	return ""
}

// stale returns a type of an earlier cell that t mentions and that has been declared again,
// if there is one.
func (ex *Explainer) stale(u *compile.Unit, t types.Type, depth int) *types.TypeName {
	if t == nil || depth > 6 {
		return nil
	}
	first := func(ts ...types.Type) *types.TypeName {
		for _, t := range ts {
			if found := ex.stale(u, t, depth+1); found != nil {
				return found
			}
		}
		return nil
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Origin().Obj()
		if obj.Pkg() != nil && obj.Pkg() != u.Pkg && ex.IsCellType(t) && obj.Pkg().Path() == source.MainPath {
			now := ex.Compiler.Scope[obj.Name()]
			if own := u.Pkg.Scope().Lookup(obj.Name()); own != nil {
				now = own
			}
			if now, ok := now.(*types.TypeName); ok && now != obj {
				return obj
			}
		}
		return first(slices.Collect(t.TypeArgs().Types())...)
	case *types.Map:
		return first(t.Key(), t.Elem())
	case *types.Signature:
		return first(t.Params(), t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if found := first(v.Type()); found != nil {
				return found
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if found := first(f.Type()); found != nil {
				return found
			}
		}
	case interface{ Elem() types.Type }:
		return first(t.Elem())
	}
	return nil
}

// cellOfObject says which cell has declared obj.
func (ex *Explainer) cellOfObject(obj types.Object) string {
	if cell, ok := ex.CellOf(obj); ok {
		return fmt.Sprintf("In [%d]", cell)
	}
	return "an earlier cell"
}
