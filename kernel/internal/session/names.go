package session

import (
	"go/constant"
	"go/types"
	"maps"
	"slices"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/help"
)

// A Name is a name that the user declared.
type Name struct {
	Name string
	Kind Kind
	Type string // as Go writes it, for a variable, constant or function; what is behind it, for a type
	Cell int    // the cell that declared it
}

// Names returns what the user has declared, sorted by name.
func (s *Session) Names() []Name {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []Name
	for _, name := range slices.Sorted(maps.Keys(s.compiler.Scope)) {
		obj := s.compiler.Scope[name]
		u := s.records[obj.Pkg()]
		if u == nil {
			continue // predeclared
		}
		n := Name{Name: name, Kind: help.KindOf(obj), Cell: u.cell}
		t := obj.Type()
		if n.Kind == KindType {
			t = t.Underlying()
		}
		n.Type = help.TypeText(t)
		names = append(names, n)
	}
	return names
}

// Value returns the value of a variable or constant that the user declared.
func (s *Session) Value(name string) (any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch obj := s.compiler.Scope[name].(type) {
	case *types.Var:
		if ptr, ok := s.machine.Variable(obj.Name()); ok {
			return ptr.Elem().Interface(), true
		}
	case *types.Const:
		return constant.Val(obj.Val()), true
	}
	return nil, false
}

// preludeCell is a cell that is run before those of the user: what it declares stays.
const preludeCell = 0

func (s *Session) current() base {
	return base{maps.Clone(s.compiler.Scope), maps.Clone(s.compiler.Imports), slices.Clone(s.compiler.Dots)}
}

// Reset forgets what the user has declared and imported, and the values of cells.
func (s *Session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetOutputs()
	s.compiler.Scope, s.compiler.Imports, s.compiler.Dots = maps.Clone(s.base.scope), maps.Clone(s.base.imports), slices.Clone(s.base.dots)
	s.compiler.Methods, s.failed = compile.Methods{}, map[string]int{}
	s.sweep(nil)
}
