package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// frame makes a DataFrame of number columns.
func frame(names string, columns ...[]float64) dataframe.DataFrame {
	var s []series.Series
	for i, name := range strings.Split(names, ",") {
		s = append(s, series.New(columns[i], series.Float, name))
	}
	return dataframe.New(s...)
}

// study makes a coverage study: the more observations, the more users.
func study() (coverage, summary dataframe.DataFrame) {
	var num, reached []float64
	for i := range 900 {
		u := float64(i*37%900) / 900
		n := math.Floor(math.Pow(400, u*u))
		num = append(num, n)
		reached = append(reached, math.Round(600*n/(n+3+float64(i%7))))
	}
	group := func(n float64) float64 {
		if n >= 10 {
			return math.Floor(n/10) * 10
		}
		return n
	}
	of := map[float64][]float64{}
	for i, n := range num {
		of[group(n)] = append(of[group(n)], reached[i])
	}
	var rows [5][]float64
	keys := make([]float64, 0, len(of))
	for n := range of {
		keys = append(keys, n)
	}
	slices.Sort(keys)
	for _, n := range keys {
		v := of[n]
		slices.Sort(v)
		var sum float64
		for _, x := range v {
			sum += x
		}
		for i, x := range []float64{n, v[0], quantile(v, 0.5), sum / float64(len(v)), v[len(v)-1]} {
			rows[i] = append(rows[i], x)
		}
	}
	return frame("num,predict_num", num, reached), frame("num,min,median,mean,max", rows[:]...)
}

func TestCoverageGolden(t *testing.T) {
	coverage, summary := study()
	c, err := Coverage(coverage, summary, Options{Title: "Coverage", Subtitle: "900 items"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "coverage", c)
	all := texts(t, c)
	for _, want := range []string{"1", "10", "100", "median", "3rd quartile", "items", "observations of the item"} {
		if !slices.Contains(all, want) {
			t.Errorf("no text %q among %q", want, all)
		}
	}
}

func TestCoverageWithoutItems(t *testing.T) {
	_, summary := study()
	c, err := Coverage(dataframe.DataFrame{}, summary, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if all := texts(t, c); slices.Contains(all, "items") || slices.Contains(all, "1st quartile") {
		t.Errorf("quartiles or items drawn without a coverage frame: %q", all)
	}
}

func TestCoverageEdges(t *testing.T) {
	for _, tc := range []struct {
		name    string
		summary dataframe.DataFrame
	}{
		{"one group", frame("num,min,median,mean,max", []float64{7}, []float64{1}, []float64{2}, []float64{3}, []float64{4})},
		{"no observations", frame("num,min,median,mean,max", []float64{0}, []float64{0}, []float64{0}, []float64{0}, []float64{0})},
		{"zero and more", frame("num,min,median,mean,max", []float64{0, 1, 1e6}, []float64{0, 1, 2}, []float64{1, 1, 2}, []float64{1, 1.5, 2}, []float64{3, 3, 2})},
		{"mean off by rounding", frame("num,min,median,mean,max", []float64{1}, []float64{612}, []float64{612}, []float64{math.Nextafter(612, 613)}, []float64{612})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Coverage(dataframe.DataFrame{}, tc.summary, Options{})
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
		})
	}
}

func TestCoverageErrors(t *testing.T) {
	good := func() [][]float64 { return [][]float64{{1, 2}, {1, 1}, {2, 2}, {2, 2}, {3, 3}} }
	none := dataframe.DataFrame{}
	broken := dataframe.New()
	for _, tc := range []struct {
		name              string
		coverage, summary dataframe.DataFrame
		want              []string
	}{
		{"failed coverage", broken, frame("num,min,median,mean,max", good()...), []string{"coverage: ", "empty DataFrame"}},
		{"failed summary", none, broken, []string{"coverage summary", "empty DataFrame"}},
		{"missing column", none, frame("num,min,median,mean", good()...), []string{`no column "max"`, "num, min, median, mean"}},
		{"text column", none, dataframe.New(series.New([]string{"a"}, series.String, "num")), []string{`"num" holds strings`}},
		{"NaN", none, frame("num,min,median,mean,max", []float64{1, 2}, []float64{1, math.NaN()}, []float64{2, 2}, []float64{2, 2}, []float64{3, 3}), []string{"min in row 2 is NaN"}},
		{"negative num", none, frame("num,min,median,mean,max", []float64{1, -2}, []float64{1, 1}, []float64{2, 2}, []float64{2, 2}, []float64{3, 3}), []string{"row 2 is -2"}},
		{"out of order", none, frame("num,min,median,mean,max", []float64{1, 2}, []float64{1, 4}, []float64{2, 2}, []float64{2, 2}, []float64{3, 3}), []string{"row 2 (num 2)", "not in order"}},
		{"other study", frame("num,predict_num", []float64{0}, []float64{1}), frame("num,min,median,mean,max", good()...), []string{"row 1 has num 0", "first group of the summary, 1"}},
		{"no rows", none, frame("num,min,median,mean,max", nil, nil, nil, nil, nil), []string{"no rows"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Coverage(tc.coverage, tc.summary, Options{})
			wantError(t, err, tc.want...)
		})
	}
}

func TestCountAxisHasTwoNumbers(t *testing.T) {
	for n := range 3000 {
		if a := countAxis(float64(n)); len(a.ticks) < 2 {
			t.Errorf("%d items: numbers %v", n, a.ticks)
		}
	}
}
