package session

import (
	"gonmf/kernel/internal/session/source"
)

// What is asked while a cell is written. A cell may be running, but none is compiled.

// Complete returns what may stand at a byte position of a cell that is being
// written: names in scope, members of packages and values, fields of a struct
// literal, packages that could be imported, and in a string the names of files.
func (s *Session) Complete(src string, pos int) Completion {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guide.Complete(src, pos)
}

// Inspect describes the name at a byte position of a cell that is being written,
// or the function whose arguments are being written there.
func (s *Session) Inspect(src string, pos int) (Help, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.guide.Inspect(src, pos)
}

// IsComplete says whether a cell is "complete", "incomplete" or "invalid", and for
// an incomplete one how the next line should be indented.
func (s *Session) IsComplete(src string) (status, indent string) { return source.Status(src) }
