package compile

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Whole checks the files of one package as the go command does: with what is unused, and
// with imports seen from the folder dir. pkg is filled. The errors come in the order in
// which Go's compiler tells them; at writes a place inside of their texts.
func (c *Compiler) Whole(pkg *types.Package, dir string, files []*ast.File, at func(token.Position) string) (info *types.Info, errs []types.Error) {
	info = newInfo()
	conf := &types.Config{
		Sizes: sizes, Importer: folderImporter{c, &folder{dir: dir}},
		Error: func(err error) {
			e, ok := err.(types.Error)
			if more, found := strings.CutPrefix(e.Msg, "\t"); ok && found && len(errs) > 0 {
				errs[len(errs)-1].Msg += "\n\t" + at(c.Fset.Position(e.Pos)) + ": " + more
			} else if ok {
				errs = append(errs, e)
			}
		},
	}
	// What is wrong has been handed to conf.Error.
	_ = types.NewChecker(conf, c.Fset, pkg, info).Files(files)
	for _, f := range files {
		for _, d := range f.Decls { // which the type checker takes for assembly
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body == nil {
				errs = append(errs, types.Error{Fset: c.Fset, Pos: fn.Name.Pos(), Msg: "missing function body"})
			}
		}
	}
	slices.SortStableFunc(errs, func(a, b types.Error) int {
		p, q := c.Fset.Position(a.Pos), c.Fset.Position(b.Pos)
		if p.Filename != q.Filename {
			return strings.Compare(p.Filename, q.Filename)
		}
		return p.Offset - q.Offset
	})
	return info, errs
}
