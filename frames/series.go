package frames

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"
)

// literal is an element that a String column takes over letter by letter. A
// plain string "NaN" would become a missing value there.
type literal struct {
	series.Element // never called: Set of a String element asks for String alone
	text           string
}

func (l literal) String() string { return l.text }

// textColumn returns a String column. Where missing is set, an empty string
// is a missing value.
func textColumn(values []string, missing bool) series.Series {
	s := series.New(values, series.String, "")
	for i, v := range values {
		switch {
		case v == "NaN":
			s.Elem(i).Set(literal{text: v})
		case v == "" && missing:
			s.Elem(i).Set(nil)
		}
	}
	return s
}

// labelColumn returns labels as an Int column when each is what Go prints for
// an int, as [ReadCSV] does, and as a String column otherwise.
func labelColumn(labels []string) series.Series {
	ints := make([]int, len(labels))
	for i, l := range labels {
		v, ok := canonicalInt(l)
		if !ok {
			return textColumn(labels, false)
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
	return textColumn(values, true)
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

// appendFloat appends v as Python's repr writes it: the shortest text that
// gives v again, with an exponent below 1e-4 and from 1e16 on.
func appendFloat(dst []byte, v float64) []byte {
	switch a := math.Abs(v); {
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	case a != 0 && a < 1e-4 || a >= 1e16:
		return strconv.AppendFloat(dst, v, 'e', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}
