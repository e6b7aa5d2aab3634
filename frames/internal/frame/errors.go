package frame

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What errors about cells and files unwrap to.
var (
	ErrMissing   = errors.New("missing value")
	ErrNotNumber = errors.New("not a number")
	ErrEmpty     = errors.New("no data")
	ErrSyntax    = errors.New("bad CSV")
)

// sentence is an error that says all in its own words, and is one of a kind.
type sentence struct {
	text string
	kind error
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.kind }

// Errorf returns an error that reads as its format says and unwraps to kind,
// whose text it does not repeat.
func Errorf(kind error, format string, args ...any) error {
	return &sentence{fmt.Sprintf(format, args...), kind}
}

// CellError tells which cell of a table cannot be used. See package frames.
type CellError struct {
	Row    int    // of data, from 1; 0 if it is not known
	Line   int    // of the file, from 1; 0 if there is no file
	Column string // as the header has it; empty if it is not known
	Detail string // what is wrong there, and what to do
	Err    error
}

// Error names the place and says what to do, as in
// `frames: row 3 (line 4), column "weight": -1 is negative: ...`.
func (e *CellError) Error() string {
	var place []string
	switch {
	case e.Row > 0 && e.Line > 0:
		place = append(place, fmt.Sprintf("row %d (line %d)", e.Row, e.Line))
	case e.Row > 0:
		place = append(place, fmt.Sprintf("row %d", e.Row))
	case e.Line > 0:
		place = append(place, fmt.Sprintf("line %d", e.Line))
	}
	if e.Column != "" {
		place = append(place, fmt.Sprintf("column %q", e.Column))
	}
	return fmt.Sprintf("frames: %s: %s", strings.Join(place, ", "), e.Detail)
}

// Unwrap returns the kind of error.
func (e *CellError) Unwrap() error { return e.Err }

// At gives a CellError its place.
func At(err error, row, line int, column string) error {
	cell := *err.(*CellError)
	cell.Row, cell.Line, cell.Column = row, line, column
	return &cell
}

// Shorten cuts a value to a length that can be read in an error.
func Shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// NotUTF8 is about a field whose place is yet to be given.
func NotUTF8(field []byte) *CellError {
	bad := bytes.IndexFunc(field, func(r rune) bool { return r == utf8.RuneError })
	return &CellError{Detail: fmt.Sprintf("byte %#02x is not UTF-8: name the file's Encoding, or save it as UTF-8", field[bad]), Err: ErrSyntax}
}

// ShiftRow adds to the row of a CellError the rows that came before its block.
func ShiftRow(err error, rows int) error {
	var cell *CellError
	if errors.As(err, &cell) {
		cell.Row += rows
	}
	return err
}
