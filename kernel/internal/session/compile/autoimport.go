package compile

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// autoImport imports packages that a cell uses as if it had imported them: those of a name
// that nothing else has, if only one package of that name can be imported. It notes them in
// u.Added.
func (c *Compiler) autoImport(u *Unit) {
	known := u.declaredNames()
	for _, st := range u.function(u.Main).Body.List {
		for _, id := range declaredBy(st) {
			known[id.Name] = true
		}
	}
	wanted := map[string]bool{}
	for _, f := range []*ast.File{u.Decls, u.Main} {
		unresolved := map[*ast.Ident]bool{}
		for _, id := range f.Unresolved {
			unresolved[id] = true
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && ast.IsExported(sel.Sel.Name) {
				if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] {
					wanted[id.Name] = true
				}
			}
			return true
		})
	}
	for name := range wanted {
		if _, imported := u.Imports[name]; imported || known[name] || u.Scope[name] != nil || types.Universe.Lookup(name) != nil {
			continue
		}
		if _, dotted := c.dotImported(u, name); dotted {
			continue
		}
		if found := c.called(name); len(found) == 1 {
			if pkg, spec, err := c.importPackage(found[0]); err == nil && pkg.Name() == name {
				spec.Name = name
				u.Imports[name] = spec
				u.Added = append(u.Added, found[0])
			}
		}
	}
	slices.Sort(u.Added)
}

// declaredBy returns the variables that a statement declares.
func declaredBy(st ast.Stmt) (ids []*ast.Ident) {
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		for _, sp := range st.Decl.(*ast.GenDecl).Specs {
			if vs, ok := sp.(*ast.ValueSpec); ok {
				ids = append(ids, vs.Names...)
			}
		}
	}
	return ids
}

// called returns the packages that are called name, as their paths tell, and that a program
// may import.
func (c *Compiler) called(name string) []string {
	return slices.DeleteFunc(c.PackagesNamed(name), func(p string) bool {
		parts := strings.Split(p, "/")
		return slices.Contains(parts, "internal") || slices.Contains(parts, "vendor")
	})
}

// KeepImports keeps the imports of a cell that did not compile for later cells: it is seldom
// them that were wrong.
func (c *Compiler) KeepImports(u *Unit) {
	for name, spec := range u.own {
		if c.Scope[name] == nil {
			c.Imports[name] = spec
		}
	}
}
