package session

import (
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/goplus/ixgo"

	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/unboxed"
)

// panicError turns what a cell or a goroutine panicked with into an Error that
// shows the user's own frames.
func (s *Session) panicError(cell int, e any) *Error {
	var stack []byte
	switch p := e.(type) {
	case ixgo.PanicError:
		e, stack = p.Value, p.Stack()
	case ixgo.FatalError:
		e, stack = asGo(p.Value), p.Stack()
		if inner, ok := e.(ixgo.PanicError); ok {
			e, stack = inner.Value, inner.Stack()
		}
	}
	var err *Error
	switch p := e.(type) {
	case exit:
		err = newError(ExitStatus, "exit status %d (the session goes on)", int(p))
	case goexit:
		return nil // a cell may end its goroutine
	case stopped:
		err = newError(Interrupted, "interrupted")
	case commandError:
		err = newError(CommandError, "%v", p.error)
	case unreadError:
		err = newError(Unread, "%s", panicText(p.error))
		err.Panic = p.error
	default:
		err = newError(Panic, "panic: %s", panicText(e))
		err.Panic = e
	}
	err.Cell = cell
	frames := s.userFrames(string(stack))
	if u, ok := e.(unboxed.Error); ok {
		frames = s.unboxedFrames(u, frames)
	}
	for _, f := range frames {
		if err.Line == 0 && f.File == "" {
			err.Cell, err.Line = f.Cell, f.Line
		}
		where := f.Place.String()
		if f.fn != "" {
			where += ", in " + f.fn
		}
		if f.times > 1 {
			where += fmt.Sprintf(" (%d times)", f.times)
		}
		err.Traceback = append(err.Traceback, where)
		err.Traceback = append(err.Traceback, s.excerpt(f.Place)...)
	}
	if u, ok := e.(unreadError); ok {
		err.Traceback = append(err.Traceback, u.hint())
	}
	if lines := strings.Split(s.source(err.Cell), "\n"); err.Name == Panic && err.Line > 0 && err.Line <= len(lines) {
		err.Traceback = append(err.Traceback, s.whoseNil(e, lines[err.Line-1])...)
	}
	return err
}

// panicText returns a panic value as Go's runtime prints it, but for values that
// it shows as an address.
func panicText(e any) (text string) {
	defer func() {
		if recover() != nil { // the value's own method panicked
			text = fmt.Sprintf("%T", e)
		}
	}()
	if err, ok := asGo(e).(error); ok {
		return source.Demangle(err.Error())
	}
	switch e := e.(type) {
	case nil:
		return new(runtime.PanicNilError).Error()
	case string:
		return e
	case fmt.Stringer:
		return e.String()
	}
	return source.Demangle(fmt.Sprintf("%T(%v)", e, e))
}

// unboxedFrames puts the place of an error in unboxed code before the frames of
// the interpreter, which knows where the function that was called stands.
func (s *Session) unboxedFrames(e unboxed.Error, frames []frame) []frame {
	at := source.PlaceOf(0, s.fset.Position(e.Pos))
	at.Col = 0
	f := frame{at, source.Demangle(e.Func), 1}
	if e.Inside == entry {
		// A loop among the statements of a cell, in a function that the user does
		// not know of: its frame and the one of the statements are one.
		f.fn = ""
		return append([]frame{f}, frames[min(2, len(frames)):]...)
	}
	if len(frames) > 0 && frames[0].fn == f.fn {
		frames = frames[1:]
	}
	return append([]frame{f}, frames...)
}

// A frame is one function of the user's on the way to a panic.
type frame struct {
	source.Place
	fn    string // empty for the statements of a cell
	times int    // in a row, as recursion has it
}

var frameLine = regexp.MustCompile(`^\t(?:In \[(-?\d+)\]|(.+\.go)):(\d+)`)

// maxFrames bounds a traceback. ixgo itself gives the innermost 64 calls.
const maxFrames = 20

// userFrames picks the frames in cells and folders out of a stack, innermost first.
func (s *Session) userFrames(stack string) []frame {
	var frames []frame
	fn := ""
	for line := range strings.Lines(stack) {
		line = strings.TrimSuffix(line, "\n")
		m := frameLine.FindStringSubmatch(line)
		if m == nil || m[2] != "" && !s.folders.has(m[2]) {
			fn = line
			continue
		}
		cell, _ := strconv.Atoi(m[1])
		n, _ := strconv.Atoi(m[3])
		f := frame{source.Place{Cell: cell, Line: n, File: m[2]}, frameName(fn), 1}
		if last := len(frames) - 1; last >= 0 && frames[last].Place == f.Place && frames[last].fn == f.fn {
			frames[last].times++
			continue
		}
		if len(frames) == maxFrames {
			break
		}
		frames = append(frames, f)
	}
	return frames
}

// frameName turns main.(*T).M() into (*T).M.
func frameName(fn string) string {
	fn = strings.TrimSuffix(strings.TrimPrefix(fn, "main."), "()")
	if rest, ok := strings.CutPrefix(fn, entry); ok {
		if rest == "" {
			return ""
		}
		return "a function literal"
	}
	return source.Demangle(fn)
}
