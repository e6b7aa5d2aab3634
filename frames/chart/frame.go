package chart

import (
	"fmt"
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
	if i := slices.IndexFunc(values, undrawable); i >= 0 {
		return nil, fmt.Errorf("chart: %s: %s in row %d is %s", what, column, i+1, defect(values[i]))
	}
	return values, nil
}
