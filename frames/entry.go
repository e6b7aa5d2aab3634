package frames

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"

	"gonmf/nmf"
)

// Errors about a cell, to which [at] gives the place.
var (
	errMissingLabel = &CellError{Detail: "the label is missing: fill it in, or drop the row", Err: ErrMissing}
	errMissingEntry = &CellError{Detail: "the value is missing: fill it in, or drop the row", Err: ErrMissing}
)

// elementEntry returns an element as an entry of X.
func elementEntry(e series.Element) (float64, error) {
	switch {
	case e.IsNA():
		return 0, errMissingEntry
	case e.Type() == series.String:
		return parseEntry(e.String())
	default:
		return e.Float(), checkEntry(e.Float())
	}
}

// fieldEntry parses an entry of X. Most are small counts; numbers are parsed
// without allocating.
func fieldEntry(field []byte) (float64, error) {
	count := 0
	for _, c := range field {
		if c < '0' || c > '9' || len(field) > 15 { // 10^15 < 2^53
			if v, err := strconv.ParseFloat(string(field), 64); err == nil && !bytes.ContainsAny(field, notDecimal) {
				return v, checkEntry(v)
			}
			return parseEntry(string(field))
		}
		count = count*10 + int(c-'0')
	}
	if len(field) == 0 {
		return 0, errMissingEntry
	}
	return float64(count), nil
}

// notDecimal is what Go's numbers may have in them and decimal ones have not.
const notDecimal = "xX_"

// parseEntry parses an entry of X, a decimal number with spaces around it as
// Python allows them.
func parseEntry(text string) (float64, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return 0, errMissingEntry
	}
	v, err := strconv.ParseFloat(trimmed, 64)
	if err != nil && !math.IsInf(v, 0) || strings.ContainsAny(trimmed, notDecimal) {
		return 0, &CellError{Detail: fmt.Sprintf("%q is not a number: write it as 3 or 0.5", shorten(text)), Err: ErrNotNumber}
	}
	return v, checkEntry(v)
}

// checkEntry returns a *CellError unless v can be an entry of X.
func checkEntry(v float64) error {
	switch {
	case v >= 0 && v <= math.MaxFloat64:
		return nil
	case math.IsNaN(v) || math.IsInf(v, 0):
		return &CellError{Detail: fmt.Sprintf("%v is not finite: only finite numbers of 0 or more can be used, mend the value or drop the row", v), Err: nmf.ErrNotFinite}
	default:
		return &CellError{Detail: fmt.Sprintf("%v is negative: only finite numbers of 0 or more can be used, mend the value or drop the row", v), Err: nmf.ErrNegative}
	}
}
