package frames

import (
	"time"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Dates rewrites columns of dates or times in the form that sorts and compares
// as time does, and that pandas prints: 2024-02-29, or 2024-02-29 13:45:00
// where any has a time of day. All values of a column must be written in one
// way: the year first, or a month by its name, or, as pandas takes it, the month
// before the day (10/2/2024 is the 2nd of October) unless a day above 12 says
// otherwise, or the day first with dots (2.10.2024). The expressions of [Where]
// take such texts apart: year(date), month(date), weekday(date).
func Dates(df dataframe.DataFrame, names ...string) (dataframe.DataFrame, error) {
	picked, err := find(df, names, "Dates")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	for _, s := range picked {
		if s.Type() != series.String {
			return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: Dates: column %q is of %ss: dates are read from text", s.Name, typeName(s.Type()))
		}
		cells := columns.Of[string](s)
		times, err := columns.ParseTimes(cells)
		if err != nil {
			return dataframe.DataFrame{}, frame.Errorf(ErrExpression, "frames: Dates: column %q, %v", s.Name, err)
		}
		layout := time.DateOnly
		for _, t := range times {
			if t.Hour() != 0 || t.Minute() != 0 || t.Second() != 0 {
				layout = time.DateTime
				break
			}
		}
		out := make([]columns.Cell[string], len(cells))
		for r, t := range times {
			if out[r].NA = cells[r].NA; !out[r].NA {
				out[r].V = t.Format(layout)
			}
		}
		df = with(df, columns.Series(s.Name, out))
	}
	return df, nil
}
