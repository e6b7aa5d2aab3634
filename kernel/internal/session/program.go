package session

import (
	"go/types"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/export"
)

// Program returns a Go program that does what the cells do, run one after the
// other in this session, without running any. Statements stand in main, and so do
// the variables of cells; those that a function or method refers to are package
// variables. A name that is declared again and may not be the same variable is
// called x2, x3 and so on. The value of a cell's last
// expression is handed to show, a function of a package in Options.Packages.
//
// The error is an [*Error]: the first cell that does not compile, or that has no
// meaning in a program.
func (s *Session) Program(pages []Page, path, show string) ([]byte, error) {
	s.cells.Lock()
	defer s.cells.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return export.Program(exporting{s}, pages, path, show)
}

// exporting lets a session compile the cells of a program.
type exporting struct{ s *Session }

func (c exporting) Compile(cell int, code string) (*compile.Unit, error) {
	u, err := c.s.compile(cell, code, nil)
	if err != nil { // not a nil *Error in an error
		return nil, err
	}
	return u, nil
}

func (c exporting) Declare(u *compile.Unit) {
	c.s.machine.Claim(u.Pkg)
	c.s.compiler.Declare(u)
	c.s.sources.Store(u.Cell, u.Src)
}

func (c exporting) Context() types.Object { return c.s.compiler.Scope["ctx"] }

func (c exporting) Import(path string) (*types.Package, error) { return c.s.machine.Import(path) }
