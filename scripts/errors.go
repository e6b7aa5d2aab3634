package scripts

import (
	"bytes"
	"fmt"
	"go/token"
	"regexp"
	"strconv"
)

// Error tells where a script does not compile or where it panicked.
type Error struct {
	File string
	Line int
	Text string // of the line, without the space around it
	Msg  string

	err error // what the script gave to panic, if that was an error
}

func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s, in: %s", e.File, e.Line, e.Msg, e.Text)
}

// Unwrap returns the error that the script panicked with, or nil.
func (e *Error) Unwrap() error { return e.err }

// errorf returns the error of a place in the script.
func (p *program) errorf(pos token.Pos, format string, args ...any) *Error {
	return p.at(p.fset.Position(pos), fmt.Sprintf(format, args...))
}

func (s *source) at(pos token.Position, msg string) *Error {
	e := &Error{File: shown(pos.Filename), Line: pos.Line, Msg: msg}
	lines := bytes.Split(s.text[e.File], []byte("\n"))
	if pos.Line > 0 && pos.Line <= len(lines) {
		e.Text = string(bytes.TrimSpace(lines[pos.Line-1]))
	}
	return e
}

// refuse turns a message of yaegi's compiler, file:line:col: what, into an
// error that says what else can be done.
func (p *program) refuse(msg string) error {
	const hint = "if it does compile (go run), it uses Go that the interpreter does not know"
	if m := place.FindStringSubmatch(msg); m != nil {
		line, err := strconv.Atoi(m[2])
		if err == nil {
			return p.at(token.Position{Filename: m[1], Line: line}, m[3]+" ("+hint+")")
		}
	}
	// Yaegi gives up like this at a loop over an integer or a function.
	if len(p.untyped) > 0 && msg == "nil type" {
		return p.errorf(p.untyped[0], "the interpreter cannot compile this or a later loop, most likely one over an integer or a function (%s)", hint)
	}
	return fmt.Errorf("%s: %s (%s)", p.name, msg, hint)
}

var place = regexp.MustCompile(`(?s)^(.+?):(\d+):\d+: (.*)$`)
