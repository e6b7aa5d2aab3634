package machine

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

// Trace returns what a cell or a goroutine has panicked with, and the user's own functions
// on the way there, innermost first. isFile says whether a name is that of a file of the
// user's.
func (m *Machine) Trace(e any, isFile func(name string) bool) (value any, frames []Frame) {
	var stack []byte
	switch p := e.(type) {
	case ixgo.PanicError:
		e, stack = p.Value, p.Stack()
	case ixgo.FatalError:
		e, stack = AsGo(p.Value), p.Stack()
		if inner, ok := e.(ixgo.PanicError); ok {
			e, stack = inner.Value, inner.Stack()
		}
	}
	frames = userFrames(string(stack), isFile)
	if u, ok := e.(unboxed.Error); ok {
		frames = m.unboxedFrames(u, frames)
	}
	return e, frames
}

// PanicText returns a panic value as Go's runtime prints it, but for values that
// it shows as an address.
func PanicText(e any) (text string) {
	defer func() {
		if recover() != nil { // the value's own method panicked
			text = fmt.Sprintf("%T", e)
		}
	}()
	if err, ok := AsGo(e).(error); ok {
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
func (m *Machine) unboxedFrames(e unboxed.Error, frames []Frame) []Frame {
	at := source.PlaceOf(0, m.Fset.Position(e.Pos))
	at.Col = 0
	f := Frame{at, source.Demangle(e.Func), 1}
	if e.Inside == source.Entry {
		// A loop among the statements of a cell, in a function that the user does
		// not know of: its frame and the one of the statements are one.
		f.Func = ""
		return append([]Frame{f}, frames[min(2, len(frames)):]...)
	}
	if len(frames) > 0 && frames[0].Func == f.Func {
		frames = frames[1:]
	}
	return append([]Frame{f}, frames...)
}

// A Frame is one function of the user's on the way to a panic.
type Frame struct {
	source.Place
	Func  string // empty for the statements of a cell
	Times int    // in a row, as recursion has it
}

var frameLine = regexp.MustCompile(`^\t(?:In \[(-?\d+)\]|(.+\.go)):(\d+)`)

// maxFrames bounds a traceback. ixgo itself gives the innermost 64 calls.
const maxFrames = 20

// userFrames picks the frames in cells and folders out of a stack, innermost first.
func userFrames(stack string, isFile func(name string) bool) []Frame {
	var frames []Frame
	fn := ""
	for line := range strings.Lines(stack) {
		line = strings.TrimSuffix(line, "\n")
		m := frameLine.FindStringSubmatch(line)
		if m == nil || m[2] != "" && !isFile(m[2]) {
			fn = line
			continue
		}
		cell, _ := strconv.Atoi(m[1])
		n, _ := strconv.Atoi(m[3])
		f := Frame{source.Place{Cell: cell, Line: n, File: m[2]}, frameName(fn), 1}
		if last := len(frames) - 1; last >= 0 && frames[last].Place == f.Place && frames[last].Func == f.Func {
			frames[last].Times++
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
	if rest, ok := strings.CutPrefix(fn, source.Entry); ok {
		if rest == "" {
			return ""
		}
		return "a function literal"
	}
	return source.Demangle(fn)
}
