package session

import (
	"context"
	"sync/atomic"

	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
)

// running is what a session keeps with a run of a cell.
type running struct {
	commands []source.Command
	result   atomic.Pointer[Result]
}

// hooks are the functions that rewritten cells call.
func (s *Session) hooks() map[string]any {
	return map[string]any{
		"Result":         result,
		"Printed":        printed,
		"ResultChecked":  func(v ...any) { s.lookAtLast(v...); result(v...) },
		"PrintedChecked": func(v ...any) { s.lookAtLast(v...); printed(v...) },
		"Unread":         s.lookAt,
		"Dropped":        s.lookAtLast,
		"Before":         s.commandBefore,
		"After":          s.commandAfter,
		"Repeat":         s.commandRepeat,
		"Lines":          s.commandLines,
	}
}

// result keeps what a cell ends with.
func result(v ...any) {
	if r := machine.Running(); r != nil {
		r.Of.(*running).result.Store(&Result{Has: true, Values: v})
	}
}

// printed is result for a call that is made for what it prints.
func printed(v ...any) {
	if !isPrintResult(v) {
		result(v...)
	}
}

// isPrintResult says whether v is what a print function returns: a count and no
// error.
func isPrintResult(v []any) bool {
	if len(v) != 2 || v[1] != nil {
		return false
	}
	switch v[0].(type) {
	case int, int64:
		return true
	}
	return false
}

// The functions that cells call, with the index of a command.

func (s *Session) commandBefore(i int) {
	s.runCommand(i, func(ctx context.Context, c source.Command) error { return c.Before(ctx) })
}

func (s *Session) commandAfter(i int) {
	s.runCommand(i, func(ctx context.Context, c source.Command) error { return c.After(ctx) })
}

func (s *Session) commandRepeat(i int, statements func(n int)) {
	s.runCommand(i, func(ctx context.Context, c source.Command) error { return c.Repeat(ctx, statements) })
}

func (s *Session) commandLines(i int) (lines []string) {
	s.runCommand(i, func(ctx context.Context, c source.Command) (err error) {
		lines, err = c.Lines(ctx)
		return err
	})
	return lines
}

func (s *Session) runCommand(i int, do func(ctx context.Context, c source.Command) error) {
	r := machine.Running()
	if r == nil {
		return
	}
	s.machine.Flush()
	if err := r.Command(func(ctx context.Context) error { return do(ctx, r.Of.(*running).commands[i]) }); err != nil {
		panic(commandError{err})
	}
}

// commandError is what a cell panics with when its command fails.
type commandError struct{ error }

func (e commandError) Unwrap() error { return e.error }
