package compile

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"

	"gonmf/kernel/internal/session/source"
)

// resolveImports finds what the cell may refer to: its own imports, those of
// earlier cells, and the names that they declared. Of an import and a declaration
// of one name the later holds. It returns the imports that cannot be had.
func (c *Compiler) resolveImports(u *Unit) (missing []Fault) {
	u.Imports = maps.Clone(c.Imports)
	u.dots = slices.Clone(c.Dots)
	u.Scope = c.Scope
	own := map[string]bool{}
	u.own = map[string]Import{}
	for _, is := range u.imported.Imports {
		pkg, spec, err := c.importPackage(pathOf(is))
		if err != nil {
			missing = append(missing, Fault{source.PlaceOf(u.Cell, c.Fset.Position(is.Path.Pos())), err.Error()})
			continue
		}
		spec.Name = pkg.Name()
		if is.Name != nil {
			spec.Name = is.Name.Name
		}
		switch name := spec.Name; name {
		case "_": // its init functions have run in this process
		case ".":
			u.dots = append(slices.DeleteFunc(u.dots, func(d Import) bool { return d == spec }), spec)
			for _, name := range pkg.Scope().Names() {
				if ast.IsExported(name) && c.Scope[name] != nil {
					u.dotted = append(u.dotted, name)
				}
			}
		default:
			u.Imports[name], u.own[name] = spec, spec
			own[name] = true
		}
	}
	if len(own) > 0 || len(u.dotted) > 0 {
		u.Scope = maps.Clone(c.Scope)
		maps.DeleteFunc(u.Scope, func(name string, _ types.Object) bool { return own[name] || slices.Contains(u.dotted, name) })
	}
	missing = append(missing, c.refreshFolders(u)...)
	declared := u.declaredNames()
	maps.DeleteFunc(u.Imports, func(name string, _ Import) bool { return declared[name] && !own[name] })
	if c.AutoImport && !u.Whole {
		c.autoImport(u)
	}
	return missing
}

// importPackage imports what a cell calls path: a compiled package, or a folder, which
// goes by another path inside.
func (c *Compiler) importPackage(path string) (pkg *types.Package, spec Import, err error) {
	if pkg, err = c.Packages.Import(path); err == nil {
		return pkg, Import{Path: path}, nil
	}
	if dir, ok := folderOf(path); ok {
		f, err := c.importFolder(dir)
		if err != nil {
			return nil, Import{}, err
		}
		return f.pkg, Import{Path: f.path, dir: dir}, nil
	}
	return nil, Import{}, errors.New(c.Missing(path, err))
}

// refreshFolders looks whether the folders that earlier cells have imported and this
// one mentions have changed.
func (c *Compiler) refreshFolders(u *Unit) (failed []Fault) {
	fresh := func(spec Import, at token.Pos) Import {
		f, err := c.importFolder(spec.dir)
		if err != nil {
			failed = append(failed, Fault{source.PlaceOf(u.Cell, c.Fset.Position(at)), err.Error()})
			return spec
		}
		spec.Path = f.path
		return spec
	}
	for i, spec := range u.dots {
		if spec.dir != "" {
			u.dots[i] = fresh(spec, u.Main.Pos())
		}
	}
	for name, spec := range u.Imports {
		if spec.dir == "" {
			continue
		}
		for _, f := range []*ast.File{u.Decls, u.Main} {
			if i := slices.IndexFunc(f.Unresolved, func(id *ast.Ident) bool { return id.Name == name }); i >= 0 {
				u.Imports[name] = fresh(spec, f.Unresolved[i].Pos())
				break
			}
		}
	}
	return failed
}

// pathOf returns the path of an import declaration.
func pathOf(is *ast.ImportSpec) string {
	path, err := strconv.Unquote(is.Path.Value)
	if err != nil {
		return is.Path.Value
	}
	return path
}

// Interpreted returns the package of a folder that is loaded, or of Options.Sources.
func (c *Compiler) Interpreted(path string) (*types.Package, error) {
	f := c.folders.byPath[path]
	if f == nil && sources[path] != nil {
		var err error
		if f, err = c.importFolder(path); err != nil {
			return nil, err
		}
	}
	if f == nil {
		return nil, nil
	}
	return f.pkg, nil
}
