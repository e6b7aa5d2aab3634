package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// numbersOf returns a column of numbers, all of them finite. what names the
// frame in errors.
func numbersOf(df dataframe.DataFrame, what, column string) ([]float64, error) {
	if err := df.Error(); err != nil {
		return nil, fmt.Errorf("chart: %s: %w", what, err)
	}
	if !slices.Contains(df.Names(), column) {
		return nil, fmt.Errorf("chart: %s has no column %q, only %s", what, column, strings.Join(df.Names(), ", "))
	}
	col := df.Col(column)
	if t := col.Type(); t != series.Int && t != series.Float {
		return nil, fmt.Errorf("chart: %s: column %q holds %ss, not numbers", what, column, t)
	}
	values := col.Float()
	if i := firstNotFinite(values); i >= 0 {
		return nil, fmt.Errorf("chart: %s: %s in row %d is %g: not a finite number", what, column, i+1, values[i])
	}
	return values, nil
}

// firstNotFinite returns the index of the first NaN or infinity, or -1.
func firstNotFinite(values []float64) int {
	return slices.IndexFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}
