package session

import (
	"go/types"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
)

// compile makes a checked package of a cell.
func (s *Session) compile(cell int, src string, commands []source.Command) (*compile.Unit, *Error) {
	u, failed := s.compiler.Compile(cell, src, commands)
	if failed == nil {
		return u, nil
	}
	err := s.explainer.Explain(failed)
	if failed.Types != nil {
		for name := range failed.Unit.Names {
			s.failed[name] = cell
		}
	}
	s.compiler.KeepImports(failed.Unit)
	s.compiler.ForgetFiles(failed.Unit)
	return nil, err
}

// commit makes what the cell declares visible to later cells.
func (s *Session) commit(u *compile.Unit, p *program) {
	var variables []string
	for name, obj := range s.compiler.Declare(u) {
		delete(s.failed, name)
		if _, ok := obj.(*types.Var); ok {
			variables = append(variables, obj.Name())
		}
	}
	s.sources.Store(u.Cell, u.Raw)
	s.machine.Keep(p.Program, variables)
}

// roomForMethods refuses a cell that might need more method stubs than are left.
func (s *Session) roomForMethods(u *compile.Unit) *Error {
	const reserve = 64 // embedded and generic types have methods that no cell spells out
	need := reserve
	for _, t := range u.Types {
		need += 2 * len(t.Methods)
	}
	if len(u.Types) == 0 {
		return nil
	}
	if used, total := machine.MethodStubs(); used+need > total {
		return explain.Errorf(Limit, "the session has no room for more types with methods (%d of %d method stubs are used, one more at each declaration): restart the kernel", used, total)
	}
	return nil
}

// discard takes back what the build of a cell has left that is not kept.
func (s *Session) discard(u *compile.Unit) {
	s.machine.Discard(u.Pkg)
	s.compiler.ForgetFiles(u)
}

// A program is a compiled cell, ready to run.
type program struct {
	*machine.Program
	cell     int
	result   types.Type // of the last expression, nil if there is none
	commands []source.Command
	notes    []string // what the user should know of it
}

// build compiles a checked cell.
func (s *Session) build(u *compile.Unit) (*program, *Error) {
	p := &program{cell: u.Cell, commands: u.Commands}
	if u.Last != nil {
		p.result = u.Info.TypeOf(u.Last)
	}
	var err error
	if p.Program, err = s.machine.Build(u.Pkg, u.Info, u.Decls, u.Main); err != nil {
		s.compiler.ForgetFiles(u)
		return nil, explain.Errorf(Internal, "%v", err)
	}
	return p, nil
}
