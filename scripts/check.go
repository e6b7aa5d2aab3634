package scripts

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
)

// check finds the Go of the last years that yaegi does not know, at which it
// would panic without saying where.
//
// The types that decide this come from go/types, which is given no packages
// to import and whose errors are not looked at: whatever depends on another
// package stays untyped and is left to yaegi.
func (p *program) check() error {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
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
