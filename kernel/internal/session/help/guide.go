package help

import (
	"go/types"

	"gonmf/kernel/internal/session/compile"
)

// A Guide answers what somebody asks who writes a cell, with what it can see of the session.
// No cell may be compiled meanwhile.
type Guide struct {
	Compiler *compile.Compiler

	Text   func(cell int) string                      // of a cell that was run
	CellOf func(obj types.Object) (cell int, ok bool) // the cell that declared obj
}
