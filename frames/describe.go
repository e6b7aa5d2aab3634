package frames

import (
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Describe tells what is in each column, a row for each: its type, the number
// of values that are there (count) and of those that are not (missing), how
// many are different (unique), of numbers mean, std (with the divisor n - 1),
// min, 25%, 50%, 75% and max, and of texts and truth values the most frequent
// (top, the first of several) and how often it comes (freq).
func Describe(df dataframe.DataFrame) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	if df.Ncol() == 0 {
		return dataframe.DataFrame{}, frame.Errorf(ErrEmpty, "frames: Describe: the table has no columns")
	}
	all := columns.All(df)
	n := len(all)
	names, types, tops := make([]columns.Cell[string], n), make([]columns.Cell[string], n), make([]columns.Cell[string], n)
	counts, gaps, uniques, freqs := make([]columns.Cell[int], n), make([]columns.Cell[int], n), make([]columns.Cell[int], n), make([]columns.Cell[int], n)
	statistics := make([][]columns.Cell[float64], len(statisticNames))
	for i := range statistics {
		statistics[i] = make([]columns.Cell[float64], n)
		for c := range statistics[i] {
			statistics[i][c].NA = true
		}
	}
	for c, s := range all {
		names[c].V, types[c].V = s.Name, string(s.Type())
		for _, na := range columns.Missing(s) {
			if na {
				gaps[c].V++
			}
		}
		counts[c].V = s.Len() - gaps[c].V
		tops[c].NA, freqs[c].NA = true, true
		if number(s.Type()) {
			sorted := columns.SortedNumbers(s)
			uniques[c].V = len(slices.Compact(slices.Clone(sorted)))
			for i, v := range statisticsOf(s, sorted) {
				statistics[i][c] = columns.Cell[float64]{V: v, NA: v != v}
			}
			continue
		}
		g := columns.GroupRows([]series.Series{s})
		uniques[c].V = len(g.First)
		if gaps[c].V > 0 {
			uniques[c].V--
		}
		best := -1
		sizes := g.Sizes()
		for group, first := range g.First {
			if !s.Elem(first).IsNA() && (best < 0 || sizes[group] > sizes[best]) {
				best = group
			}
		}
		if best >= 0 {
			tops[c] = columns.Cell[string]{V: elementText(s.Elem(g.First[best]))}
			freqs[c] = columns.Cell[int]{V: sizes[best]}
		}
	}
	out := []series.Series{
		columns.Series("column", names), columns.Series("type", types),
		columns.Series("count", counts), columns.Series("missing", gaps), columns.Series("unique", uniques),
	}
	for i, name := range statisticNames {
		out = append(out, columns.Series(name, statistics[i]))
	}
	return columns.Frame(append(out, columns.Series("top", tops), columns.Series("freq", freqs))), nil
}

var statisticNames = []string{"mean", "std", "min", "25%", "50%", "75%", "max"}

// statisticsOf returns what statisticNames names, of a column and its numbers
// in order.
func statisticsOf(s series.Series, sorted []float64) [7]float64 {
	whole := columns.Groups{Of: make([]int, s.Len()), First: []int{0}}
	return [...]float64{
		columns.MeanIn(whole, s).Elem(0).Float(), columns.StdIn(whole, s).Elem(0).Float(), columns.Quantile(sorted, 0),
		columns.Quantile(sorted, .25), columns.Quantile(sorted, .5), columns.Quantile(sorted, .75), columns.Quantile(sorted, 1),
	}
}
