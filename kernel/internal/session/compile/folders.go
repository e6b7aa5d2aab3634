package compile

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// IsFolder says whether a package is one in a folder, and what that is called in messages.
func (c *Compiler) IsFolder(path string) (name string, ok bool) {
	f := c.folders.byPath[path]
	if f == nil {
		return "", false
	}
	return folderName(f.dir), true
}

// IsFile says whether a name that a position has is that of a file in a folder.
func (c *Compiler) IsFile(shown string) bool { return c.folders.has(shown) }

// folderOf returns the directory that an import path means: relative to the current
// one, below it, or in the module that it is part of.
func folderOf(path string) (dir string, ok bool) {
	here, err := os.Getwd()
	if err != nil || path == "" || filepath.IsAbs(path) {
		return "", false
	}
	dir = filepath.Join(here, filepath.FromSlash(path))
	if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") || len(goFiles(dir)) > 0 {
		return dir, true
	}
	for top := here; ; top = filepath.Dir(top) {
		if text, err := os.ReadFile(filepath.Join(top, "go.mod")); err == nil {
			module := modulePath(string(text))
			rest, inside := strings.CutPrefix(path, module)
			if module == "" || !inside || rest != "" && rest[0] != '/' {
				return "", false
			}
			dir = filepath.Join(top, filepath.FromSlash(rest))
			return dir, len(goFiles(dir)) > 0
		}
		if top == filepath.Dir(top) {
			return "", false
		}
	}
}

// modulePath finds the module statement of a go.mod.
func modulePath(text string) string {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			return strings.Trim(f[1], `"`)
		}
	}
	return ""
}

// unchanged says whether a folder is as it was loaded.
func (f *folder) unchanged() bool {
	return stampOf(f.dir, goFiles(f.dir)) == f.stamp && !slices.ContainsFunc(f.deps, func(d *folder) bool { return !d.unchanged() })
}

// importFolder returns the package in a directory, loaded anew if it has changed.
func (c *Compiler) importFolder(dir string) (*folder, error) {
	fs := &c.folders
	if f := fs.byDir[dir]; f != nil && f.unchanged() {
		return f, nil
	}
	if slices.Contains(fs.active, dir) {
		return nil, fmt.Errorf("%s imports itself", folderName(dir))
	}
	fs.active = append(fs.active, dir)
	defer func() { fs.active = fs.active[:len(fs.active)-1] }()
	f, err := c.loadFolder(dir)
	if err != nil {
		return nil, err
	}
	fs.byDir[dir], fs.byPath[f.path] = f, f
	return f, nil
}

// loadFolder compiles the package in a directory.
func (c *Compiler) loadFolder(dir string) (*folder, error) {
	names := goFiles(dir)
	if len(names) == 0 {
		return nil, fmt.Errorf("there are no .go files in %s", dir)
	}
	f := &folder{dir: dir, stamp: stampOf(dir, names)}
	var files []*ast.File
	for _, name := range names {
		text, err := readFile(dir, name)
		if err != nil {
			return nil, err
		}
		shown := folderName(dir) + "/" + name
		c.folders.files.Store(shown, [2]string{dir, name})
		file, err := parser.ParseFile(c.Fset, shown, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, c.folderError(dir, err)
		}
		if len(files) > 0 && file.Name.Name != files[0].Name.Name {
			return nil, fmt.Errorf("%s has files of two packages, %s and %s", folderName(dir), files[0].Name.Name, file.Name.Name)
		}
		files = append(files, file)
	}
	name := files[0].Name.Name
	if name == "main" {
		return nil, fmt.Errorf("%s is a program, which cannot be imported: run it with %%run", folderName(dir))
	}
	if f.path = dir; onDisk(dir) {
		c.serial++
		f.path = fmt.Sprintf("folder·%d/%s", c.serial, name) // its last element shows in the names of types
	}
	made, err := c.Packages.NewPackage(f.path, name)
	if err != nil {
		return nil, err
	}
	if mention := mentionTypes(files); mention != "" {
		file, err := parser.ParseFile(c.Fset, "", mention, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	info := newInfo()
	var errs []error
	conf := &types.Config{
		Sizes: sizes, Importer: folderImporter{c, f},
		Error: func(err error) { errs = append(errs, err) },
	}
	types.NewChecker(conf, c.Fset, made, info).Files(files)
	if len(errs) > 0 {
		return nil, c.folderError(dir, errs...)
	}
	c.Packages.Checked(f.path, info, files, dir)
	f.pkg = made
	return f, nil
}

// mentionTypes returns a file that turns a value of each type of a package into an
// interface. ixgo compiles the methods of a type where that happens, and can do so only
// in the cell that is the first to import the package.
func mentionTypes(files []*ast.File) string {
	var list []string
	for _, file := range files {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, sp := range g.Specs {
				ts, ok := sp.(*ast.TypeSpec)
				if !ok || ts.TypeParams != nil || ts.Assign.IsValid() || ts.Name.Name == "_" {
					continue
				}
				if _, isStruct := ts.Type.(*ast.StructType); isStruct || len(methodsIn(files, ts.Name.Name)) > 0 {
					list = append(list, fmt.Sprintf("interface{}((*%s)(nil)), interface{}(func() (x %[1]s) { return }())", ts.Name.Name))
				}
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "package " + files[0].Name.Name + "\nvar _ = []interface{}{" + strings.Join(list, ", ") + "}\n"
}

// methodsIn returns the methods of a type.
func methodsIn(files []*ast.File, base string) (names []string) {
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && ReceiverBase(f) == base {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// folderName is what a directory is called in messages.
func folderName(dir string) string {
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, dir); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(dir)
}

// folderImporter imports for a folder.
type folderImporter struct {
	c *Compiler
	f *folder
}

func (i folderImporter) Import(path string) (*types.Package, error) {
	pkg, err := i.c.Packages.Import(path)
	if err == nil {
		return pkg, nil
	}
	dir, ok := folderOf(path)
	if strings.HasPrefix(path, ".") { // relative to the folder, not to the notebook
		dir, ok = filepath.Join(i.f.dir, filepath.FromSlash(path)), true
	}
	if !ok {
		return nil, errors.New(i.c.Missing(path, err))
	}
	dep, err := i.c.importFolder(dir)
	if err != nil {
		return nil, err
	}
	i.f.deps = append(i.f.deps, dep)
	return dep.pkg, nil
}

// folderError says what is wrong with the files of a folder, each time with the line.
func (c *Compiler) folderError(dir string, errs ...error) error {
	var list []string
	add := func(pos token.Position, msg string) {
		p := source.Place{File: pos.Filename, Line: pos.Line, Col: pos.Column}
		list = append(list, p.String()+": "+source.Demangle(msg))
		for _, line := range p.Excerpt(c.FolderText(p.File)) {
			list = append(list, "    "+line)
		}
	}
	for _, err := range errs {
		switch e := err.(type) {
		case scanner.ErrorList:
			for _, e := range e {
				add(e.Pos, e.Msg)
			}
		case types.Error:
			if !strings.HasPrefix(e.Msg, "\t") { // more about the one before
				add(c.Fset.Position(e.Pos), e.Msg)
			}
		default:
			list = append(list, err.Error())
		}
	}
	const most = 30
	if len(list) > most {
		list = append(list[:most], "...")
	}
	return fmt.Errorf("the package in %s does not compile:\n    %s", folderName(dir), strings.Join(list, "\n    "))
}
