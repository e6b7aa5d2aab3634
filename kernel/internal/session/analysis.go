package session

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"gonmf/kernel/internal/session/source"
)

// An analysis is what the type checker makes of a cell that is being written.
type analysis struct {
	u    *unit
	id   *ast.Ident // the identifier asked about
	path []ast.Node // id and what is around it, outward
}

// analyse checks src, in which an identifier begins at off, as far as it goes. The
// session's compile lock is held. The caller calls done when it no longer needs
// positions.
func (s *Session) analyse(src string, off int) (a *analysis, done func(), ok bool) {
	u := &unit{cell: analysedCell, serial: s.serial + 1, raw: src, src: src, chunks: source.Split(src), fixes: fixes{void: true}}
	done = func() { s.forgetFiles(u) }
	if err := u.parse(s.fset, u.extend(s.methods)); err != nil {
		return nil, done, false
	}
	s.resolveImports(u)
	s.rewrite(u)
	s.check(u)
	// An identifier in the declaration of a variable exists twice; see hoist. The
	// declaration's copy is checked even if its errors leave the variable untyped.
	for _, f := range []*ast.File{u.decls, u.main} {
		if path := u.identAt(s.fset, f, off); path != nil {
			return &analysis{u, path[0].(*ast.Ident), path}, done, true
		}
	}
	return nil, done, false
}

// analysedCell is the number of a cell that has not been run.
const analysedCell = 0

// identAt returns the identifier of f that begins at a byte offset of the cell,
// with what is around it.
func (u *unit) identAt(fset *token.FileSet, f *ast.File, off int) (path []ast.Node) {
	line, col := source.LineCol(u.src, off)
	from, to := source.IdentAround(u.src, off)
	name := u.src[from:to]
	ast.PreorderStack(f, nil, func(n ast.Node, around []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && path == nil && source.Demangle(id.Name) == name {
			p := fset.Position(id.Pos())
			if p.Line == line && p.Column == col && p.Filename == source.FileName(u.cell) {
				path = append(slices.Clone(around), id)
				slices.Reverse(path)
			}
		}
		return path == nil
	})
	return path
}

// around returns the node n levels out from the identifier.
func (a *analysis) around(n int) ast.Node {
	if n < len(a.path) {
		return a.path[n]
	}
	return nil
}

// locals yields the objects of the scopes around pos, innermost first, but not
// those of the package and beyond.
func (a *analysis) locals(yield func(types.Object) bool) {
	seen := map[string]bool{}
	for scope := a.u.pkg.Scope().Innermost(a.id.Pos()); scope != nil && scope != a.u.pkg.Scope(); scope = scope.Parent() {
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			if _, imported := obj.(*types.PkgName); imported || seen[name] {
				continue
			}
			if obj.Pos() > a.id.Pos() { // declared further down
				continue
			}
			seen[name] = true
			if !yield(obj) {
				return
			}
		}
	}
}
