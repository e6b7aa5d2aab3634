package session

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/source"
)

// A program is a compiled cell, ready to run.
type program struct {
	unit   *unit
	result types.Type // of the last expression, nil if there is none
	pkg    *ssa.Package
	in     *ixgo.Interp

	commands []source.Command
	notes    []string       // what the user should know of it
	sources  []*ssa.Package // interpreted library packages that this cell is the first to need
}

// build compiles a checked cell: SSA, the edits that a session needs, and ixgo's
// closures. What fails here is not the user's fault.
func (s *Session) build(u *unit) (p *program, err *Error) {
	prog := s.builder.Program()
	p = &program{unit: u, commands: u.commands}
	if u.last != nil {
		p.result = u.info.TypeOf(u.last)
	}
	defer func() {
		if e := recover(); e != nil {
			err = newError(Internal, "the interpreter cannot compile this cell: %v", e)
		}
		if err != nil {
			s.discard(u)
		}
	}()
	forgetInterfaceTypes(prog)
	s.loader.cells[u.pkg] = true
	s.editor.constants(u.info, u.decls, u.main)
	src := &ixgo.SourcePackage{Context: s.ixgo, Package: u.pkg, Files: nil, Info: u.info}
	src.Files = append(src.Files, u.decls, u.main)
	pkg, e := s.builder.BuildMain(src)
	if e != nil {
		return nil, newError(Internal, "the interpreter cannot compile this cell: %v", e)
	}
	p.pkg = pkg
	s.editor.edit(pkg)
	for _, q := range prog.AllPackages() {
		if q != pkg && q.Func("init").Blocks != nil && !s.loader.cells[q.Pkg] {
			s.loader.cells[q.Pkg] = true
			p.sources = append(p.sources, q)
			s.editor.edit(q)
		}
	}
	initialize(pkg, p.sources)
	if p.in, e = s.newInterp(pkg); e != nil {
		return nil, newError(Internal, "the interpreter cannot compile this cell: %v", e)
	}
	s.loader.bind(p.in, prog)
	return p, nil
}

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

// discard takes back what a failed build has left.
func (s *Session) discard(u *unit) {
	for _, f := range s.editor.batch {
		if declaredIn(f) == u.pkg {
			s.editor.forget(f)
		}
	}
	s.editor.batch = nil
	delete(s.loader.cells, u.pkg)
	forgetPackage(s.builder.Program(), u.pkg)
	s.forgetFiles(u)
}

// commit makes what the cell declares visible to later cells.
func (s *Session) commit(p *program) {
	u := p.unit
	for _, q := range p.sources {
		s.loader.keep(p.in, q)
	}
	s.imports, s.dots = u.imports, u.dots
	for _, name := range u.dotted {
		delete(s.scope, name)
	}
	for name, t := range u.types {
		s.methods[name] = t
	}
	for name, compiled := range u.names {
		obj := u.pkg.Scope().Lookup(compiled)
		if obj == nil || u.whole && types.Universe.Lookup(name) != nil { // a program's own println is not for later cells
			continue
		}
		s.scope[name] = obj
		delete(s.failed, name)
		delete(s.imports, name)
		if _, ok := obj.(*types.Var); ok {
			if ptr, ok := p.in.GetVarAddr(compiled); ok {
				s.loader.vars.Vars[compiled] = reflect.ValueOf(ptr)
			}
		}
	}
	for name := range u.imports {
		if _, ok := s.scope[name]; ok && u.scope[name] == nil && u.names[name] == "" {
			delete(s.scope, name)
		}
	}
	s.sources.Store(u.cell, u.raw)
	s.numeric.prepare(s.editor.batch, s.editor.replaced)
}

// seal is called when p has run. Later interpreters must take its packages as they
// are, which an initializer with a body would keep them from; the statements are
// not needed any more, and would keep alive whatever they mention.
func (p *program) seal() {
	for _, q := range p.sources {
		sealFolder(q)
	}
	p.pkg.Func("init").Blocks = nil
	statements := p.pkg.Func(entry)
	statements.Blocks, statements.Recover, statements.Locals = nil, nil, nil
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

// methodStubs says how many methods of cells' types the process has room for.
// ixgo ends the process when they run out.
func methodStubs() (used, total int) {
	total, used, _ = ixgo.IcallStat()
	return used, total
}

// roomForMethods refuses a cell that might need more method stubs than are left.
func (s *Session) roomForMethods(u *unit) *Error {
	const reserve = 64 // embedded and generic types have methods that no cell spells out
	need := reserve
	for _, t := range u.types {
		need += 2 * len(t.methods)
	}
	if len(u.types) == 0 {
		return nil
	}
	if used, total := methodStubs(); used+need > total {
		return newError(Limit, "the session has no room for more types with methods (%d of %d method stubs are used, one more at each declaration): restart the kernel", used, total)
	}
	return nil
}
