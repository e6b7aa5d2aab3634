package frames

import (
	"fmt"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// DropNA returns the rows that have all of some columns, of all columns if
// none is named.
func DropNA(df dataframe.DataFrame, names ...string) (dataframe.DataFrame, error) {
	if len(names) == 0 {
		names = df.Names()
	}
	picked, err := find(df, names, "DropNA")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	picked = slices.DeleteFunc(picked, func(s series.Series) bool { return !columns.HasMissing(s) })
	if len(picked) == 0 {
		return columns.Frame(slices.Clone(columns.All(df))), nil
	}
	drop := make([]bool, df.Nrow())
	for _, s := range picked {
		for r, na := range columns.Missing(s) {
			drop[r] = drop[r] || na
		}
	}
	rows := make([]int, 0, len(drop))
	for r, d := range drop {
		if !d {
			rows = append(rows, r)
		}
	}
	return columns.TakeRows(df, rows), nil
}

// FillNA puts a value where one is missing: into the columns that are named, or
// into all that can hold it (a number into columns of numbers, a text into
// those of text). A column of Int that gets a fraction becomes one of Float.
func FillNA(df dataframe.DataFrame, value any, names ...string) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if whole, ok := value.(int); ok {
		value = float64(whole)
	}
	switch value.(type) {
	case float64, string, bool:
	default:
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: FillNA: a %T cannot be put into a column: give a number, a text, true or false", value)
	}
	for _, name := range names {
		if _, err := columnIndex(df.Names(), name); err != nil {
			return dataframe.DataFrame{}, err
		}
	}
	all := slices.Clone(columns.All(df))
	for c, s := range all {
		if len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		if !columns.HasMissing(s) && (len(names) == 0 || goesInto(value, s.Type())) {
			continue
		}
		filled, ok := fillMissing(s, value)
		if !ok && len(names) > 0 {
			return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: FillNA: column %q is of %ss, into which %v does not go", s.Name, typeName(s.Type()), quoted(value))
		}
		if ok {
			all[c] = filled
		}
	}
	return columns.Frame(all), nil
}

// goesInto reports whether a value can be in a column of a type.
func goesInto(value any, t series.Type) bool {
	switch value.(type) {
	case string:
		return t == series.String
	case bool:
		return t == series.Bool
	default:
		return t == series.Int || t == series.Float
	}
}

func quoted(value any) string {
	if text, ok := value.(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(value)
}

// fillMissing fills one column, and reports whether the value goes into it.
func fillMissing(s series.Series, value any) (series.Series, bool) {
	switch v := value.(type) {
	case string:
		if s.Type() == series.String {
			return columns.Series(s.Name, fillCells(columns.Of[string](s), v)), true
		}
	case bool:
		if s.Type() == series.Bool {
			return columns.Series(s.Name, fillCells(columns.Of[bool](s), v)), true
		}
	case float64:
		switch {
		case s.Type() == series.Int && v == float64(int(v)):
			return columns.Series(s.Name, fillCells(columns.Of[int](s), int(v))), true
		case s.Type() == series.Int || s.Type() == series.Float:
			numbers := columns.Numbers(s)
			cells := make([]columns.Cell[float64], len(numbers))
			for r, x := range numbers {
				if cells[r].V = x; x != x {
					cells[r].V = v
				}
			}
			return columns.Series(s.Name, cells), true
		}
	}
	return s, false
}

func fillCells[T columns.Value](cells []columns.Cell[T], v T) []columns.Cell[T] {
	out := slices.Clone(cells)
	for r := range out {
		if out[r].NA {
			out[r] = columns.Cell[T]{V: v}
		}
	}
	return out
}

// typeName is what a column's values are called in a sentence.
func typeName(t series.Type) string {
	switch t {
	case series.Int, series.Float:
		return "number"
	case series.Bool:
		return "truth value"
	default:
		return "text"
	}
}
