package compile

import (
	"go/scanner"
	"go/types"

	"gonmf/kernel/internal/session/source"
)

// A Fault is one thing that is wrong with a cell.
type Fault struct {
	source.Place
	Text string
}

// A Failure is why a cell does not compile: one of the three.
type Failure struct {
	Unit   *Unit
	Faults []Fault
	Syntax scanner.ErrorList // of the parser
	Types  []types.Error     // of the type checker
}
