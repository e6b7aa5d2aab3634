package machine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"slices"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/linked"
	"gonmf/kernel/internal/session/source"
)

// A Program is a compiled cell, ready to run.
type Program struct {
	pkg     *ssa.Package
	in      *ixgo.Interp
	sources []*ssa.Package // interpreted library packages that this cell is the first to need
}

// Build compiles a checked cell: SSA, the edits that a session needs, and ixgo's
// closures. What fails here is not the user's fault.
func (m *Machine) Build(checked *types.Package, info *types.Info, files ...*ast.File) (p *Program, err error) {
	prog := m.builder.Program()
	p = &Program{}
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("the interpreter cannot compile this cell: %v", e)
		}
		if err != nil {
			m.Discard(checked)
		}
	}()
	forgetInterfaceTypes(prog)
	m.loader.cells[checked] = true
	m.editor.constants(info, files...)
	src := &ixgo.SourcePackage{Context: m.ixgo, Package: checked, Files: files, Info: info}
	pkg, e := m.builder.BuildMain(src)
	if e != nil {
		return nil, fmt.Errorf("the interpreter cannot compile this cell: %v", e)
	}
	p.pkg = pkg
	m.editor.edit(pkg)
	for _, q := range prog.AllPackages() {
		if q != pkg && q.Func("init").Blocks != nil && !m.loader.cells[q.Pkg] {
			m.loader.cells[q.Pkg] = true
			p.sources = append(p.sources, q)
			m.editor.edit(q)
		}
	}
	initialize(pkg, p.sources)
	if p.in, e = m.newInterp(pkg); e != nil {
		return nil, fmt.Errorf("the interpreter cannot compile this cell: %v", e)
	}
	m.loader.bind(p.in, prog)
	return p, nil
}

// Discard takes back what the build of a package has left that is not kept.
func (m *Machine) Discard(checked *types.Package) {
	for _, f := range m.editor.batch {
		if declaredIn(f) == checked {
			m.editor.forget(f)
		}
	}
	m.editor.batch = nil
	m.Forget(checked)
}

// Keep makes what a program declares known to later ones: its variables, by their compiled
// names, and the library packages that it is the first to need. From then on it can be run.
func (m *Machine) Keep(p *Program, variables []string) {
	for _, q := range p.sources {
		m.loader.keep(p.in, q)
	}
	for _, compiled := range variables {
		if ptr, ok := p.in.GetVarAddr(compiled); ok {
			m.loader.vars.Vars[compiled] = reflect.ValueOf(ptr)
		}
	}
	m.numeric.prepare(m.editor.batch, m.editor.replaced)
	for _, f := range m.editor.batch {
		if pkg := declaredIn(f); pkg != nil && pkg.Path() == source.MainPath && m.loader.cells[pkg] {
			m.functions[pkg] = append(m.functions[pkg], f)
		}
	}
	m.editor.batch = nil
	p.seal()
}

// IsFirst says whether the program is the first to need some library package, whose
// functions are compiled with it.
func (p *Program) IsFirst() bool { return len(p.sources) > 0 }

// WhenGone calls f when no closure that the program has made is left.
func (p *Program) WhenGone(f func()) { runtime.AddCleanup(p.in, func(f func()) { f() }, f) }

// initialize lets pkg initialize the interpreted packages that are new. It does so
// itself for those that it imports; a compiled package may refer to others, as net/http
// to log, and a later cell that imports one of those takes it as it is.
func initialize(pkg *ssa.Package, sources []*ssa.Package) {
	for _, b := range pkg.Func("init").Blocks {
		if b.Comment != "init.start" {
			continue
		}
		for _, q := range sources {
			c := &ssa.Call{Call: ssa.CallCommon{Value: q.Func("init")}}
			setRegister(c, b, types.NewTuple(), token.NoPos)
			b.Instrs = slices.Insert(b.Instrs, 0, ssa.Instruction(c))
		}
	}
}

// seal is called when p's interpreter has been made, before p runs, since another cell may
// be compiled meanwhile. Later interpreters must take its packages as they are, which an
// initializer with a body would keep them from; the statements are not needed any more, and
// would keep alive whatever they mention.
func (p *Program) seal() {
	for _, q := range p.sources {
		sealFolder(q)
	}
	p.pkg.Func("init").Blocks = nil
	if statements := p.pkg.Func(source.Entry); statements != nil { // of a cell, not of a program alone
		statements.Blocks, statements.Recover, statements.Locals = nil, nil, nil
	}
}

// keep registers the variables of an interpreted library package, so that later
// interpreters share them.
func (l *loader) keep(in *ixgo.Interp, q *ssa.Package) {
	path := q.Pkg.Path()
	p := &ixgo.Package{Name: q.Pkg.Name(), Path: path}
	if old, ok := l.Installed(path); ok {
		c := *old
		p = &c
	}
	vars := map[string]reflect.Value{}
	for name, v := range p.Vars {
		vars[name] = v
	}
	globals := globalsOf(in)
	for name, m := range q.Members {
		if g, ok := m.(*ssa.Global); ok {
			if v, ok := globals[g.String()]; ok {
				vars[name] = reflect.ValueOf(v)
			}
		}
	}
	p.Vars = vars
	l.library[path] = p
}

// declaredIn returns the package with the source of f. For an instance of a generic
// function that is where the function was declared: so long may it be called.
func declaredIn(f *ssa.Function) *types.Package {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if f.Pkg == nil {
		return nil
	}
	return f.Pkg.Pkg
}

// sealFolder is called when the package of a folder has been initialized. The methods of
// a generic type are only compiled in the cell that instantiates it, and there only for
// a package that has an initializer: one with such types gets one that does nothing.
func sealFolder(p *ssa.Package) {
	init := p.Func("init")
	init.Blocks, init.Recover, init.Locals = nil, nil, nil
	for _, m := range p.Members {
		t, ok := m.(*ssa.Type)
		if !ok {
			continue
		}
		if n, ok := t.Type().(*types.Named); ok && n.TypeParams().Len() > 0 && n.NumMethods() > 0 {
			b := &ssa.BasicBlock{Comment: "entry", Instrs: []ssa.Instruction{new(ssa.Return)}}
			init.Blocks, init.Recover = []*ssa.BasicBlock{b}, b
			return
		}
	}
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

// Import imports what this program has in it, or is there as source, and nothing else:
// ixgo's own importer would go on to look for source on disk, with the help of the go
// command.
func (m *Machine) Import(path string) (*types.Package, error) {
	if m.Options.Interpreted != nil {
		if pkg, err := m.Options.Interpreted(path); pkg != nil || err != nil {
			return pkg, err
		}
	}
	if !linked.Has(path) && path != "unsafe" {
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
func (m *Machine) Compiled() []string { return linked.Paths() }
