package text

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
)

// missingWords are what pandas takes for missing. Here they are in columns of
// numbers alone: "NA" may be the name of a country.
var missingWords = map[string]bool{
	"": true, "#N/A": true, "#N/A N/A": true, "#NA": true, "-1.#IND": true, "-1.#QNAN": true, "-NaN": true, "-nan": true,
	"1.#IND": true, "1.#QNAN": true, "<NA>": true, "N/A": true, "NA": true, "NULL": true, "NaN": true, "None": true,
	"n/a": true, "nan": true, "null": true,
}

// Column returns a column of the type that frames.ReadCSV documents, which is
// the first that suits all values in the order in which pandas tries them.
func (n Numbers) Column(values []string) series.Series {
	plain := values
	if n != (Numbers{}) {
		plain = make([]string, len(values))
		for r, v := range values {
			plain[r] = n.Plain(v)
		}
	}
	if s, ok := intColumn(plain); ok {
		return s
	}
	if s, ok := boolColumn(values); ok {
		return s
	}
	return frame.Text(values, true)
}

// intColumn returns an Int column, or a Float one where values are missing or
// have fractions; false if there is neither.
func intColumn(values []string) (series.Series, bool) {
	if len(values) == 0 {
		return series.Series{}, false
	}
	ints := make([]int, len(values))
	missing := false
	for r, v := range values {
		if missingWords[v] {
			missing = true
			continue
		}
		n, err := parseInt(v)
		if errors.Is(err, strconv.ErrRange) {
			return series.Series{}, false // no floats: digits would be lost
		} else if err != nil {
			return floatColumn(values)
		}
		ints[r] = n
	}
	if missing {
		return floatColumn(values)
	}
	return series.New(ints, series.Int, ""), true
}

func floatColumn(values []string) (series.Series, bool) {
	floats := make([]float64, len(values))
	for r, v := range values {
		if missingWords[v] {
			floats[r] = math.NaN()
			continue
		}
		var ok bool
		if floats[r], ok = parseFloat(v); !ok {
			return series.Series{}, false
		}
	}
	return series.New(floats, series.Float, ""), true
}

func boolColumn(values []string) (series.Series, bool) {
	bools := make([]bool, len(values))
	for r, v := range values {
		bools[r] = strings.EqualFold(v, "true")
		if !bools[r] && !strings.EqualFold(v, "false") {
			return series.Series{}, false
		}
	}
	return series.New(bools, series.Bool, ""), len(values) > 0
}

const asciiSpace = " \t\n\v\f\r"

// parseInt parses a whole number of decimal digits, with a sign perhaps and
// spaces around it.
func parseInt(text string) (int, error) {
	text = strings.Trim(text, asciiSpace)
	if digits := strings.TrimLeft(text, "+-"); len(text)-len(digits) > 1 || !code.AllDigits(digits) {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}

// parseFloat parses a decimal number, with an exponent perhaps, or an infinity;
// with a sign perhaps and spaces around it. One that is too large is infinite.
func parseFloat(text string) (float64, bool) {
	text = strings.Trim(text, asciiSpace)
	unsigned := text
	if text != "" && (text[0] == '+' || text[0] == '-') {
		unsigned = text[1:]
	}
	if !strings.EqualFold(unsigned, "inf") && !strings.EqualFold(unsigned, "infinity") {
		mantissa, exponent, scientific := unsigned, "", false
		if e := strings.IndexAny(unsigned, "eE"); e >= 0 {
			mantissa, exponent, scientific = unsigned[:e], unsigned[e+1:], true
		}
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			exponent = exponent[1:]
		}
		whole, fraction, _ := strings.Cut(mantissa, ".")
		if !code.AllDigits(whole+fraction) || scientific && !code.AllDigits(exponent) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}
