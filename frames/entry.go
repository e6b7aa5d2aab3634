package frames

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
	"gonmf/nmf"
)

// errMissingEntry is about a cell to which [frame.At] gives the place.
var errMissingEntry = &CellError{Detail: "the value is missing: fill it in, or drop the row", Err: ErrMissing}

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
func fieldEntry(field []byte, numbers text.Numbers) (float64, error) {
	if numbers != (text.Numbers{}) {
		v, err := parseEntry(numbers.Plain(string(field)))
		if errors.Is(err, ErrNotNumber) {
			err = notNumber(string(field)) // as it is written
		}
		return v, err
	}
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
		return 0, notNumber(text)
	}
	return v, checkEntry(v)
}

// notNumber is about a field that is no number; of one with a comma it says
// how such numbers are read.
func notNumber(text string) error {
	mend := "write it as 3 or 0.5"
	if commas := strings.Count(text, ","); commas > 0 && strings.Trim(text, "+-.,0123456789 ") == "" {
		mend += `, or set Decimal "," (of 3,5) or Thousands "," (of 1,234) of CSV`
	}
	return &CellError{Detail: fmt.Sprintf("%q is not a number: %s", frame.Shorten(text), mend), Err: ErrNotNumber}
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
