package chart

import (
	"math"
	"slices"
	"testing"

	"gonmf/nmf/selection"
)

// foretold returns the result of three folds for each k, with the least test
// error in the middle.
func foretold(ks ...int) *selection.KResult {
	r := &selection.KResult{}
	for i, k := range ks {
		train, test := 1/math.Sqrt(float64(k)), 0.5+0.04*math.Abs(float64(i)-float64(len(ks))/2)
		for fold := range 3 {
			d := float64(fold-1) / 40
			r.Scores = append(r.Scores, selection.KScore{K: k, Fold: fold, Train: train + d/3, Test: test + d})
		}
		r.Points = append(r.Points, selection.KPoint{K: k, Train: train, Test: test, TestSE: 0.014})
	}
	r.Suggested = ks[len(ks)/2]
	return r
}

func TestChooseKGolden(t *testing.T) {
	c, err := ChooseK(foretold(2, 4, 8, 12, 16, 24), Options{Title: "How many components?"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "choosek", c)
	readable(t, c)
	if all := texts(t, c); !slices.Contains(all, "k = 12") {
		t.Errorf("k = 12 is not marked: %q", all)
	}
}

func TestChooseKEdges(t *testing.T) {
	for _, tc := range []struct {
		name   string
		result *selection.KResult
		marks  []string
	}{
		{"one k", foretold(5), []string{"k = 5"}},
		{"from one to a thousand", foretold(1, 10, 100, 1000), []string{"k = 100"}},
		{"points alone", &selection.KResult{Points: []selection.KPoint{{K: 1, Train: 2, Test: 3}, {K: 2, Train: 1, Test: 2}}}, nil},
		{"a fold to come", &selection.KResult{Points: []selection.KPoint{{K: 1, Train: 2, Test: 3}}, Scores: []selection.KScore{{K: 2, Train: 1, Test: 1}}}, nil},
		{"one fold: no standard error", &selection.KResult{Points: []selection.KPoint{{K: 1, Train: 2, Test: 3, TestSE: math.NaN()}}}, nil},
		{"all zero", &selection.KResult{Points: []selection.KPoint{{K: 1}, {K: 2}}}, nil},
		{"wildly wrong", &selection.KResult{Points: []selection.KPoint{{K: 1, Train: 1, Test: 1, TestSE: 0.1}, {K: 2, Train: 0.5, Test: 1e6, TestSE: 1e6}}}, nil},
		{"larger standard error", &selection.KResult{Points: []selection.KPoint{{K: 1, Train: 1, Test: 1, TestSE: 99}, {K: 2, Train: 0.5, Test: 1}}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := ChooseK(tc.result, Options{})
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
			if got := labelsWith(t, c, "k = "); !slices.Equal(got, tc.marks) {
				t.Errorf("marked %q, want %q", got, tc.marks)
			}
		})
	}
}

func TestChooseKErrors(t *testing.T) {
	with := func(p ...selection.KPoint) *selection.KResult { return &selection.KResult{Points: p} }
	for _, tc := range []struct {
		name   string
		result *selection.KResult
		want   string
	}{
		{"nil", nil, "no number of components"},
		{"no points", with(), "no number of components"},
		{"zero", with(selection.KPoint{K: 0}), "point 0 has K = 0"},
		{"not increasing", with(selection.KPoint{K: 3}, selection.KPoint{K: 3}), "point 1 has K = 3 after K = 3"},
		{"train", with(selection.KPoint{K: 7, Train: math.NaN()}), "train error for K = 7 is NaN"},
		{"test", with(selection.KPoint{K: 7, Test: math.Inf(1)}), "test error for K = 7 is +Inf"},
		{"suggested", &selection.KResult{Points: []selection.KPoint{{K: 1}}, Suggested: 9}, "suggested K = 9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ChooseK(tc.result, Options{})
			wantError(t, err, tc.want)
		})
	}
}
