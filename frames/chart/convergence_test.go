package chart

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonmf/frames/chart/internal/page"
)

func decay(n int, from, to, speed float64) []float64 {
	errs := make([]float64, n)
	for i := range errs {
		errs[i] = to + (from-to)*math.Exp(-float64(i)/speed)
	}
	return errs
}

func TestConvergenceGolden(t *testing.T) {
	fits := [][]float64{decay(60, 400, 150, 5), decay(120, 420, 153, 9), decay(200, 500, 158, 20)}
	c, err := Convergence(fits, []string{"cd, nndsvda", "cd, random", "mu, random"}, Options{Title: "Three fits"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "convergence", c)
	if all := texts(t, c); !slices.Contains(all, "cd, random  153") {
		t.Errorf("no line is named \"cd, random  153\": %q", all)
	}
}

func TestConvergenceEdges(t *testing.T) {
	for _, tc := range []struct {
		name string
		fits [][]float64
	}{
		{"one iteration", [][]float64{{3}}},
		{"constant", [][]float64{{2, 2, 2}}},
		{"zero", [][]float64{{5, 1, 0}}},
		{"all zero", [][]float64{{0, 0}}},
		{"tiny", [][]float64{{1e-300, 1e-308}}},
		{"huge", [][]float64{{1e290, 1}}},
		{"negative", [][]float64{{2, -3}}},
		{"error not always known", [][]float64{{math.NaN(), 5, math.NaN(), 3, math.NaN()}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Convergence(tc.fits, nil, Options{})
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
		})
	}
}

func TestConvergenceManyFits(t *testing.T) {
	var fits [][]float64
	for i := range 60 {
		fits = append(fits, decay(50, 100, float64(i+1), 5))
	}
	c, err := Convergence(fits, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := texts(t, c)
	var more int
	for _, s := range all {
		if _, err := fmt.Sscanf(s, "and %d more", &more); err == nil {
			break
		}
	}
	if more == 0 || more > 50 {
		t.Errorf("of 60 names %d are left out: %q", more, all)
	}
}

func TestConvergenceLong(t *testing.T) {
	c, err := Convergence([][]float64{decay(1_000_000, 10, 1, 1e5)}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.SVG()); n > 60_000 {
		t.Errorf("a million iterations make an SVG of %d bytes", n)
	}
}

func TestConvergenceErrors(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fits  [][]float64
		names []string
		want  string
	}{
		{"none", nil, nil, "no fit"},
		{"empty", [][]float64{{1}, {}}, nil, "fit 1 has no errors"},
		{"none known", [][]float64{{math.NaN(), math.NaN()}}, nil, "fit 0 has no errors"},
		{"infinite", [][]float64{{1}, {math.Inf(1)}}, nil, "fit 1 after iteration 1 is +Inf"},
		{"names", [][]float64{{1}}, []string{"a", "b"}, "2 names for 1 fit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Convergence(tc.fits, tc.names, Options{})
			wantError(t, err, tc.want)
		})
	}
}

func TestDecimateKeepsExtremes(t *testing.T) {
	curve := make([]page.Point, 100_000)
	for i := range curve {
		curve[i].X = float64(i)
	}
	curve[31_415].Y, curve[92_653].Y = 1, -1
	pts := decimate(curve, scale{hi: 99_999, to: 300}, scale{lo: -1, hi: 1, to: 100})
	if len(pts) > 4*601 {
		t.Errorf("%d points for 300 points of paper", len(pts))
	}
	for _, y := range []float64{0, 100} {
		if !slices.ContainsFunc(pts, func(p page.Point) bool { return p.Y == y }) {
			t.Errorf("the spike to %g is lost", y)
		}
	}
	if first, last := pts[0], pts[len(pts)-1]; first.X != 0 || last.X != 300 {
		t.Errorf("drawn from %g to %g, not from end to end", first.X, last.X)
	}
}
