package compile

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Options are what a compiler is told by the session that it works for.
type Options struct {
	Fset     *token.FileSet
	Packages Packages

	// Sources are packages that cells may import and that run interpreted: from the import
	// path to the names and the text of the files. They are those of the process.
	Sources map[string]map[string]string

	// Missing says what to do about an import that failed.
	Missing func(path string, err error) string
	// Output declares the value of a cell under its name, if it has one, and returns it.
	Output func(cell int) types.Object
	// Declared says whether a cell has declared obj, which the session may have itself.
	Declared func(obj types.Object) bool
}

// Packages are what has been compiled for cells to import.
type Packages interface {
	// Compiled returns the paths of the packages that a cell can import.
	Compiled() []string
	// Import imports one of them, or one that NewPackage has made.
	Import(path string) (*types.Package, error)
	// NewPackage returns a package that is to run interpreted, for the type checker to fill;
	// Checked takes its files when that is done.
	NewPackage(path, name string) (*types.Package, error)
	Checked(path string, info *types.Info, files []*ast.File, dir string)
}

// A Compiler turns the text of cells into checked packages. It knows what the cells before
// have declared and imported.
type Compiler struct {
	Options

	// What the user has declared, by name as written, and imported.
	Scope   map[string]types.Object
	Imports map[string]Import
	Dots    []Import
	Methods Methods

	// AutoImport says whether a package that a cell uses and has not imported is imported.
	AutoImport bool

	serial  int
	folders folders
}

// New returns a compiler that has seen no cell.
func New(opt Options) *Compiler {
	registerSources(opt.Sources)
	return &Compiler{
		Options: opt, Scope: map[string]types.Object{}, Imports: map[string]Import{}, Methods: Methods{},
		folders: folders{byDir: map[string]*folder{}, byPath: map[string]*folder{}},
	}
}

// Declare makes what a cell declares visible to later cells, and returns it by name as
// written.
func (c *Compiler) Declare(u *Unit) map[string]types.Object {
	declared := map[string]types.Object{}
	c.Imports, c.Dots = u.Imports, u.dots
	for _, name := range u.dotted {
		delete(c.Scope, name)
	}
	maps.Copy(c.Methods, u.Types)
	for name, compiled := range u.Names {
		obj := u.Pkg.Scope().Lookup(compiled)
		if obj == nil || u.Whole && types.Universe.Lookup(name) != nil { // a program's own println is not for later cells
			continue
		}
		c.Scope[name] = obj
		delete(c.Imports, name)
		declared[name] = obj
	}
	for name := range u.Imports {
		if _, ok := c.Scope[name]; ok && u.Scope[name] == nil && u.Names[name] == "" {
			delete(c.Scope, name)
		}
	}
	return declared
}

// Importable returns the packages that a cell can import, by path.
func (c *Compiler) Importable() []string {
	list := c.Packages.Compiled()
	for p := range sources {
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

// PackagesNamed returns the packages that are called name, the shortest path
// first.
func (c *Compiler) PackagesNamed(name string) []string {
	var out []string
	for _, p := range c.Importable() {
		if PackageName(p) == name {
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i]) < len(out[j]) })
	return out
}

// PackageName guesses the name of a package from its path: a last element like v2
// is a version.
func PackageName(p string) string {
	name := path.Base(p)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" && strings.Contains(p, "/") {
		name = path.Base(path.Dir(p))
	}
	return name
}

// A folder is a package of the user's own that cells import as source. It is loaded
// again, as another package under a name of its own, when its files have changed:
// later cells get what it is then, and what earlier cells hold stays as it was.
type folder struct {
	path  string // that the package is compiled under
	dir   string
	stamp string
	pkg   *types.Package
	deps  []*folder
}

// folders are those that were imported, by directory.
type folders struct {
	byDir  map[string]*folder
	byPath map[string]*folder // all that were ever loaded
	files  sync.Map           // of all of them: from the name that positions have to directory and name
	active []string           // the directories that are being loaded
}

// sources are the packages of Options.Sources, which are those of the process as the
// compiled ones are. Each is a folder that is not on disk: its import path stands for
// the directory, which for all others is absolute.
var (
	sourcesMu sync.Mutex
	sources   = map[string]map[string]string{}
)

// registerSources makes packages importable as source, those that are not yet.
func registerSources(packages map[string]map[string]string) {
	sourcesMu.Lock()
	defer sourcesMu.Unlock()
	for path, files := range packages {
		if sources[path] == nil {
			sources[path] = files
		}
	}
}

// has says whether a name that a position has is that of a file in a folder.
func (fs *folders) has(shown string) bool {
	_, ok := fs.files.Load(shown)
	return ok
}
