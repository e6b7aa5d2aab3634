package session

import (
	"reflect"

	"gonmf/kernel/internal/session/source"
)

// What is asked while a cell is written. A cell may be running, but none is compiled.

// lockAsked keeps cells from being compiled, and from being run if none is: values can be
// looked at then.
func (s *Session) lockAsked() (unlock func()) {
	idle := s.cells.TryLock()
	s.mu.Lock()
	s.idle = idle
	return func() {
		s.idle = false
		s.mu.Unlock()
		if idle {
			s.cells.Unlock()
		}
	}
}

// idleValue returns the value of a variable of the cells for what is asked, if none is running.
func (s *Session) idleValue(name string) (reflect.Value, bool) {
	if !s.idle {
		return reflect.Value{}, false
	}
	return s.variableLocked(name)
}

// Complete returns what may stand at a byte position of a cell that is being
// written: names in scope, members of packages and values, fields of a struct
// literal, packages that could be imported, and in a string the names of columns or files.
func (s *Session) Complete(src string, pos int) Completion {
	defer s.lockAsked()()
	return s.guide.Complete(src, pos)
}

// Inspect describes the name at a byte position of a cell that is being written,
// or the function whose arguments are being written there.
func (s *Session) Inspect(src string, pos int) (Help, bool) {
	defer s.lockAsked()()
	return s.guide.Inspect(src, pos)
}

// Describe describes a name for a command of the cell that runs, and waits for it.
func (s *Session) Describe(name string) (Help, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = true
	defer func() { s.idle = false }()
	return s.guide.Inspect(name, len(name))
}

// IsComplete says whether a cell is "complete", "incomplete" or "invalid", and for
// an incomplete one how the next line should be indented.
func (s *Session) IsComplete(src string) (status, indent string) { return source.Status(src) }
