package machine

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/streams"
)

// Options say what a machine calls. The functions may be called from any goroutine.
type Options struct {
	// Output, Input and Packages are those of a session.
	Output   func(cell int, s streams.Stream, p []byte)
	Input    func(cell int, prompt string, password bool) (string, error)
	Packages []map[string]map[string]reflect.Value

	// Interpreted returns a package that runs interpreted, or nil if path is no such one.
	Interpreted func(path string) (*types.Package, error)
	// Hooks are what the functions that rewritten cells call do, by name.
	Hooks map[string]any
	// Failed makes an error of what a cell has panicked with; nil is none. It is called
	// where the panic was.
	Failed func(cell int, e any) error
	// Async receives the panic of a goroutine that a cell has started.
	Async func(cell int, e any)
}

// A Machine runs checked cells. It is one interpreter as far as cells can tell; inside
// it has one for each of them.
type Machine struct {
	Options Options
	Fset    *token.FileSet
	Context context.Context // the cells' context.Background()

	ixgo     *ixgo.Context
	compiled types.Importer
	loader   *loader
	builder  *ixgo.SSABuilder
	editor   *editor
	numeric  *numeric
	out      *streams.Output
	stdio    *stdio
	lastCell atomic.Int64
	interps  interps

	functions map[*types.Package][]*ssa.Function // of cells, to be forgotten with them
}

// New returns a machine that has run nothing.
func New(settings Options) (*Machine, error) {
	for _, table := range settings.Packages {
		register(table)
	}
	registerHooks(settings.Hooks)
	registerGenerics()
	m := &Machine{Options: settings, out: streams.NewOutput(settings.Output), functions: map[*types.Package][]*ssa.Function{}}
	m.Context = following{m}
	// Each cell is an interpreter of its own; without this mode a new one would
	// take the methods away from the types of all others.
	m.ixgo = ixgo.NewContext(ixgo.SupportMultipleInterp | ixgo.DisableCustomBuiltin)
	m.ixgo.RunContext = context.Background()
	m.Fset = m.ixgo.FileSet
	base := m.ixgo.Loader
	m.builder = ixgo.NewSSABuilder(m.ixgo)
	prog := m.builder.Program()
	m.loader = newLoader(prog, base)
	m.ixgo.Loader = m.loader
	m.compiled = ixgo.NewImporter(m.ixgo)
	m.ixgo.Importer = m
	if err := checkUnexported(m.ixgo, prog); err != nil {
		return nil, err
	}
	m.loader.rctx = newTypeContext()
	m.loader.record = ixgo.NewTypesRecord(m.ixgo, m.loader.rctx, prog, base, m.loader, map[*types.Named]int{})
	m.loader.record.ToType(errorType)

	var err error
	if m.stdio, err = newStdio(m); err != nil {
		return nil, err
	}
	if _, err := m.Import("os"); err != nil {
		return nil, fmt.Errorf("session: the standard library: %w", err)
	}
	pkg, _ := base.Installed("os")
	m.loader.library["os"] = m.stdio.install(m.ixgo, pkg)
	m.installControl(m.ixgo)
	for name, fn := range settings.Hooks {
		m.ixgo.RegisterExternal(source.HooksPath+"."+name, fn)
	}
	(&flags{m: m, by: map[string]int64{}}).install(m.ixgo)
	m.numeric = newNumeric(m)
	m.editor = &editor{
		prog: prog, natives: newNatives(m, prog), isCell: m.loader.isCellType,
		done: map[*ssa.Function]bool{}, thunks: map[*ssa.Function]*ssa.Function{}, replaced: map[*ssa.Function]int64{}, selected: map[token.Pos]int{},
	}
	return m, nil
}

// Close ends what the machine holds open. Goroutines that cells have started go on.
func (m *Machine) Close() {
	m.out.Flush()
	m.stdio.close()
}

// Flush hands over what cells have printed so far.
func (m *Machine) Flush() { m.out.Flush() }

// Print prints a text as if a cell had.
func (m *Machine) Print(cell int, s streams.Stream, text string) { m.out.Write(cell, s, []byte(text)) }

// Import imports what this program has in it, or is there as source, and nothing else:
// ixgo's own importer would go on to look for source on disk, with the help of the go
// command.
func (m *Machine) Import(path string) (*types.Package, error) {
	if m.Options.Interpreted != nil {
		if pkg, err := m.Options.Interpreted(path); pkg != nil || err != nil {
			return pkg, err
		}
	}
	if _, ok := ixgo.LookupPackage(path); (!ok || implied[path]) && path != "unsafe" {
		return nil, fmt.Errorf("the package %q is not compiled in", path)
	}
	// ixgo's importer does the same, but does not say why it cannot.
	if _, err := m.loader.Import(path); err != nil {
		return nil, err
	}
	return m.compiled.Import(path)
}

// Compiled returns the paths of the packages that are compiled into this program and that
// a cell can import.
func (m *Machine) Compiled() []string {
	return slices.DeleteFunc(ixgo.PackageList(), func(p string) bool {
		return p == source.HooksPath || strings.HasPrefix(p, "github.com/goplus/") || strings.Contains(p, "internal") ||
			strings.Contains(p, "qiniu") || implied[p] || strings.HasSuffix(p, "@patch")
	})
}

var hooksOnce sync.Once

// registerHooks makes known to the type checker the functions that rewritten cells call.
// What they do is registered with the context of each machine.
func registerHooks(hooks map[string]any) {
	hooksOnce.Do(func() {
		p := &ixgo.Package{Name: "hooks", Path: source.HooksPath, Funcs: map[string]reflect.Value{}}
		for name, fn := range hooks {
			p.Funcs[name] = reflect.MakeFunc(reflect.TypeOf(fn), func([]reflect.Value) []reflect.Value { return nil })
		}
		ixgo.RegisterPackage(p)
	})
}

// Predeclare declares a variable at ptr as if a cell had, and returns it.
func (m *Machine) Predeclare(name string, t types.Type, ptr reflect.Value) *types.Var {
	pkg := types.NewPackage(source.MainPath, "main")
	compiled := source.Mangle(name, 0)
	v := types.NewVar(token.NoPos, pkg, compiled, t)
	pkg.Scope().Insert(v)
	pkg.MarkComplete()
	prog := m.builder.Program()
	prog.CreatePackage(pkg, nil, nil, false).Build()
	m.loader.cells[pkg] = true
	m.loader.vars.Vars[compiled] = ptr
	return v
}

// PredeclareContext declares the variable ctx.
func (m *Machine) PredeclareContext() (*types.Var, error) {
	pkg, err := m.Import("context")
	if err != nil {
		return nil, fmt.Errorf("session: the standard library: %w", err)
	}
	m.builder.BuildPackages([]*types.Package{pkg})
	return m.Predeclare("ctx", pkg.Scope().Lookup("Context").Type(), reflect.ValueOf(&m.Context)), nil
}

// Variable returns the address of a variable of a cell by its compiled name.
func (m *Machine) Variable(compiled string) (ptr reflect.Value, ok bool) {
	ptr, ok = m.loader.vars.Vars[compiled]
	return ptr, ok
}

// TypeOf returns the type that values of type t have.
func (m *Machine) TypeOf(t types.Type) reflect.Type { return m.loader.reflectType(t) }

// IsCellType says whether t is a type that a cell declared at top level.
func (m *Machine) IsCellType(t types.Type) bool { return m.loader.isCellType(t) }

// Claim says that pkg is the package of a cell, which is never going to be built.
func (m *Machine) Claim(pkg *types.Package) { m.loader.cells[pkg] = true }

// Forget drops the package of a cell that nothing refers to any more, and its variables
// by their compiled names.
func (m *Machine) Forget(pkg *types.Package, variables ...string) {
	delete(m.loader.cells, pkg)
	forgetPackage(m.builder.Program(), pkg)
	for _, compiled := range variables {
		delete(m.loader.vars.Vars, compiled)
	}
	for _, f := range m.functions[pkg] {
		m.editor.forget(f)
	}
	delete(m.functions, pkg)
}

// Sweep empties the caches that hold every type there ever was.
func (m *Machine) Sweep() { forgetCaches(m.builder.Program()) }

// Unboxed returns how many functions of cells have been made to run unboxed, and how many
// of them are kept.
func (m *Machine) Unboxed() (made, kept int) { return m.numeric.count() }

// MethodStubs says how many methods of cells' types the process has room for.
// ixgo ends the process when they run out.
func MethodStubs() (used, total int) {
	total, used, _ = ixgo.IcallStat()
	return used, total
}

// NewPackage returns a package that is to run interpreted, for the type checker to fill.
func (m *Machine) NewPackage(path, name string) (*types.Package, error) {
	if err := m.ixgo.AddImportFile(path, name+".go", "package "+name); err != nil {
		return nil, err
	}
	return m.ixgo.SourcePackage(path).Package, nil
}

// Checked takes the files of a package that NewPackage has made, in a folder, once they are
// checked.
func (m *Machine) Checked(path string, info *types.Info, files []*ast.File, dir string) {
	src := m.ixgo.SourcePackage(path)
	src.Files, src.Dir = files, dir
	m.editor.constants(info, files...)
	src.Info = info
}
