package session

import (
	"context"
	"fmt"

	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/machine"
)

// execute runs a compiled cell until it ends or ctx does.
func (s *Session) execute(ctx context.Context, p *program) (Result, *Error) {
	for _, note := range p.notes {
		s.machine.Print(p.cell, Stderr, note)
	}
	r := &running{commands: p.commands}
	err := s.machine.Run(ctx, p.Program, p.cell, r)
	var res Result
	if given := r.result.Load(); given != nil {
		res = *given
	}
	switch err := err.(type) {
	case nil:
		return res, nil
	case *Error:
		return res, err
	case *machine.Interruption:
		if err.Left {
			return res, interruptedError(p.cell, err.Cause, "; the cell was waiting for something that cannot be stopped, and its goroutine was left behind")
		}
		return res, interruptedError(p.cell, err.Cause, "")
	}
	return res, explain.Errorf(Internal, "%v", err)
}

// panicked is what the machine makes of a panic of the cell that it runs.
func (s *Session) panicked(cell int, e any) error {
	if err := s.panicError(cell, e); err != nil {
		return err
	}
	return nil
}

// async tells of the panic of a goroutine.
func (s *Session) async(cell int, e any) {
	if s.opt.Async == nil {
		return
	}
	err := s.panicError(cell, e)
	err.Traceback[0] = fmt.Sprintf("in a goroutine of In [%d]: %s", cell, err.Traceback[0])
	s.opt.Async(cell, err)
}

func interruptedError(cell int, cause error, more string) *Error {
	text := "interrupted"
	if cause != nil && cause != context.Canceled && cause.Error() != text {
		text += ": " + cause.Error()
	}
	err := explain.Errorf(Interrupted, "%s%s", text, more)
	err.Cell = cell
	return err
}
