package compile

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"
)

// From imports what the files of a folder import, but for the paths of one other package,
// of the folder itself, which is given: nil if there is none.
func (c *Compiler) From(dir string, itself *types.Package) types.Importer {
	return besides{folderImporter{c, &folder{dir: dir}}, itself}
}

// besides is what the external tests of a package import, which they see with its own tests.
type besides struct {
	folderImporter
	itself *types.Package
}

func (b besides) Import(path string) (*types.Package, error) {
	if dir, ok := folderOf(path); ok && b.itself != nil && sameFolder(dir, b.f.dir) {
		return b.itself, nil
	}
	return b.folderImporter.Import(path)
}

func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	y, other := os.Stat(b)
	return err == nil && other == nil && os.SameFile(x, y)
}

// Interpret makes a package that another can import of the files of a folder, and returns
// the path for that.
func (c *Compiler) Interpret(dir string, files []*ast.File, from types.Importer, at func(token.Position) string) (pkg *types.Package, errs []types.Error, err error) {
	c.serial++
	name := files[0].Name.Name
	path := fmt.Sprintf("folder·%d/%s", c.serial, name)
	if pkg, err = c.Packages.NewPackage(path, name); err != nil {
		return nil, nil, err
	}
	if mention := mentionTypes(files); mention != "" {
		file, err := parser.ParseFile(c.Fset, "", mention, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, file)
	}
	info, errs := c.Whole(pkg, from, files, at)
	if len(errs) > 0 {
		return nil, errs, nil
	}
	c.Packages.Checked(path, info, files, dir)
	c.folders.byPath[path] = &folder{path: path, dir: dir, pkg: pkg}
	return pkg, nil, nil
}

// Whole checks the files of one package as the go command does: with what is unused. pkg
// is filled. The errors come in the order in
// which Go's compiler tells them; at writes a place inside of their texts.
func (c *Compiler) Whole(pkg *types.Package, from types.Importer, files []*ast.File, at func(token.Position) string) (info *types.Info, errs []types.Error) {
	info = newInfo()
	conf := &types.Config{
		Sizes: sizes, Importer: from,
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
