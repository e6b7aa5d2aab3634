package explain

import (
	"go/types"

	"gonmf/kernel/internal/session/compile"
)

// An Explainer puts into words what is wrong with a cell, with what it can see of the session.
type Explainer struct {
	Compiler *compile.Compiler

	Text       func(cell int) string                      // of a cell that was run
	Failed     func(name string) (cell int, ok bool)      // the cell that would have declared a name, had it compiled
	CellOf     func(obj types.Object) (cell int, ok bool) // the cell that declared obj
	IsCellType func(t types.Type) bool                    // declared by a cell at top level
}
