package help

import (
	"go/types"
	"reflect"

	"gonmf/kernel/internal/session/compile"
)

// A Guide answers what somebody asks who writes a cell, with what it can see of the session.
// No cell may be compiled meanwhile.
type Guide struct {
	Compiler *compile.Compiler

	Text   func(cell int) string                      // of a cell that was run
	CellOf func(obj types.Object) (cell int, ok bool) // the cell that declared obj

	Value       func(name string) (v reflect.Value, ok bool) // of a variable of the cells, if none is running
	FileColumns func(file string) []string                   // of a table in a file; may be nil
	Show        func(v any) string                           // how large a value is, and its text; may be nil
}
