package columns

import (
	"math"
	"slices"

	"github.com/go-gota/gota/series"
)

// CountIn counts in each group the values that are there.
func CountIn(g Groups, s series.Series) series.Series {
	cells := make([]Cell[int], len(g.First))
	na := Missing(s)
	for r, group := range g.Of {
		if !na[r] {
			cells[group].V++
		}
	}
	return Series("", cells)
}

// DistinctIn counts in each group the different values.
func DistinctIn(g Groups, s series.Series) series.Series {
	values := groupBy(s)
	na := Missing(s)
	both := make([]Cell[int], len(g.Of))
	for r := range both {
		both[r].V = g.Of[r]*len(values.First) + values.Of[r]
	}
	cells := make([]Cell[int], len(g.First))
	for _, r := range groupInts(both).First {
		if !na[r] {
			cells[g.Of[r]].V++
		}
	}
	return Series("", cells)
}

// RowIn returns for each group the row of its first, last, smallest (min) or
// largest (max) value, -1 where it has none.
func RowIn(g Groups, s series.Series, which string) []int {
	rows := make([]int, len(g.First))
	for group := range rows {
		rows[group] = -1
	}
	na := Missing(s)
	better := func(r, than int) bool { return which == "last" }
	if which == "min" || which == "max" {
		better = comparing(s, which == "max")
	}
	for r, group := range g.Of {
		if !na[r] && (rows[group] < 0 || better(r, rows[group])) {
			rows[group] = r
		}
	}
	return rows
}

// comparing returns whether the value of row a is less than that of b, or
// greater.
func comparing(s series.Series, greater bool) func(a, b int) bool {
	if s.Type() == series.String {
		cells := Of[string](s)
		if greater {
			return func(a, b int) bool { return cells[a].V > cells[b].V }
		}
		return func(a, b int) bool { return cells[a].V < cells[b].V }
	}
	if s.Type() == series.Int {
		cells := Of[int](s)
		if greater {
			return func(a, b int) bool { return cells[a].V > cells[b].V }
		}
		return func(a, b int) bool { return cells[a].V < cells[b].V }
	}
	v := Numbers(s)
	if greater {
		return func(a, b int) bool { return v[a] > v[b] }
	}
	return func(a, b int) bool { return v[a] < v[b] }
}

// SumIn adds up each group: whole numbers as such, others with the error of
// rounding carried along (Kahan 1965, doi:10.1145/363707.363723), as pandas
// does it.
func SumIn(g Groups, s series.Series) series.Series {
	if s.Type() != series.Float {
		cells := make([]Cell[int], len(g.First))
		if s.Type() == series.Bool {
			for r, c := range Of[bool](s) {
				if c.V && !c.NA {
					cells[g.Of[r]].V++
				}
			}
		} else {
			for r, c := range Of[int](s) {
				if !c.NA {
					cells[g.Of[r]].V += c.V
				}
			}
		}
		return Series("", cells)
	}
	sums, _ := sums(g, Numbers(s))
	return ofNumbers(sums)
}

// sums adds up the numbers of each group, and counts them.
func sums(g Groups, v []float64) (sum []float64, n []int) {
	sum, n = make([]float64, len(g.First)), make([]int, len(g.First))
	lost := make([]float64, len(g.First))
	for r, group := range g.Of {
		x := v[r]
		if x != x {
			continue
		}
		n[group]++
		y := x - lost[group]
		t := sum[group] + y
		lost[group] = t - sum[group] - y
		if math.IsInf(t, 0) { // what is lost beside infinity is no number
			lost[group] = 0
		}
		sum[group] = t
	}
	return sum, n
}

// ofNumbers makes a column of numbers, of which NaN is missing.
func ofNumbers(v []float64) series.Series {
	cells := make([]Cell[float64], len(v))
	for i, x := range v {
		cells[i] = Cell[float64]{x, x != x}
	}
	return Series("", cells)
}

// MeanIn returns each group's mean.
func MeanIn(g Groups, s series.Series) series.Series {
	sum, n := sums(g, Numbers(s))
	for group := range sum {
		sum[group] /= float64(n[group]) // NaN where there is none
	}
	return ofNumbers(sum)
}

// StdIn returns each group's standard deviation, with the divisor n - 1, from
// means that are updated value by value (Welford 1962,
// doi:10.1080/00401706.1962.10490022).
func StdIn(g Groups, s series.Series) series.Series {
	mean, squares, n := make([]float64, len(g.First)), make([]float64, len(g.First)), make([]float64, len(g.First))
	for r, x := range Numbers(s) {
		if x != x {
			continue
		}
		group := g.Of[r]
		n[group]++
		d := x - mean[group]
		mean[group] += d / n[group]
		squares[group] += d * (x - mean[group])
	}
	for group := range squares {
		if n[group] < 2 {
			squares[group] = nan
			continue
		}
		squares[group] = math.Sqrt(squares[group] / (n[group] - 1))
	}
	return ofNumbers(squares)
}

// MedianIn returns each group's median.
func MedianIn(g Groups, s series.Series) series.Series {
	rows, begin := g.Rows()
	v := Numbers(s)
	sorted := make([]float64, len(rows))
	for i, r := range rows {
		sorted[i] = v[r]
	}
	out := make([]float64, len(g.First))
	for group := range out {
		part := slices.DeleteFunc(sorted[begin[group]:begin[group+1]], math.IsNaN)
		slices.Sort(part)
		out[group] = Quantile(part, .5)
	}
	return ofNumbers(out)
}

// Quantile returns a quantile of sorted numbers, with a straight line between
// two of them: the default of pandas and NumPy.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return nan
	}
	at := q * float64(len(sorted)-1)
	lo := int(at)
	hi := min(lo+1, len(sorted)-1)
	a, b, t := sorted[lo], sorted[hi], at-float64(lo)
	if t >= .5 { // as NumPy's _lerp, so that the result is the same
		return b - (b-a)*(1-t)
	}
	return a + (b-a)*t
}
