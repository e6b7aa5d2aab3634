package chart

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
)

// TestChartsOfAnyData draws every kind of data with every chart that takes it:
// what cannot be drawn is an error that says why, nothing panics.
func TestChartsOfAnyData(t *testing.T) {
	nan := math.NaN()
	df := dataframe.New(
		series.New([]string{"b", "a", "b", "long name of something <&>"}, series.String, "who"),
		series.New([]float64{1, nan, -2.5, 1e9}, series.Float, "n"),
		series.New([]int{1, 2, 3, 3}, series.Int, "i"),
	)
	many := make([]float64, 3000)
	for i := range many {
		many[i] = float64(i % 97)
	}
	charts := map[string]func(any, Options) (*Chart, error){"Bars": Bars, "Histogram": Histogram, "Lines": Lines, "Scatter": Scatter, "Box": Box}
	for _, test := range []struct {
		name   string
		data   any
		opt    Options
		refuse map[string]string // by chart
	}{
		{"a frame", df, Options{}, nil},
		{"a pointer to a frame", &df, Options{}, nil},
		{"a frame, named", df, Options{X: "i", Y: []string{"n"}}, nil},
		{"a frame, grouped", df, Options{X: "who", Y: []string{"n"}}, map[string]string{"Histogram": `column "who" holds texts`, "Scatter": "needs two columns of numbers"}},
		{"no such column", df, Options{X: "nope"}, all("no column \"nope\"; there are who, n, i")},
		{"texts as numbers", df, Options{Y: []string{"who"}}, all(`column "who" holds texts, not numbers`, "Histogram")},
		{"no such group", df, Options{Group: "nope"}, map[string]string{"Scatter": `no column "nope"`}},
		{"a series", df.Col("n"), Options{}, map[string]string{"Scatter": "needs two"}},
		{"numbers", []float64{3, 1, nan, 2}, Options{}, map[string]string{"Scatter": "needs two"}},
		{"whole numbers", []int{3, 1, 2}, Options{}, map[string]string{"Scatter": "needs two"}},
		{"one number", []float64{7}, Options{}, map[string]string{"Scatter": "needs two"}},
		{"many numbers", many, Options{}, map[string]string{"Scatter": "needs two"}},
		{"equal numbers", []float64{5, 5, 5}, Options{}, map[string]string{"Scatter": "needs two"}},
		{"slices", [][]float64{{1, 2, 3}, {3, 2, 1}}, Options{}, nil},
		{"slices with names", [][]float64{{1, 2, 3}, {3, 2, 1}}, Options{Names: []string{"up", "down"}}, map[string]string{"Bars": "2 names for 3 bars", "Scatter": "2 names for 1 columns"}},
		{"a matrix", mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 6}), Options{}, nil},
		{"a map", map[string]int{"a": 1, "b": 2}, Options{}, map[string]string{"Scatter": "no numbers to draw"}},
		{"nothing", []float64{}, Options{}, all("nothing to draw")},
		{"only missing", []float64{nan, nan}, Options{}, map[string]string{"Bars": "nothing to draw", "Histogram": "nothing to draw", "Lines": "nothing to draw", "Scatter": "needs two", "Box": "nothing to draw"}},
		{"texts", []string{"a", "b"}, Options{}, all("no numbers to draw")},
		{"infinite", []float64{1, math.Inf(1)}, Options{}, all("value 2 is +Inf: not a finite number")},
		{"something else", 7, Options{}, all("a int cannot be drawn")},
		{"nil", nil, Options{}, all("cannot be drawn")},
		{"a frame with an error", df.Select("nope"), Options{}, all("carries an error")},
		{"too many bins", []float64{1, 2}, Options{Bins: 10_000}, map[string]string{"Histogram": "choose 1 to 1000", "Scatter": "needs two"}},
		{"a size that is none", []float64{1, 2}, Options{Width: 1}, all("Options.Width", "Scatter")},
	} {
		for name, draw := range charts {
			c, err := draw(test.data, test.opt)
			want, refused := test.refuse[name]
			switch {
			case refused && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%s of %s: %v, want %q", name, test.name, err, want)
			case refused || test.refuse["*"] != "" && name != test.refuse["but"]:
				if want := test.refuse["*"]; !refused && (err == nil || !strings.Contains(err.Error(), want)) {
					t.Errorf("%s of %s: %v, want %q", name, test.name, err, want)
				}
			case err != nil && test.refuse["but"] != name:
				t.Errorf("%s of %s: %v", name, test.name, err)
			case err == nil:
				svg := c.SVG()
				if !strings.Contains(svg, "</svg>") || strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || len(c.PNG()) == 0 {
					t.Errorf("%s of %s: a picture that is none: %.300s", name, test.name, svg)
				}
			}
		}
	}
}

// all says that every chart refuses something but one, which may.
func all(want string, but ...string) map[string]string {
	m := map[string]string{"*": want}
	if len(but) > 0 {
		m["but"] = but[0]
	}
	return m
}

func TestHistogramCounts(t *testing.T) {
	c, err := Histogram([]float64{0, 1, 1, 2, 9.9, 10}, Options{Bins: 5})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Histogram of 6 numbers from 0 to 10 in 5 bins, the fullest with 3."; c.desc != want {
		t.Errorf("%s, want %s", c.desc, want)
	}
}

func TestFiveNumbers(t *testing.T) {
	f := summarize([]float64{1, 2, 3, 4, 100, math.NaN()})
	if f.q1 != 2 || f.median != 3 || f.q3 != 4 || f.low != 1 || f.high != 4 || len(f.beyond) != 1 || f.n != 5 {
		t.Errorf("%+v", f)
	}
}

// A picture of very many dots is no larger than one of some.
func TestManyDotsAreASmallPicture(t *testing.T) {
	x := mat.NewDense(200_000, 2, nil)
	for i := range 200_000 {
		x.Set(i, 0, math.Sin(float64(i)))
		x.Set(i, 1, math.Cos(float64(i)*1.7))
	}
	c, err := Scatter(x, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.SVG()); n > 6<<20 {
		t.Errorf("%d bytes", n)
	}
}

// Dots are coloured by a column, with its values beside the picture in their natural order.
func TestScatterColoursGroups(t *testing.T) {
	frame := func(groups ...string) dataframe.DataFrame {
		var x []int
		for i := range groups {
			x = append(x, i)
		}
		return dataframe.New(series.New(groups, series.String, "g"), series.New(x, series.Int, "x"), series.New(x, series.Int, "y"))
	}
	c, err := Scatter(frame("c10", "c2", "c10", "c1"), Options{Group: "g"})
	if err != nil {
		t.Fatal(err)
	}
	svg := c.SVG()
	if i, j, k := strings.Index(svg, ">c1<"), strings.Index(svg, ">c2<"), strings.Index(svg, ">c10<"); i < 0 || j < i || k < j {
		t.Errorf("names at %d, %d, %d", i, j, k)
	}
	if n := strings.Count(svg, page.Hex(page.Tint(page.LineColors[2], 0.8))); n != 3 { // two dots and the key
		t.Errorf("%d things in the colour of c10, want 3", n)
	}
	if !strings.HasSuffix(c.desc, " They are coloured by 3 groups.") {
		t.Error(c.desc)
	}
	names := make([]string, maxGroups+1)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	if _, err := Scatter(frame(names[:maxGroups]...), Options{Group: "g"}); err != nil {
		t.Error(err)
	}
	if _, err := Scatter(frame(names...), Options{Group: "g"}); err == nil || !strings.Contains(err.Error(), `column "g" has 13 values: at most 12`) {
		t.Error(err)
	}
}
