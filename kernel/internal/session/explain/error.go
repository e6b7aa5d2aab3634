package explain

import (
	"fmt"
	"strings"
)

// The names of an Error.
const (
	CompileError = "CompileError" // the cell was not run
	Panic        = "Panic"
	Unread       = "Error"        // one that nobody looked at
	Interrupted  = "Interrupted"  // the stop button
	ExitStatus   = "ExitStatus"   // os.Exit, log.Fatal
	Limit        = "Limit"        // the session has no room for more types with methods
	CommandError = "CommandError" // a command of the cell failed
	Internal     = "InternalError"
)

// An Error is why a cell failed. Text in it is made for the user to read: it
// names the cell and the line, shows the line, and says what to do where that is
// known.
type Error struct {
	Name  string // CompileError, Panic, Interrupted, ...
	Value string // one line
	// Traceback is the whole message, line by line: for a compile error all that
	// was found, for a panic the user's own frames, innermost first.
	Traceback []string
	Cell      int // where it happened, which may be an earlier cell's function
	Line      int // from 1; 0 if unknown
	Col       int // in bytes from 1; 0 if unknown
	// Panic is the value that was panicked with, if any.
	Panic any
}

// Error returns the traceback as one text.
func (e *Error) Error() string { return strings.Join(e.Traceback, "\n") }

// Unwrap returns the panic value if that is an error.
func (e *Error) Unwrap() error {
	err, _ := e.Panic.(error)
	return err
}

// Errorf makes an error whose traceback is its one line.
func Errorf(name, format string, args ...any) *Error {
	value := fmt.Sprintf(format, args...)
	return &Error{Name: name, Value: value, Traceback: []string{value}}
}
