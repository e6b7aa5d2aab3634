package compile

import (
	"go/ast"
	"go/token"
)

// wrapLoops puts each loop among the statements that looks as if it only computed
// into a function literal of its own, which can then run unboxed.
func (u *Unit) wrapLoops(fn *ast.FuncDecl) {
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
