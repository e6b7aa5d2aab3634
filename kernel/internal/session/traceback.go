package session

import (
	"fmt"
	"strings"

	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/machine"
)

// panicError turns what a cell or a goroutine panicked with into an Error that
// shows the user's own frames.
func (s *Session) panicError(cell int, e any) *Error {
	e, frames := s.machine.Trace(e, s.compiler.IsFile)
	var err *Error
	switch p := e.(type) {
	case machine.Exit:
		err = explain.Errorf(ExitStatus, "exit status %d (the session goes on)", int(p))
	case machine.Goexit:
		return nil // a cell may end its goroutine
	case machine.Stopped:
		err = explain.Errorf(Interrupted, "interrupted")
	case commandError:
		err = explain.Errorf(CommandError, "%v", p.error)
	case unreadError:
		err = explain.Errorf(Unread, "%s", machine.PanicText(p.error))
		err.Panic = p.error
	default:
		err = explain.Errorf(Panic, "panic: %s", machine.PanicText(e))
		err.Panic = e
	}
	err.Cell = cell
	for _, f := range frames {
		if err.Line == 0 && f.File == "" {
			err.Cell, err.Line = f.Cell, f.Line
		}
		where := f.Place.String()
		if f.Func != "" {
			where += ", in " + f.Func
		}
		if f.Times > 1 {
			where += fmt.Sprintf(" (%d times)", f.Times)
		}
		err.Traceback = append(err.Traceback, where)
		err.Traceback = append(err.Traceback, s.explainer.Excerpt(f.Place)...)
	}
	if u, ok := e.(unreadError); ok {
		err.Traceback = append(err.Traceback, u.hint())
	}
	if lines := strings.Split(s.source(err.Cell), "\n"); err.Name == Panic && err.Line > 0 && err.Line <= len(lines) {
		err.Traceback = append(err.Traceback, s.whoseNil(e, lines[err.Line-1])...)
	}
	return err
}
