package worker

import (
	"context"

	"gonmf/kernel/internal/pipe"
)

// Engine runs cells: one session of an interpreter. Its methods may be called by several goroutines: a cell runs in each
// shell of the front end.
type Engine interface {
	// Eval runs a cell and returns the values of its last expression, if it ends with one. A cell's error may be a
	// *wire.Failure with a name and a traceback of its own. The end of ctx interrupts it.
	Eval(ctx context.Context, cell int, code string) ([]any, error)
	// Expression returns the value of an expression, as if it stood at the end of the latest cell.
	Expression(ctx context.Context, expr string) ([]any, error)
	// Complete lists what may stand at a byte position.
	Complete(code string, pos int) pipe.Completed
	// Inspect describes the name at a byte position.
	Inspect(code string, pos int) pipe.Inspected
	// IsComplete says whether code is ready to run.
	IsComplete(code string) pipe.Completeness
}

// Hooks are what an Engine calls while cells run, from any goroutine. A cell is always the one whose code is
// responsible, even if it has ended long ago and left a goroutine behind.
type Hooks struct {
	Output func(cell int, stderr bool, text []byte)
	Input  func(cell int, prompt string, password bool) (string, error)
	// Child tells of a process that must not outlive the session, and of its end.
	Child func(pid int, ended bool)
}

// Reporter is implemented by an Engine whose cells do more than print and have values.
type Reporter interface {
	// Report tells what has happened since the last report.
	Report() pipe.Report
}

// Printer is implemented by an Engine whose goroutines print.
type Printer interface {
	// Cell is the one that the calling goroutine belongs to.
	Cell() int
	// Flush hands over what was printed so far.
	Flush()
}
