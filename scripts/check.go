package scripts

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// check finds the Go of the last years that yaegi does not know, at which it
// would panic without saying where, and what it gets wrong, which it mends where
// it can.
//
// The types that decide this come from go/types, which is given no packages
// to import and whose errors are not looked at: whatever depends on another
// package stays untyped and is left to yaegi.
func (p *program) check() error {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: noPackages{}, Error: func(error) {}}
	_, _ = conf.Check("main", p.fset, []*ast.File{p.file}, info)

	var first error
	found := func(pos token.Pos, what string) {
		if first == nil {
			first = p.errorf(pos, "the interpreter %s: write it otherwise, or compile the script (go run)", what)
		}
	}
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			t := info.TypeOf(n.X)
			if t == nil {
				t = types.Typ[types.Invalid]
			}
			switch t := t.Underlying().(type) {
			case *types.Basic:
				if t.Info()&types.IsInteger != 0 {
					found(n.Pos(), "cannot range over an integer")
				}
				if t.Kind() == types.Invalid {
					p.untyped = append(p.untyped, n.Pos())
				}
			case *types.Signature:
				found(n.Pos(), "cannot range over a function")
			}
		case *ast.Ident:
			if b, ok := info.Uses[n].(*types.Builtin); ok {
				switch b.Name() {
				case "min", "max", "clear":
					found(n.Pos(), "has no built-in function "+b.Name())
				}
			}
		case *ast.BlockStmt:
			n.List = apart(n.List, info)
		case *ast.CaseClause:
			n.Body = apart(n.Body, info)
		case *ast.CommClause:
			n.Body = apart(n.Body, info)
		case *ast.AssignStmt: // that apart has left
			if n.Tok == token.DEFINE && mixed(n.Rhs) {
				found(n.Pos(), "loses a value that is declared beside a composite literal in one statement")
			}
		case *ast.ValueSpec:
			if mixed(n.Values) {
				found(n.Pos(), "loses a value that is declared beside a composite literal in one statement")
			}
		}
		return first == nil
	})
	return first
}

// noPackages is an importer that finds nothing.
type noPackages struct{}

func (noPackages) Import(string) (*types.Package, error) {
	return nil, errors.New("packages are linked in, not type-checked")
}

// apart makes of a, b := f(), []int{} a := f() and b := []int{}. Yaegi declares a
// and b, but a stays zero.
func apart(list []ast.Stmt, info *types.Info) []ast.Stmt {
	var out []ast.Stmt
	for _, st := range list {
		as, ok := st.(*ast.AssignStmt)
		if !ok || as.Tok != token.DEFINE || !mixed(as.Rhs) || mentions(as.Rhs, as.Lhs) {
			out = append(out, st)
			continue
		}
		for i, left := range as.Lhs {
			one := &ast.AssignStmt{Lhs: []ast.Expr{left}, TokPos: as.TokPos, Tok: token.DEFINE, Rhs: []ast.Expr{as.Rhs[i]}}
			if id, ok := left.(*ast.Ident); ok && info.Defs[id] == nil { // it is there already, or is blank
				one.Tok = token.ASSIGN
			}
			out = append(out, one)
		}
	}
	return out
}

// mixed says whether some but not all of the values are composite literals.
func mixed(values []ast.Expr) bool {
	literals := 0
	for _, v := range values {
		if _, ok := v.(*ast.CompositeLit); ok {
			literals++
		}
	}
	return literals > 0 && literals < len(values)
}

// mentions says whether a name of names occurs in the values.
func mentions(values, names []ast.Expr) bool {
	found := false
	for _, v := range values {
		ast.Inspect(v, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			for _, name := range names {
				other, isIdent := name.(*ast.Ident)
				found = found || ok && isIdent && other.Name == id.Name
			}
			return true
		})
	}
	return found
}
