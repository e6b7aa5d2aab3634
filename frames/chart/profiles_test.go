package chart

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// waves returns k curves over m places, each with its peak somewhere else.
func waves(k, m int) *mat.Dense {
	h := mat.NewDense(k, m, nil)
	for c := range k {
		for j := range m {
			d := float64(j) - (float64(c)+0.5)*float64(m)/float64(k)
			h.Set(c, j, float64(1+c%3)*math.Exp(-d*d*float64(k)/float64(m)))
		}
	}
	return h
}

var decades = []string{"1910s", "1920s", "1930s", "1940s", "1950s", "1960s", "1970s", "1980s", "1990s", "2000s", "2010s", "2020s"}

func TestProfilesGolden(t *testing.T) {
	c, err := Profiles(waves(5, 12), decades, Options{Title: "Five generations", XLabel: "decade"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "profiles", c)
	all := texts(t, c)
	for _, want := range []string{"c0", "c4", "1920s", "decade", "weight"} {
		if !slices.Contains(all, want) {
			t.Errorf("no text %q among %q", want, all)
		}
	}
}

func TestProfilesEdges(t *testing.T) {
	for _, tc := range []struct {
		name string
		h    mat.Matrix
		opt  Options
	}{
		{"one place", mat.NewDense(2, 1, []float64{1, 2}), Options{}},
		{"all zero", mat.NewDense(2, 4, nil), Options{Relative: true}},
		{"negative", mat.NewDense(1, 3, []float64{-1, -2, -3}), Options{}},
		{"long", mat.NewDense(1, 100_000, nil), Options{}},
		{"as many as can be", mat.NewDense(maxPanels, 2, nil), Options{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Profiles(tc.h, nil, tc.opt)
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
		})
	}
}

func TestProfilesErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		h      mat.Matrix
		labels []string
		opt    Options
		want   string
	}{
		{"nil", nil, nil, Options{}, "H is nil"},
		{"labels", mat.NewDense(2, 3, nil), decades, Options{}, "12 labels for H with 3 columns"},
		{"too many", mat.NewDense(401, 3, nil), nil, Options{}, "401 profiles"},
		{"names", mat.NewDense(2, 3, nil), nil, Options{Names: decades}, "12 names for 2 components"},
		{"NaN", mat.NewDense(1, 2, []float64{0, math.NaN()}), nil, Options{}, "H[0,1] is NaN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Profiles(tc.h, tc.labels, tc.opt)
			wantError(t, err, tc.want)
		})
	}
}
