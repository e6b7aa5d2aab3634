package session

import (
	"context"
	"fmt"
	"go/parser"
	"go/types"
	"maps"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
)

// Eval runs one cell. cell is the number that errors and output call it by.
// Cancelling ctx is the stop button: Eval then returns within 0.2 s an error of
// the name Interrupted. It takes longer, up to 1.2 s, only while compiled code computes
// for a cell that has looked at its ctx: a fit whose iterations take longer than 0.1 s
// ends with the one that it is in, and the cell has its model.
//
// The error is an [*Error]. A Result may come with one: what the cell had already
// computed.
//
// The commands are in the order in which they stand in src.
func (s *Session) Eval(ctx context.Context, cell int, src string, commands ...source.Command) (Result, error) {
	res, typ, err := s.eval(ctx, cell, src, commands)
	if err == nil && res.Has {
		s.keepOutput(cell, typ, res.Values)
	}
	if err != nil { // not a nil *Error in an error
		return res, err
	}
	return res, nil
}

// eval also returns the type of the result.
func (s *Session) eval(ctx context.Context, cell int, src string, commands []source.Command) (Result, types.Type, *Error) {
	s.cells.RLock()
	defer s.cells.RUnlock()
	if ctx.Err() != nil {
		return Result{}, nil, interruptedError(cell, context.Cause(ctx), "")
	}
	p, err := s.prepare(cell, src, commands)
	if err != nil {
		return Result{}, nil, err
	}
	res, err := s.execute(ctx, p)
	return res, p.result, err
}

// prepare compiles a cell and declares what it declares.
func (s *Session) prepare(cell int, src string, commands []source.Command) (*program, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.compile(cell, src, commands)
	if err != nil {
		return nil, err
	}
	if err := s.roomForMethods(u); err != nil {
		return nil, err
	}
	p, err := s.build(u)
	if err != nil {
		return nil, err
	}
	before := maps.Clone(s.compiler.Scope)
	s.commit(u, p)
	if cell == preludeCell {
		s.base = s.current()
	}
	r := s.remember(u, p)
	p.notes = s.outdated(r, before)
	for _, remark := range explain.Remarks(u) {
		p.notes = append(p.notes, "\x1b[90m"+remark+"\x1b[0m\n")
	}
	if len(u.Added) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("\x1b[90mimported %s (%%autoimport off leaves that to you)\x1b[0m\n", strings.Join(u.Added, ", ")))
	}
	for name := range u.Names {
		if v, ok := before[name].(*types.Var); ok && v.Pkg() != u.Pkg {
			s.release(r)
			break
		}
	}
	return p, nil
}

// SetAutoImport says whether a package that a cell uses without an import is imported, if
// only one of its name can be, and returns what held before.
func (s *Session) SetAutoImport(on bool) (before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.compiler.AutoImport = s.compiler.AutoImport, on
	return before
}

// Expression evaluates an expression as if it stood in the latest cell, for the
// user_expressions of a request.
func (s *Session) Expression(ctx context.Context, expr string) (Result, error) {
	cell := s.machine.LastCell()
	if _, err := parser.ParseExpr(expr); err != nil {
		return Result{}, explain.Errorf(CompileError, "%q is not an expression: %v", expr, err)
	}
	src := s.source(cell)
	res, _, err := s.eval(ctx, cell, expr, nil)
	s.sources.Store(cell, src)
	if err != nil {
		return res, err
	}
	return res, nil
}

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

// discard takes back what the build of a cell has left that is not kept.
func (s *Session) discard(u *compile.Unit) {
	s.machine.Discard(u.Pkg)
	s.compiler.ForgetFiles(u)
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
