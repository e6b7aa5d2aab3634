package frames

import (
	"errors"
	"slices"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// What the errors of this package unwrap to, beside nmf.ErrNegative and
// nmf.ErrNotFinite for weights and nmf.ErrShape for sizes.
var (
	ErrMissing   = frame.ErrMissing
	ErrNotNumber = frame.ErrNotNumber
	ErrColumn    = errors.New("no such column")
	ErrLabel     = errors.New("no such label")
	ErrEmpty     = frame.ErrEmpty
	ErrSyntax    = frame.ErrSyntax
	ErrFormat    = errors.New("bad file") // of another format than CSV

	ErrArgument   = errors.New("bad argument")   // of a verb such as Sort
	ErrExpression = errors.New("bad expression") // of Where or Mutate
)

// CellError tells which cell of a table cannot be used: its row of data and
// its line of the file, both from 1 and 0 where they are not known, its column
// as the header has it, and what is wrong there. It unwraps to [ErrMissing],
// [ErrNotNumber], nmf.ErrNegative, nmf.ErrNotFinite or [ErrSyntax].
type CellError = frame.CellError

// columnIndex returns the place of the column called name among names, or an
// error that lists the columns there are.
func columnIndex(names []string, name string) (int, error) {
	if c := slices.Index(names, name); c >= 0 {
		return c, nil
	}
	return 0, frame.Errorf(ErrColumn, "frames: no column %q; it has %s%s", name, listNames(names), didYouMean(name, names))
}

// didYouMean asks for the name that is nearest to one that is not there.
func didYouMean(name string, names []string) string {
	if near := columns.Near(name, names); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}
