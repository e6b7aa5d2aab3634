package compile

import (
	"go/ast"
	"slices"

	"gonmf/kernel/internal/session/source"
)

// Analyse checks src, a cell that is being written and in which an identifier begins at
// off, as far as it goes. It returns the identifier with what is around it, outward, or no
// path. The caller calls done when it no longer needs positions.
func (c *Compiler) Analyse(src string, off int) (checked *Unit, path []ast.Node, done func()) {
	u := &Unit{fset: c.Fset, Cell: analysedCell, Serial: c.serial + 1, Raw: src, Src: src, Chunks: source.Split(src), fixes: fixes{void: true}}
	done = func() { c.ForgetFiles(u) }
	if err := u.parse(u.extend(c.Methods)); err != nil {
		return nil, nil, done
	}
	c.resolveImports(u)
	c.rewrite(u)
	c.check(u)
	// An identifier in the declaration of a variable exists twice; see hoist. The
	// declaration's copy is checked even if its errors leave the variable untyped.
	for _, f := range []*ast.File{u.Decls, u.Main} {
		if path := u.identAt(f, off); path != nil {
			return u, path, done
		}
	}
	return nil, nil, done
}

// analysedCell is the number of a cell that has not been run.
const analysedCell = 0

// identAt returns the identifier of f that begins at a byte offset of the cell,
// with what is around it.
func (u *Unit) identAt(f *ast.File, off int) (path []ast.Node) {
	line, col := source.LineCol(u.Src, off)
	from, to := source.IdentAround(u.Src, off)
	name := u.Src[from:to]
	ast.PreorderStack(f, nil, func(n ast.Node, around []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && path == nil && source.Demangle(id.Name) == name {
			p := u.fset.Position(id.Pos())
			if p.Line == line && p.Column == col && p.Filename == source.FileName(u.Cell) {
				path = append(slices.Clone(around), id)
				slices.Reverse(path)
			}
		}
		return path == nil
	})
	return path
}
