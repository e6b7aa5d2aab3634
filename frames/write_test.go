package frames

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// TestWriteCSVPandas compares with what pandas wrote: testdata/make_csv.py.
func TestWriteCSVPandas(t *testing.T) {
	data, err := os.ReadFile("testdata/csv.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, CSV string
		Columns   []struct {
			Name, Type string
			Values     []*string
		}
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, tc := range cases {
		t.Run(tc.Name, func(t *testing.T) {
			var names []string
			var columns []series.Series
			for _, c := range tc.Columns {
				names = append(names, c.Name)
				columns = append(columns, goldenColumn(t, series.Type(c.Type), c.Values))
			}
			df, err := frame.New(names, columns)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := WriteCSV(&b, df); err != nil {
				t.Fatal(err)
			}
			if b.String() != tc.CSV {
				t.Errorf("got\n%q\npandas writes\n%q", b.String(), tc.CSV)
			}
		})
	}
}

func goldenColumn(t *testing.T, kind series.Type, values []*string) series.Series {
	t.Helper()
	s := series.New(make([]int, len(values)), kind, "")
	for i, v := range values {
		switch {
		case v == nil:
			s.Elem(i).Set(nil)
		case kind == series.String:
			s.Elem(i).Set(frame.Text([]string{*v}, false).Elem(0))
		case kind == series.Float:
			f, err := strconv.ParseFloat(*v, 64)
			if err != nil {
				t.Fatal(err)
			}
			s.Elem(i).Set(f)
		default:
			s.Elem(i).Set(*v)
		}
	}
	return s
}

func TestWriteCSVErrors(t *testing.T) {
	full := errors.New("disk full")
	big := dataframe.New(series.New(make([]float64, 100_000), series.Float, "x"))
	for _, tc := range []struct {
		name string
		df   dataframe.DataFrame
		want string
	}{
		{"error inside", dataframe.New(), "empty DataFrame"},
		{"unknown column", big.Select("nope"), "carries an error"},
		{"writer fails", big, "disk full"},
		{"writer fails at the end", big.Subset([]int{0}), "disk full"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := WriteCSV(failingWriter{full}, tc.df)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestAppendFloatRoundTrips(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), 1e-4, math.Nextafter(1e-4, 0), 1e16, math.Nextafter(1e16, 0), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		text := string(frame.AppendFloat(nil, v))
		if got, err := strconv.ParseFloat(text, 64); err != nil || math.Float64bits(got) != math.Float64bits(v) {
			t.Errorf("%g is written %s, which reads as %g, %v", v, text, got, err)
		}
	}
}
