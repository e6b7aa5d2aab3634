package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
)

func TestComponentsGolden(t *testing.T) {
	names := strings.Fields("ada alan alonzo barbara donald edsger frances grace john kurt leslie maurice noether peter richard shafi tim tony turing wirth")
	w, err := Components(blockMatrix(20, 4), names, Options{Title: "W"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "components-w", w)
	h, err := Components(blockMatrix(400, 4).T(), nil, Options{Title: "H", Relative: true, Names: []string{"one", "two", "three", "four"}})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "components-h", h)
	readable(t, w)
	readable(t, h)
}

// labelsWith returns the texts of c that begin with prefix, from top to
// bottom and from left to right.
func labelsWith(t *testing.T, c *Chart, prefix string) []string {
	t.Helper()
	var out []string
	for _, l := range labelsOf(t, c) {
		if strings.HasPrefix(l.text, prefix) {
			out = append(out, l.text)
		}
	}
	return out
}

func TestComponentsOrder(t *testing.T) {
	w := mat.NewDense(4, 2, []float64{1, 3, 5, 4, 0, 9, 4, 0})
	labels := []string{"row0", "row1", "row2", "row3"}
	for _, tc := range []struct {
		name string
		opt  Options
		want []string
	}{
		{"clustered", Options{}, []string{"row1", "row3", "row2", "row0"}},
		{"as it comes", Options{KeepOrder: true}, labels},
		{"the strongest", Options{Top: 1}, []string{"row1", "row2"}},
		{"the strongest as they come", Options{Top: 1, KeepOrder: true}, []string{"row1", "row2"}},
		{"relative to the component", Options{Relative: true}, []string{"row1", "row3", "row2", "row0"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for side, m := range map[string]mat.Matrix{"W": mat.NewDense(4, 2, w.RawMatrix().Data), "H": w.T()} {
				c, err := Components(m, labels, tc.opt)
				if err != nil {
					t.Fatal(err)
				}
				if got := labelsWith(t, c, "row"); !slices.Equal(got, tc.want) {
					t.Errorf("%s: labels %q, want %q", side, got, tc.want)
				}
			}
		})
	}
}

func TestComponentsEdges(t *testing.T) {
	for _, tc := range []struct {
		name string
		m    mat.Matrix
	}{
		{"one entry", mat.NewDense(1, 1, []float64{3})},
		{"one row", mat.NewDense(1, 5, []float64{1, 2, 3, 4, 5})},
		{"all zero", mat.NewDense(7, 3, nil)},
		{"all equal", mat.NewDense(2, 2, []float64{4, 4, 4, 4})},
		{"negative", mat.NewDense(2, 2, []float64{-4, 4, 2, 1})},
		{"denormal", mat.NewDense(2, 2, []float64{5e-324, 0, 0, 1e-310})},
		{"as large as can be", mat.NewDense(2, 2, []float64{1e290, -1e290, 0, 1})},
	} {
		for _, relative := range []bool{false, true} {
			t.Run(tc.name, func(t *testing.T) {
				c, err := Components(tc.m, nil, Options{Relative: relative})
				if err != nil {
					t.Fatal(err)
				}
				drawable(t, c)
			})
		}
	}
}

func TestComponentsErrors(t *testing.T) {
	ok := mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 6})
	for _, tc := range []struct {
		name   string
		m      mat.Matrix
		labels []string
		opt    Options
		want   []string
	}{
		{"nil", nil, nil, Options{}, []string{"factor is nil"}},
		{"nil pointer", (*mat.Dense)(nil), nil, Options{}, []string{"factor is nil"}},
		{"empty", &mat.Dense{}, nil, Options{}, []string{"factor is empty (0 x 0)"}},
		{"labels", ok, []string{"a"}, Options{}, []string{"1 labels", "3 x 2"}},
		{"names", ok, nil, Options{Names: []string{"a"}}, []string{"1 names for 2 components"}},
		{"top", ok, nil, Options{Top: -1}, []string{"Options.Top = -1"}},
		{"NaN", mat.NewDense(3, 2, []float64{1, 2, 3, math.NaN(), 5, 6}), nil, Options{}, []string{"factor[1,1] is NaN"}},
		{"infinite", mat.NewDense(3, 2, []float64{1, 2, 3, 4, math.Inf(-1), 6}), nil, Options{}, []string{"factor[2,0] is -Inf"}},
		{"too large", mat.NewDense(3, 2, []float64{1, 2, 3, 4, 5, 1e301}), nil, Options{}, []string{"factor[2,1] is 1e+301", "too large", "divide"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Components(tc.m, tc.labels, tc.opt)
			wantError(t, err, tc.want...)
		})
	}
}

// TestHuge draws a million rows by a thousand columns, a matrix that would
// take 8 GB if it were dense.
func TestHuge(t *testing.T) {
	const n, m, nnz = 1_000_000, 1000, 200_000
	i, j, v := make([]int, nnz), make([]int, nnz), make([]float64, nnz)
	for e := range nnz {
		i[e], j[e], v[e] = e*7919%n, e*104_729%m, float64(1+e%9)
	}
	x, err := sparse.FromTriplets(n, m, i, j, v)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Components(x, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if size := len(c.SVG()); size > 800_000 {
		t.Errorf("the SVG has %d bytes", size)
	}
}
