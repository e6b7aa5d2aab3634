package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
)

// A variable is a column of what is to be drawn: numbers, of which NaN is
// missing, or texts.
type variable struct {
	name    string
	numbers []float64 // nil where it is of texts
	texts   []string
}

func (v variable) len() int { return max(len(v.numbers), len(v.texts)) }

// labels returns the values as they are written beside a picture.
func (v variable) labels() []string {
	if v.texts != nil {
		return page.CleanAll(v.texts)
	}
	out := make([]string, len(v.numbers))
	for i, x := range v.numbers {
		out[i] = minus(strconv.FormatFloat(x, 'g', 6, 64))
	}
	return out
}

// variablesOf reads what a chart of any data is given: a DataFrame, a Series, a
// slice of numbers or texts, a slice of slices, a matrix (its columns) or a map
// from names to numbers, in the order of its names.
func variablesOf(data any) ([]variable, error) {
	switch data := data.(type) {
	case dataframe.DataFrame:
		if data.Err != nil {
			return nil, fmt.Errorf("chart: the DataFrame carries an error: %w", data.Err)
		}
		var out []variable
		for c, name := range data.Names() {
			v, err := variableOf(data.Select(c).Col(data.Select(c).Names()[0]))
			if err != nil {
				return nil, err
			}
			v.name = name
			out = append(out, v)
		}
		return checkVariables(out)
	case *dataframe.DataFrame:
		if data != nil {
			return variablesOf(*data)
		}
	case series.Series:
		v, err := variableOf(data)
		if err != nil {
			return nil, err
		}
		return checkVariables([]variable{v})
	case []float64:
		return checkVariables([]variable{{numbers: slices.Clone(data)}})
	case []int:
		return checkVariables([]variable{{numbers: floats(data)}})
	case []string:
		return checkVariables([]variable{{texts: data}})
	case [][]float64:
		var out []variable
		for _, v := range data {
			out = append(out, variable{numbers: slices.Clone(v)})
		}
		return checkVariables(out)
	case map[string]float64:
		return ofMap(data)
	case map[string]int:
		counts := make(map[string]float64, len(data))
		for name, n := range data {
			counts[name] = float64(n)
		}
		return ofMap(counts)
	case mat.Matrix:
		rows, cols := data.Dims()
		var out []variable
		for j := range cols {
			out = append(out, variable{numbers: mat.Col(make([]float64, rows), j, data)})
		}
		return checkVariables(out)
	}
	return nil, fmt.Errorf("chart: a %T cannot be drawn: pass a DataFrame, a Series, slices of numbers, a matrix or a map from names to numbers", data)
}

func floats(ints []int) []float64 {
	out := make([]float64, len(ints))
	for i, v := range ints {
		out[i] = float64(v)
	}
	return out
}

func ofMap(m map[string]float64) ([]variable, error) {
	var names, values variable
	for name := range m {
		names.texts = append(names.texts, name)
	}
	sortNaturally(names.texts)
	for _, name := range names.texts {
		values.numbers = append(values.numbers, m[name])
	}
	return checkVariables([]variable{names, values})
}

func variableOf(s series.Series) (variable, error) {
	if s.Err != nil {
		return variable{}, fmt.Errorf("chart: the Series carries an error: %w", s.Err)
	}
	v := variable{name: s.Name}
	switch s.Type() {
	case series.Int, series.Float:
		v.numbers = s.Float()
		if v.numbers == nil {
			v.numbers = []float64{}
		}
	default:
		if v.texts = s.Records(); v.texts == nil {
			v.texts = []string{}
		}
	}
	return v, nil
}

// checkVariables returns an error for numbers that have no place on an axis;
// missing ones may be there.
func checkVariables(vs []variable) ([]variable, error) {
	for _, v := range vs {
		for i, x := range v.numbers {
			if !math.IsNaN(x) && undrawable(x) {
				where := fmt.Sprintf("value %d", i+1)
				if v.name != "" {
					where = fmt.Sprintf("column %q, row %d,", v.name, i+1)
				}
				return nil, fmt.Errorf("chart: %s is %s", where, defect(x))
			}
		}
	}
	if len(vs) == 0 || vs[0].len() == 0 {
		return nil, errNoData
	}
	return vs, nil
}

var errNoData = errors.New("chart: there is nothing to draw: pass at least one value")

// columnNamed returns the variable of a name.
func columnNamed(vs []variable, name string) (variable, error) {
	var names []string
	for _, v := range vs {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
	}
	return variable{}, fmt.Errorf("chart: no column %q; there are %s", name, strings.Join(names, ", "))
}

// choose returns what is drawn along the horizontal axis (nil if nothing says
// so) and what is drawn over it: what X and Y of the Options name, else the
// first column that label suits, and all columns of numbers beside it.
func (o Options) choose(vs []variable, label func(variable) bool) (x *variable, ys []variable, err error) {
	if o.X != "" {
		v, err := columnNamed(vs, o.X)
		if err != nil {
			return nil, nil, err
		}
		x = &v
	}
	for _, name := range o.Y {
		v, err := columnNamed(vs, name)
		if err != nil {
			return nil, nil, err
		}
		if v.numbers == nil {
			return nil, nil, fmt.Errorf("chart: column %q holds texts, not numbers", name)
		}
		ys = append(ys, v)
	}
	if x == nil && len(vs) > 1 {
		for _, v := range vs {
			if label(v) && !slices.Contains(o.Y, v.name) {
				x = &v
				break
			}
		}
	}
	if o.Y == nil {
		for _, v := range vs {
			if v.numbers != nil && (x == nil || !sameVariable(v, *x)) {
				ys = append(ys, v)
			}
		}
	}
	if len(ys) == 0 {
		return nil, nil, errors.New("chart: there are no numbers to draw: name a column of numbers in Options.Y")
	}
	if len(o.Names) > 0 {
		if len(o.Names) != len(ys) {
			return nil, nil, fmt.Errorf("chart: Options.Names has %d names for %d columns", len(o.Names), len(ys))
		}
		for i := range ys {
			ys[i].name = o.Names[i]
		}
	}
	if len(ys) > 1 {
		for i := range ys {
			ys[i].name = or(ys[i].name, strconv.Itoa(i))
		}
	}
	return x, ys, nil
}

// sameVariable reports whether two variables are one column.
func sameVariable(a, b variable) bool {
	switch {
	case a.numbers != nil && b.numbers != nil:
		return &a.numbers[0] == &b.numbers[0]
	case a.texts != nil && b.texts != nil:
		return &a.texts[0] == &b.texts[0]
	}
	return false
}

// extent returns the least and the largest of some numbers, and whether there
// are any.
func extent(vs ...[]float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range vs {
		for _, x := range v {
			if !math.IsNaN(x) {
				lo, hi = min(lo, x), max(hi, x)
			}
		}
	}
	return lo, hi, lo <= hi
}
