package session

import (
	"go/types"

	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
)

// commit makes what the cell declares visible to later cells.
func (s *Session) commit(p *program) {
	u := p.unit
	var variables []string
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
			variables = append(variables, compiled)
		}
	}
	for name := range u.imports {
		if _, ok := s.scope[name]; ok && u.scope[name] == nil && u.names[name] == "" {
			delete(s.scope, name)
		}
	}
	s.sources.Store(u.cell, u.raw)
	s.machine.Keep(p.Program, variables)
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
	if used, total := machine.MethodStubs(); used+need > total {
		return newError(Limit, "the session has no room for more types with methods (%d of %d method stubs are used, one more at each declaration): restart the kernel", used, total)
	}
	return nil
}

// discard takes back what the build of a cell has left that is not kept.
func (s *Session) discard(u *unit) {
	s.machine.Discard(u.pkg)
	s.forgetFiles(u)
}

// A program is a compiled cell, ready to run.
type program struct {
	*machine.Program
	unit     *unit
	result   types.Type // of the last expression, nil if there is none
	commands []source.Command
	notes    []string // what the user should know of it
}

// build compiles a checked cell.
func (s *Session) build(u *unit) (*program, *Error) {
	p := &program{unit: u, commands: u.commands}
	if u.last != nil {
		p.result = u.info.TypeOf(u.last)
	}
	var err error
	if p.Program, err = s.machine.Build(u.pkg, u.info, u.decls, u.main); err != nil {
		s.forgetFiles(u)
		return nil, newError(Internal, "%v", err)
	}
	return p, nil
}
