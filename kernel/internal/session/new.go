package session

import (
	"go/types"
	"reflect"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/help"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/stdlib"
)

// New starts a session.
func New(opt Options) (*Session, error) {
	s := &Session{opt: opt, records: map[*types.Package]*record{}, failed: map[string]int{}}
	var err error
	if s.machine, err = machine.New(machine.Options{
		Output: opt.Output, Input: opt.Input, Packages: []map[string]map[string]reflect.Value{stdlib.Symbols, opt.Packages},
		Interpreted: s.interpreted, Hooks: s.hooks(), Failed: s.panicked, Async: s.async,
	}); err != nil {
		return nil, err
	}
	s.explainer = &explain.Explainer{
		Text:       s.source,
		Failed:     func(name string) (int, bool) { cell, ok := s.failed[name]; return cell, ok },
		CellOf:     s.cellOf,
		IsCellType: s.machine.IsCellType,
	}
	s.compiler = compile.New(compile.Options{
		Fset: s.machine.Fset, Packages: s.machine, Sources: opt.Sources,
		Missing: s.explainer.Missing, Output: s.declareOutput, Declared: s.isDeclared,
	})
	s.explainer.Compiler = s.compiler
	s.guide = &help.Guide{
		Compiler: s.compiler, Text: s.source, CellOf: s.cellOf,
		Value: s.idleValue, FileColumns: opt.FileColumns, Show: opt.Show,
	}
	ctx, err := s.machine.PredeclareContext()
	if err != nil {
		return nil, err
	}
	s.compiler.Scope["ctx"] = ctx
	s.declarePast()
	s.base = s.current()
	return s, nil
}

// interpreted returns a package that is there as source.
func (s *Session) interpreted(path string) (*types.Package, error) {
	if s.compiler == nil { // not yet
		return nil, nil
	}
	return s.compiler.Interpreted(path)
}

// Close ends what the session holds open. Goroutines that cells have started go
// on.
func (s *Session) Close() { s.machine.Close() }

// Flush hands over what cells have printed so far, for what is shown beside the
// output and has to keep its place in it.
func (s *Session) Flush() { s.machine.Flush() }

// TakeProcess gives the session the streams of its process: what compiled code prints on
// os.Stdout and os.Stderr, the usage of package flag for instance, is then output of the
// latest cell. It is for whoever has started a process for the session alone.
func (s *Session) TakeProcess() { s.machine.TakeProcess() }

// Cell returns the cell that the calling goroutine works for.
func (s *Session) Cell() int { return s.machine.Cell() }
