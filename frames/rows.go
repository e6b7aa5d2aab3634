package frames

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Head returns the first n rows.
func Head(df dataframe.DataFrame, n int) (dataframe.DataFrame, error) {
	return someRows(df, n, func(rows int) (lo, hi int) { return 0, min(n, rows) })
}

// Tail returns the last n rows.
func Tail(df dataframe.DataFrame, n int) (dataframe.DataFrame, error) {
	return someRows(df, n, func(rows int) (lo, hi int) { return max(0, rows-n), rows })
}

func someRows(df dataframe.DataFrame, n int, which func(rows int) (lo, hi int)) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if n < 0 {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: %d rows: want 0 or more", n)
	}
	return columns.TakeRows(df, span(which(df.Nrow()))), nil
}

// span returns the numbers from lo up to hi.
func span(lo, hi int) []int {
	rows := make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	return rows
}

// Sample returns n rows drawn without replacement, all if there are not more,
// in the order in which they were drawn. The same seed draws the same rows.
func Sample(df dataframe.DataFrame, n int, seed uint64) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if n < 0 {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: a sample of %d rows: want 0 or more", n)
	}
	rows := span(0, df.Nrow())
	random := rand.New(rand.NewPCG(seed, 0))
	n = min(n, len(rows))
	for i := range n {
		j := i + random.IntN(len(rows)-i)
		rows[i], rows[j] = rows[j], rows[i]
	}
	return columns.TakeRows(df, rows[:n]), nil
}

// Sort returns the rows in the order of some columns, the first counting most.
// A column with a minus before its name, as in "-weight", goes down. Numbers
// are sorted by value and texts bytewise, missing values come last, and rows
// that are equal keep their order.
func Sort(df dataframe.DataFrame, by ...string) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if len(by) == 0 {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, `frames: Sort by which columns? Name them: Sort(df, "item_id", "-weight")`)
	}
	names := df.Names()
	keys := make([]series.Series, len(by))
	down := make([]bool, len(by))
	all := columns.All(df)
	for k, name := range by {
		c := slices.Index(names, name)
		if rest, minus := strings.CutPrefix(name, "-"); c < 0 && minus {
			down[k], name = true, rest
		}
		var err error
		if c, err = columnIndex(names, name); err != nil {
			return dataframe.DataFrame{}, err
		}
		keys[k] = all[c]
	}
	return columns.TakeRows(df, columns.Order(keys, down)), nil
}

// Select returns some columns, in the order in which they are named.
func Select(df dataframe.DataFrame, names ...string) (dataframe.DataFrame, error) {
	picked, err := find(df, names, "Select")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	for c := range picked {
		picked[c] = picked[c].Copy()
	}
	return columns.Frame(picked), nil
}

// Unique returns the distinct rows of some columns, of all if none is named, in
// the order in which they first come.
func Unique(df dataframe.DataFrame, by ...string) (dataframe.DataFrame, error) {
	if len(by) == 0 {
		by = df.Names()
	}
	keys, err := find(df, by, "Unique")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	return columns.TakeRows(columns.Frame(keys), columns.GroupRows(keys).First), nil
}

// find returns the columns that are named, at least one.
func find(df dataframe.DataFrame, by []string, verb string) ([]series.Series, error) {
	if err := frame.Check(df); err != nil {
		return nil, err
	}
	if len(by) == 0 {
		return nil, frame.Errorf(ErrArgument, "frames: %s: name at least one column; it has %s", verb, listNames(df.Names()))
	}
	names, all := df.Names(), columns.All(df)
	found := make([]series.Series, len(by))
	for k, name := range by {
		c, err := columnIndex(names, name)
		if err != nil {
			return nil, err
		}
		found[k] = all[c]
	}
	return found, nil
}
