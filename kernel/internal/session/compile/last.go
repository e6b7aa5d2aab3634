package compile

import (
	"go/ast"
	"go/token"
	"regexp"

	"gonmf/kernel/internal/session/source"
)

// lastValue hands the value of the last expression to the session, and lets
// other expressions stand by themselves.
func (u *Unit) lastValue(fn *ast.FuncDecl) {
	for i, st := range fn.Body.List {
		es, ok := st.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call := IsCall(es.X)
		switch {
		case i == len(fn.Body.List)-1 && !(u.fixes.void && call):
			hook := "Result"
			if prints(es.X) {
				hook = "Printed"
			}
			u.Last = es.X
			es.X = hookCall(hook, es.X)
		case !call:
			fn.Body.List[i] = &ast.AssignStmt{
				Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: es.Pos()}}, TokPos: es.Pos(), Tok: token.ASSIGN,
				Rhs: []ast.Expr{es.X},
			}
		}
	}
}

// IsCall says whether an expression may stand as a statement.
func IsCall(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	}
	return false
}

var printer = regexp.MustCompile(`^(F?[Pp]rint|F?Scan|Sscan|Write)`)

// prints says whether a call is made for its effect, though it returns a count.
func prints(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		return printer.MatchString(fun.Sel.Name)
	case *ast.Ident: // dot import
		return printer.MatchString(fun.Name)
	}
	return false
}

// hookCall returns a call of one of the session's own functions.
func hookCall(name string, args ...ast.Expr) ast.Expr {
	pos, end := args[0].Pos(), args[len(args)-1].End()
	return &ast.CallExpr{
		Fun: &ast.SelectorExpr{
			X:   &ast.Ident{Name: source.HooksName, NamePos: pos},
			Sel: &ast.Ident{Name: name, NamePos: pos},
		},
		Lparen: pos, Args: args, Rparen: end,
	}
}
