package help

import (
	"go/ast"
	"go/types"

	"gonmf/kernel/internal/session/compile"
)

// An analysis is what the type checker makes of a cell that is being written.
type analysis struct {
	u    *compile.Unit
	id   *ast.Ident // the identifier asked about
	path []ast.Node // id and what is around it, outward
}

// analyse checks src, in which an identifier begins at off, as far as it goes. The
// session's compile lock is held. The caller calls done when it no longer needs
// positions.
func (g *Guide) analyse(src string, off int) (a *analysis, done func(), ok bool) {
	u, path, done := g.Compiler.Analyse(src, off)
	if len(path) == 0 {
		return nil, done, false
	}
	return &analysis{u, path[0].(*ast.Ident), path}, done, true
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
	for scope := a.u.Pkg.Scope().Innermost(a.id.Pos()); scope != nil && scope != a.u.Pkg.Scope(); scope = scope.Parent() {
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
