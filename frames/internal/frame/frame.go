// Package frame makes gota DataFrames that hold exactly what they are given,
// which gota's own constructors alter here and there.
package frame

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// New makes a DataFrame whose columns have exactly these names, which gota
// would otherwise alter where they are empty or equal.
func New(names []string, columns []series.Series) (dataframe.DataFrame, error) {
	for c := range columns {
		// Distinct names for the moment: gota looks through all of them for
		// each name that it has to make up.
		columns[c].Name = fmt.Sprintf("c%d", c)
	}
	df := dataframe.New(columns...)
	if err := Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if err := df.SetNames(names...); err != nil {
		return dataframe.DataFrame{}, fmt.Errorf("frames: %w", err)
	}
	return df, nil
}

// Check returns the error that gota keeps inside df.
func Check(df dataframe.DataFrame) error {
	if df.Err != nil {
		return fmt.Errorf("frames: the DataFrame carries an error: %w", df.Err)
	}
	return nil
}

// literal is an element that a String column takes over letter by letter. A
// plain string "NaN" would become a missing value there.
type literal struct {
	series.Element // never called: Set of a String element asks for String alone
	text           string
}

func (l literal) String() string { return l.text }

// Text returns a String column. Where missing is set, an empty string is a
// missing value.
func Text(values []string, missing bool) series.Series {
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

// AppendFloat appends v as Python's repr writes it: the shortest text that
// gives v again, with an exponent below 1e-4 and from 1e16 on.
func AppendFloat(dst []byte, v float64) []byte {
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
