package compile

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// An error that nobody looks at stops the cell, as an exception would: one that a statement
// at the top level of a cell assigns, if nothing after it in the cell reads the variable
// before it is assigned again; one that a call there returns and nobody takes; and a value
// that carries one, as gota's DataFrame and Series do. To write _ for it is to look away.

// hasUnread says whether the cell has a statement whose error nobody looks at, and notes
// them for another attempt, in which insertUnread has its way.
func (u *Unit) hasUnread() bool {
	if u.Whole || u.fixes.unread != nil {
		return false
	}
	u.fixes.unread = map[token.Position]Unread{}
	body := u.Main.Decls[len(u.Main.Decls)-1].(*ast.FuncDecl).Body.List // behind the imports
	for i, st := range body {
		var found Unread
		switch st := st.(type) {
		case *ast.AssignStmt:
			if !slices.ContainsFunc(st.Rhs, func(e ast.Expr) bool { return u.mayFail(e) }) {
				continue
			}
			for _, l := range st.Lhs {
				id, ok := ast.Unparen(l).(*ast.Ident)
				if !ok || id.Name == "_" {
					continue
				}
				obj := u.Info.ObjectOf(id)
				if obj != nil && carriesError(obj.Type()) && !u.readAfter(obj, body, i) {
					found.Names = append(found.Names, id.Name)
				} else {
					found.others = append(found.others, id.Name)
				}
			}
		case *ast.ExprStmt:
			found.Dropped = u.dropsError(st.X)
		}
		if len(found.Names) > 0 || found.Dropped {
			u.fixes.unread[u.fset.Position(st.Pos())] = found
		}
	}
	return len(u.fixes.unread) > 0
}

// NotLookedAt returns the statements with an error that nobody looks at, by where they begin.
func (u *Unit) NotLookedAt() map[token.Position]Unread { return u.fixes.unread }

// mayFail says whether an expression is a call that may return an error because something
// went wrong: not one that makes an error, or asks for one.
func (u *Unit) mayFail(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	case *ast.CallExpr:
		if tv := u.Info.Types[e.Fun]; tv.IsType() || tv.IsBuiltin() {
			return false
		}
		var id *ast.Ident
		switch f := ast.Unparen(e.Fun).(type) {
		case *ast.Ident:
			id = f
		case *ast.SelectorExpr:
			id = f.Sel
		default:
			return true
		}
		f, ok := u.Info.Uses[id].(*types.Func)
		if !ok {
			return true
		}
		pkg := ""
		if f.Pkg() != nil {
			pkg = f.Pkg().Path()
		}
		switch f.Name() {
		case "Err", "Error", "Unwrap", "Cause":
			return false
		case "Errorf", "Print", "Println", "Printf": // of which nobody asks whether they could print
			return pkg != "fmt"
		}
		return pkg != "errors"
	}
	return false
}

// carriesError says whether a value of a type is an error, or has one in it.
func carriesError(t types.Type) bool {
	if types.Identical(t, ErrorType) {
		return true
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
	case "github.com/go-gota/gota/dataframe.DataFrame", "github.com/go-gota/gota/series.Series":
		return true
	}
	return false
}

// dropsError says whether an expression is a call whose last result is an error, or
// something that carries one.
func (u *Unit) dropsError(e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && IsHook(call) && len(call.Args) == 1 {
		e = call.Args[0]
	}
	if _, ok := ast.Unparen(e).(*ast.CallExpr); !ok || !u.mayFail(e) {
		return false
	}
	t := u.Info.TypeOf(e)
	if results, ok := t.(*types.Tuple); ok {
		if results.Len() == 0 {
			return false
		}
		t = results.At(results.Len() - 1).Type()
	}
	return t != nil && carriesError(t)
}

// IsHook says whether a call is one that the session has put around a value.
func IsHook(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == source.HooksName
}

// readAfter says whether the cell looks at the error of a variable that statement i of a
// body assigns, before it is assigned again. A function that refers to the variable may look
// at any time.
func (u *Unit) readAfter(obj types.Object, body []ast.Stmt, i int) bool {
	whole := types.Identical(obj.Type(), ErrorType)
	for _, d := range u.Decls.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && u.reads(f, obj, whole) {
			return true
		}
	}
	for _, st := range body[:i+1] {
		inFunction := false
		ast.Inspect(st, func(n ast.Node) bool {
			if lit, ok := n.(*ast.FuncLit); ok {
				inFunction = inFunction || u.reads(lit.Body, obj, whole)
				return false
			}
			return true
		})
		if inFunction {
			return true
		}
	}
	for _, st := range body[i+1:] {
		assign, ok := st.(*ast.AssignStmt)
		if !ok {
			if u.reads(st, obj, whole) {
				return true
			}
			continue
		}
		again := false
		for _, l := range assign.Lhs {
			if id, ok := ast.Unparen(l).(*ast.Ident); ok && u.Info.ObjectOf(id) == obj {
				again = true
			} else if u.reads(l, obj, whole) {
				return true
			}
		}
		for _, r := range assign.Rhs {
			if u.reads(r, obj, whole) {
				return true
			}
		}
		if again {
			return false
		}
	}
	return false
}

// reads says whether a node looks at a variable: at all of it, or at the error in it.
func (u *Unit) reads(n ast.Node, obj types.Object, whole bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt: // of a nested block: what is only assigned is not read
			if !whole {
				return true
			}
			for _, l := range n.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); !ok || u.Info.ObjectOf(id) != obj {
					found = found || u.reads(l, obj, whole)
				}
			}
			for _, r := range n.Rhs {
				found = found || u.reads(r, obj, whole)
			}
			return false
		case *ast.SelectorExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && !whole && (n.Sel.Name == "Err" || n.Sel.Name == "Error") {
				found = found || u.Info.ObjectOf(id) == obj
			}
		case *ast.Ident:
			found = found || whole && u.Info.ObjectOf(n) == obj
		}
		return !found
	})
	return found
}

// insertUnread puts a look at what hasUnread has found behind each statement, or around it.
func (u *Unit) insertUnread(fn *ast.FuncDecl) {
	if len(u.fixes.unread) == 0 {
		return
	}
	var body []ast.Stmt
	for _, st := range fn.Body.List {
		found, ok := u.fixes.unread[u.fset.Position(st.Pos())]
		if !ok {
			body = append(body, st)
			continue
		}
		switch st := st.(type) {
		case *ast.ExprStmt:
			if call, ok := st.X.(*ast.CallExpr); ok && IsHook(call) { // the cell's value
				call.Fun.(*ast.SelectorExpr).Sel.Name += "Checked"
			} else {
				st.X = hookCall("Dropped", st.X)
			}
			body = append(body, st)
		default:
			body = append(body, st)
			for _, name := range found.Names {
				var others []string
				for _, other := range found.others {
					others = append(others, source.Demangle(other))
				}
				text := &ast.BasicLit{Kind: token.STRING, ValuePos: st.Pos(), Value: fmt.Sprintf("%q", strings.Join(append([]string{source.Demangle(name)}, others...), " "))}
				body = append(body, &ast.ExprStmt{X: hookCall("Unread", text, &ast.Ident{Name: name, NamePos: st.Pos()})})
			}
		}
	}
	fn.Body.List = body
}
