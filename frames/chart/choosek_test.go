package chart

import (
	"math"
	"slices"
	"testing"
)

func TestChooseKGolden(t *testing.T) {
	var k []int
	var train, test []float64
	for _, v := range []int{2, 4, 8, 12, 16, 24} {
		for seed := range 3 {
			f := float64(v)
			k = append(k, v)
			train = append(train, 1/math.Sqrt(f)+float64(seed)*0.005)
			test = append(test, 1.05/math.Sqrt(f)+0.012*f+float64(seed)*0.02)
		}
	}
	c, err := ChooseK(k, train, test, 0, Options{Title: "How many components?"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "choosek", c)
	readable(t, c)
	if all := texts(t, c); !slices.Contains(all, "k = 12") {
		t.Errorf("k = 12 is not suggested: %q", all)
	}
}

func TestChooseKEdges(t *testing.T) {
	for _, tc := range []struct {
		name        string
		k           []int
		train, test []float64
		suggested   int
		want        string // the mark, or none
	}{
		{"one fit", []int{5}, []float64{1}, []float64{2}, 0, "k = 5"},
		{"train only", []int{1, 2}, []float64{2, 1}, nil, 0, ""},
		{"test only", []int{1, 2}, nil, []float64{2, 1}, 0, "k = 2"},
		{"the smaller of equals", []int{4, 2, 3}, nil, []float64{1, 1, 1}, 0, "k = 2"},
		{"told", []int{1, 2, 3}, nil, []float64{3, 2, 1}, 2, "k = 2"},
		{"by the mean of its fits", []int{1, 1, 2}, nil, []float64{0, 4, 1}, 0, "k = 2"},
		{"wide", []int{1, 10, 100, 1000}, []float64{4, 3, 2, 1}, nil, 0, ""},
		{"all zero", []int{1, 2}, []float64{0, 0}, nil, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := ChooseK(tc.k, tc.train, tc.test, tc.suggested, Options{})
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
			marks := labelsWith(t, c, "k = ")
			if tc.want == "" && len(marks) > 0 || tc.want != "" && !slices.Equal(marks, []string{tc.want}) {
				t.Errorf("marked %q, want %q", marks, tc.want)
			}
		})
	}
}

func TestChooseKErrors(t *testing.T) {
	one := []float64{1}
	for _, tc := range []struct {
		name        string
		k           []int
		train, test []float64
		suggested   int
		want        string
	}{
		{"none", nil, one, one, 0, "no k"},
		{"no errors", []int{1}, nil, nil, 0, "neither train nor test"},
		{"lengths", []int{1, 2}, []float64{1, 2}, one, 0, "1 test errors for 2 fits"},
		{"suggested", []int{1}, one, one, 9, "suggested k = 9"},
		{"zero", []int{0}, one, one, 0, "k of fit 0 is 0"},
		{"NaN", []int{1, 7}, []float64{1, math.NaN()}, nil, 0, "train error of fit 1 (k = 7) is NaN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ChooseK(tc.k, tc.train, tc.test, tc.suggested, Options{})
			wantError(t, err, tc.want)
		})
	}
}
