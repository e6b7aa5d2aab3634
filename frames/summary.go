package frames

import (
	"fmt"
	"slices"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// Summarize tells how predict_num depends on num, both columns of a DataFrame
// that [Coverage] made. Its columns are num, min, median, mean, max, and num
// increases; from 10 on it is floored to tens, so that the row of 20 is about
// the items with 20 to 29 observations.
func Summarize(coverage dataframe.DataFrame) (dataframe.DataFrame, error) {
	if err := frame.Check(coverage); err != nil {
		return dataframe.DataFrame{}, err
	}
	nums, err := counts(coverage, "num")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	predicted, err := counts(coverage, "predict_num")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	groups := make(map[int][]int)
	for r, num := range nums {
		if num >= 10 {
			num -= num % 10
		}
		groups[num] = append(groups[num], predicted[r])
	}
	var keys, least, most []int
	var median, mean []float64
	for num := range groups {
		keys = append(keys, num)
	}
	slices.Sort(keys)
	for _, num := range keys {
		g := groups[num]
		slices.Sort(g)
		n := len(g)
		sum := 0
		for _, v := range g {
			sum += v
		}
		least, most = append(least, g[0]), append(most, g[n-1])
		median = append(median, float64(g[(n-1)/2]+g[n/2])/2)
		mean = append(mean, float64(sum)/float64(n))
	}
	return frame.New([]string{"num", "min", "median", "mean", "max"},
		[]series.Series{series.Ints(keys), series.Ints(least), series.Floats(median), series.Floats(mean), series.Ints(most)})
}

// counts reads a column of whole numbers of 0 or more.
func counts(df dataframe.DataFrame, name string) ([]int, error) {
	c, err := columnIndex(df.Names(), name)
	if err != nil {
		return nil, err
	}
	out := make([]int, df.Nrow())
	for r := range out {
		e := df.Elem(r, c)
		v, err := e.Int()
		switch {
		case e.IsNA():
			return nil, frame.At(&CellError{Detail: "the count is missing", Err: ErrMissing}, r+1, 0, name)
		case err != nil || v < 0 || e.Type() == series.Float && float64(v) != e.Float():
			return nil, frame.At(&CellError{Detail: fmt.Sprintf("%q is not a whole number of 0 or more", frame.Shorten(elementText(e))), Err: ErrNotNumber}, r+1, 0, name)
		}
		out[r] = v
	}
	return out, nil
}
