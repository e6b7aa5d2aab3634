package compile

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// resolveDots replaces names that come from dot imports by selectors, so that a
// dot import cannot clash with what the user declares.
func (u *Unit) resolveDots(f *ast.File, find func(name string) (pkg string, ok bool)) {
	unresolved := map[*ast.Ident]string{}
	for _, id := range f.Unresolved {
		if pkg, ok := find(id.Name); ok {
			unresolved[id] = pkg
		}
	}
	if len(unresolved) == 0 {
		return
	}
	selectors := func(c *astutil.Cursor) bool {
		if id, ok := c.Node().(*ast.Ident); ok {
			if pkg, ok := unresolved[id]; ok {
				c.Replace(&ast.SelectorExpr{X: &ast.Ident{Name: pkg, NamePos: id.Pos()}, Sel: id})
				return false
			}
		}
		return true
	}
	astutil.Apply(f, selectors, nil)
	if f != u.twin {
		return
	}
	for i, h := range u.Hoists {
		if h.typ != nil { // which is not in f any more
			typ := &ast.ParenExpr{Lparen: h.typ.Pos(), X: h.typ, Rparen: h.typ.End()}
			astutil.Apply(typ, selectors, nil)
			u.Hoists[i].typ = typ
		}
	}
}

// DotName is what a dot-imported package is called inside.
func DotName(path string) string { return "dot·" + path }

// dotImported finds the package of a name that only a dot import can explain.
func (c *Compiler) dotImported(u *Unit, name string) (string, bool) {
	if len(u.dots) == 0 || !ast.IsExported(name) || u.Names[name] != "" || u.Scope[name] != nil {
		return "", false
	}
	for _, sp := range slices.Backward(u.dots) { // the last import of a name holds
		if pkg, err := c.Packages.Import(sp.Path); err == nil && pkg.Scope().Lookup(name) != nil {
			return DotName(sp.Path), true
		}
	}
	return "", false
}
