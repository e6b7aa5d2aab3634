package recommend_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/recommend"
)

func TestSplitHoldsOutTheFraction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, cols := rapid.IntRange(1, 8).Draw(t, "n"), rapid.IntRange(1, 8).Draw(t, "m")
		x := mat.NewDense(n, cols, nil)
		x.Apply(func(_, _ int, _ float64) float64 { return float64(rapid.IntRange(0, 2).Draw(t, "x")) }, x)
		by := rapid.SampledFrom([]recommend.SplitBy{recommend.SplitEntries, recommend.SplitItems, recommend.SplitUsers}).Draw(t, "by")
		opt := recommend.SplitOptions{Fraction: rapid.Float64Range(.01, .99).Draw(t, "fraction"), By: by, Seed: 3}
		train, test, err := recommend.Split(x, opt)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for i := range n {
			for j := range cols {
				a, b := train.At(i, j), test.At(i, j)
				if a+b != x.At(i, j) || a != 0 && b != 0 {
					t.Fatalf("(%d,%d) = %v became %v and %v", i, j, x.At(i, j), a, b)
				}
				if x.At(i, j) != 0 {
					total++
				}
			}
		}
		want := func(count int) int { return int(math.Round(opt.Fraction * float64(count))) }
		var was, held []int
		switch by {
		case recommend.SplitEntries:
			if test.NNZ() != want(total) {
				t.Fatalf("%d of %d held out, want %d", test.NNZ(), total, want(total))
			}
		case recommend.SplitItems:
			was, held = train.RowNNZ(), test.RowNNZ()
		case recommend.SplitUsers:
			was, held = train.ColNNZ(), test.ColNNZ()
		}
		for i, h := range held {
			if count := was[i] + h; h != max(0, min(want(count), count-1)) {
				t.Fatalf("line %d: %d of %d held out", i, h, count)
			}
		}
		again, _, err := recommend.Split(x, opt)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(again, train) {
			t.Fatal("the same seed held out something else")
		}
	})
}

func TestSplitRefuses(t *testing.T) {
	for name, opt := range map[string]recommend.SplitOptions{
		"fraction 1":   {Fraction: 1},
		"fraction -.1": {Fraction: -.1},
		"fraction NaN": {Fraction: math.NaN()},
		"by nothing":   {By: 7},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := recommend.Split(nmftest.Shop, opt); !errors.Is(err, nmf.ErrConfig) {
				t.Errorf("error %v", err)
			}
		})
	}
	if _, _, err := recommend.Split(mat.NewDense(1, 1, []float64{-1}), recommend.SplitOptions{}); !errors.Is(err, nmf.ErrNegative) {
		t.Errorf("a negative entry: %v", err)
	}
}

// One component that ranks items 0, 1, 2, 3, 4 for every user.
func TestEvaluateByHand(t *testing.T) {
	m := &nmf.Model{W: mat.NewDense(5, 1, []float64{5, 4, 3, 2, 0}), H: mat.NewDense(1, 3, []float64{1, 1, 1})}
	train := mat.NewDense(5, 3, []float64{ // users 0 and 1 have seen item 0, user 2 items 3 and 4
		1, 1, 0,
		0, 0, 0,
		0, 0, 0,
		0, 0, 1,
		0, 0, 1,
	})
	test := mat.NewDense(5, 3, []float64{ // of user 0 items 2 and 3 were held out, of user 2 item 0
		0, 0, 1,
		0, 0, 0,
		1, 0, 0,
		1, 0, 0,
		0, 0, 0,
	})
	e, err := recommend.Evaluate(t.Context(), m, train, test, recommend.EvaluateOptions{N: 2})
	if err != nil {
		t.Fatal(err)
	}
	// Lists of the model: user 0 gets 1, 2; user 2 gets 0, 1. By popularity
	// (item 0 twice, 3 and 4 once): user 0 gets 3, 4; user 2 gets 0.
	second := 1 / math.Log2(3)
	want := recommend.Evaluation{
		N: 2, Users: 2,
		Model: recommend.Ranking{
			Precision: .5, Recall: (.5 + 1) / 2, NDCG: (second/(1+second) + 1) / 2, MAP: (.25 + 1) / 2, HitRate: 1, Coverage: .6,
		},
		Popularity: recommend.Ranking{
			Precision: .5, Recall: (.5 + 1) / 2, NDCG: (1/(1+second) + 1) / 2, MAP: (.5 + 1) / 2, HitRate: 1, Coverage: .6,
		},
	}
	if *e != want {
		t.Errorf("got\n%+v\nwant\n%+v", *e, want)
	}
	if text := e.String(); !strings.Contains(text, "NDCG                   0.6934  0.8066") || strings.Count(text, "\n") != 6 {
		t.Errorf("text\n%s", text)
	}
	if html := e.HTML(); !strings.Contains(html, "at 2, mean of 2 users") || !strings.Contains(html, ">0.6934<") {
		t.Errorf("html %s", html)
	}
}

// groups is a table of 30 items and 60 users, each of whom has seen half of
// the items of one of three groups.
func groups() *mat.Dense {
	x := mat.NewDense(30, 60, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		if i%3 == j%3 && (i*7+j*11)%13 < 7 {
			return 1
		}
		return 0
	}, x)
	return x
}

func TestEvaluateFindsStructureThatPopularityCannot(t *testing.T) {
	train, test, err := recommend.Split(groups(), recommend.SplitOptions{By: recommend.SplitUsers})
	if err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Fit(t.Context(), train, nmf.Config{Components: 3})
	if err != nil {
		t.Fatal(err)
	}
	var first *recommend.Evaluation
	for _, workers := range []int{1, 2, 7} {
		e, err := recommend.Evaluate(t.Context(), m, train, test, recommend.EvaluateOptions{N: 5, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = e
		}
		if *e != *first {
			t.Errorf("%d workers: %+v, want %+v", workers, e, first)
		}
	}
	if first.Model.Recall < 2*first.Popularity.Recall {
		t.Errorf("recall %v beside %v by popularity", first.Model.Recall, first.Popularity.Recall)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	m := &nmf.Model{W: mat.NewDense(6, 1, nil), H: mat.NewDense(1, 6, nil)}
	for _, test := range []struct {
		name        string
		train, test mat.Matrix
		opt         recommend.EvaluateOptions
		want        error
	}{
		{"nothing held out", nmftest.Shop, mat.NewDense(6, 6, nil), recommend.EvaluateOptions{}, nmf.ErrShape},
		{"another train", mat.NewDense(6, 2, nil), nmftest.Shop, recommend.EvaluateOptions{}, nmf.ErrShape},
		{"another test", nmftest.Shop, mat.NewDense(6, 2, nil), recommend.EvaluateOptions{}, nmf.ErrShape},
		{"negative N", nmftest.Shop, nmftest.Shop, recommend.EvaluateOptions{N: -1}, nmf.ErrConfig},
	} {
		t.Run(test.name, func(t *testing.T) {
			if e, err := recommend.Evaluate(t.Context(), m, test.train, test.test, test.opt); !errors.Is(err, test.want) || e != nil {
				t.Errorf("got %v, error %v", e, err)
			}
		})
	}
	bad := mat.DenseCopyOf(nmftest.Shop)
	bad.Set(2, 1, -1)
	if _, err := recommend.Evaluate(t.Context(), m, nmftest.Shop, bad, recommend.EvaluateOptions{}); !errors.Is(err, nmf.ErrNegative) || err.Error() != "nmf: test[2,1] = -1: negative" {
		t.Errorf("a negative entry: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recommend.Evaluate(ctx, m, nmftest.Shop, nmftest.Shop, recommend.EvaluateOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func ExampleSplit() {
	x := mat.NewDense(3, 4, []float64{
		1, 1, 1, 1,
		1, 1, 1, 0,
		1, 1, 0, 1,
	})
	train, test, err := recommend.Split(x, recommend.SplitOptions{Fraction: .5, By: recommend.SplitUsers})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("to fit to:", train.ColNNZ(), "held out:", test.ColNNZ())
	// Output: to fit to: [1 1 1 1] held out: [2 2 1 1]
}

func ExampleEvaluate() {
	ctx := context.Background()
	train, test, err := recommend.Split(groups(), recommend.SplitOptions{By: recommend.SplitUsers, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := nmf.Fit(ctx, train, nmf.Config{Components: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := recommend.Evaluate(ctx, m, train, test, recommend.EvaluateOptions{N: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("of %d users: recall %.2f, by popularity %.2f\n", e.Users, e.Model.Recall, e.Popularity.Recall)
	// Output:
	// of 60 users: recall 0.82, by popularity 0.05
}
