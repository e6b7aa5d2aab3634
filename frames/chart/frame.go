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
	if i := slices.IndexFunc(values, undrawable); i >= 0 {
		return nil, fmt.Errorf("chart: %s: %s in row %d is %s", what, column, i+1, defect(values[i]))
	}
	return values, nil
}

// huge is beyond what is drawn: sums of such numbers would overflow.
const huge = 1e300

// undrawable reports whether v has no place on an axis.
func undrawable(v float64) bool { return math.IsNaN(v) || math.Abs(v) > huge }

// defect says what is wrong with an undrawable value.
func defect(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprintf("%g: not a finite number", v)
	}
	return fmt.Sprintf("%g: too large to draw, beyond %g: divide all by a power of ten", v, huge)
}
