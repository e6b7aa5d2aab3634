package frames

import (
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// labelColumn returns labels as an Int column when each is what Go prints for
// an int, as [ReadCSV] does, and as a String column otherwise.
func labelColumn(labels []string) series.Series {
	ints := make([]int, len(labels))
	for i, l := range labels {
		v, ok := canonicalInt(l)
		if !ok {
			return frame.Text(labels, false)
		}
		ints[i] = v
	}
	return series.New(ints, series.Int, "")
}

// typedColumn returns a column of the type that [ReadCSV] documents.
func typedColumn(values []string) series.Series {
	if kind := columnType(values); kind != series.String {
		return numberColumn(values, kind)
	}
	return frame.Text(values, true)
}

func columnType(values []string) series.Type {
	kind := series.String // until there is a value
	for _, v := range values {
		if v == "" {
			continue
		}
		kind = series.Int
		if _, ok := canonicalInt(v); !ok {
			kind = series.Float
			break
		}
	}
	if kind != series.Float {
		return kind
	}
	for _, v := range values {
		if v != "" && !exactFloat(v) {
			return series.String
		}
	}
	return series.Float
}

// numberColumn returns an Int or Float column of values that are known to be
// such numbers, or empty.
func numberColumn(values []string, kind series.Type) series.Series {
	s := series.New(make([]int, len(values)), kind, "")
	for i, v := range values {
		if v == "" {
			s.Elem(i).Set(nil)
		} else {
			s.Elem(i).Set(v)
		}
	}
	return s
}

// canonicalInt parses text that is what Go prints for an int.
func canonicalInt(text string) (int, bool) {
	v, err := strconv.Atoi(text)
	if err != nil || text[0] == '+' || len(text) > 1 && (text[0] == '0' || text[0] == '-' && text[1] == '0') {
		return 0, false
	}
	return v, true
}

// exactFloat reports whether text is a decimal number that a float64 keeps
// all digits of, or an infinity as Python writes it.
func exactFloat(text string) bool {
	if text == "inf" || text == "-inf" {
		return true
	}
	digits, ok := decimalDigits(text)
	if !ok {
		return false
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false
	}
	// The shortest text that gives v again has the digits that v keeps; where
	// the digits are equal the exponent is too.
	kept, _ := decimalDigits(strconv.FormatFloat(v, 'e', -1, 64))
	return digits == kept
}

// decimalDigits returns the significant digits of a number written as -12.50
// or as Python writes exponents, 1e-05 and 1.5e+16, and whether it is written
// so.
func decimalDigits(text string) (digits string, ok bool) {
	text = strings.TrimPrefix(text, "-")
	mantissa, exponent, scientific := strings.Cut(text, "e")
	if scientific {
		if len(exponent) < 3 || exponent[0] != '-' && exponent[0] != '+' || !allDigits(exponent[1:]) {
			return "", false
		}
	}
	whole, fraction, point := strings.Cut(mantissa, ".")
	if !allDigits(whole) || len(whole) > 1 && whole[0] == '0' || point && !allDigits(fraction) {
		return "", false
	}
	return strings.Trim(whole+fraction, "0"), true
}

// allDigits reports whether text is one or more of 0 to 9.
func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
