package frames

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// What the errors of this package unwrap to, beside nmf.ErrNegative and
// nmf.ErrNotFinite for weights and nmf.ErrShape for sizes.
var (
	ErrMissing   = errors.New("missing value")
	ErrNotNumber = errors.New("not a number")
	ErrColumn    = errors.New("no such column")
	ErrEmpty     = errors.New("no data")
	ErrSyntax    = errors.New("bad CSV")
	ErrFormat    = errors.New("bad file") // of another format

	ErrArgument   = errors.New("bad argument")   // of a verb such as Sort
	ErrExpression = errors.New("bad expression") // of Where or Mutate
)

// CellError tells which cell of a table cannot be used. It unwraps to
// [ErrMissing], [ErrNotNumber], nmf.ErrNegative, nmf.ErrNotFinite or
// [ErrSyntax].
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

// at gives a CellError its place.
func at(err error, row, line int, column string) error {
	cell := *err.(*CellError)
	cell.Row, cell.Line, cell.Column = row, line, column
	return &cell
}

// columnIndex returns the place of the column called name among names, or an
// error that lists the columns there are.
func columnIndex(names []string, name string) (int, error) {
	if c := slices.Index(names, name); c >= 0 {
		return c, nil
	}
	hint := didYouMean(name, names)
	if len(names) == 1 && strings.ContainsAny(names[0], ";\t|") {
		hint = "; columns must be separated by commas"
	}
	return 0, frame.Errorf(ErrColumn, "frames: no column %q; it has %s%s", name, listNames(names), hint)
}

// didYouMean asks for the name that is nearest to one that is not there.
func didYouMean(name string, names []string) string {
	if near := columns.Near(name, names); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

// shorten cuts a value to a length that can be read in an error.
func shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
