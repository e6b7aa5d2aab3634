package selection_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/selection"
	"gonmf/nmf/sparse"
)

// plantedGroups returns W H of k components, each with its own few rows and columns,
// with noise, of which the entries below the threshold are cut to zero.
func plantedGroups(n, m, k int, noise, threshold float64) *mat.Dense {
	rng := rand.New(rand.NewPCG(1, 2))
	factor := func(rows int) *mat.Dense {
		a := mat.NewDense(rows, k, nil)
		a.Apply(func(i, t int, _ float64) float64 {
			if i%k == t || rng.Float64() < .2 {
				return .5 + rng.Float64()
			}
			return 0
		}, a)
		return a
	}
	var x mat.Dense
	x.Mul(factor(n), factor(m).T())
	x.Apply(func(_, _ int, v float64) float64 {
		if v += noise * rng.NormFloat64(); v > threshold {
			return v
		}
		return 0
	}, &x)
	return &x
}

func TestChooseKFindsWhatWasPlanted(t *testing.T) {
	dense := plantedGroups(40, 36, 4, .1, 0)
	sparsely, err := sparse.FromDense(plantedGroups(40, 36, 4, .1, .4))
	if err != nil {
		t.Fatal(err)
	}
	var all mat.Dense
	all.Apply(func(_, _ int, v float64) float64 { return v + .01 }, dense)
	full, err := sparse.FromDense(&all)
	if err != nil {
		t.Fatal(err)
	}
	holes := mat.NewDense(40, 36, nil)
	holes.Apply(func(i, j int, _ float64) float64 {
		if (i*5+j*3)%7 == 0 {
			return 0
		}
		return 1
	}, holes)
	for _, test := range []struct {
		name string
		x    mat.Matrix
		cfg  nmf.Config
		how  selection.HoldOut
	}{
		{"dense", dense, nmf.Config{}, selection.HoldOutAuto},
		{"dense with holes", dense, nmf.Config{Mask: holes}, selection.HoldOutAuto},
		{"dense by blocks", dense, nmf.Config{}, selection.HoldOutBlocks},
		{"sparse", sparsely, nmf.Config{}, selection.HoldOutAuto},
		{"sparse by entries", sparsely, nmf.Config{}, selection.HoldOutEntries},
		{"sparse without a zero", full, nmf.Config{}, selection.HoldOutEntries},
		{"Kullback-Leibler by entries", sparsely, nmf.Config{Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}, selection.HoldOutEntries},
		{"Kullback-Leibler", sparsely, nmf.Config{Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}, selection.HoldOutBlocks},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.cfg.Init = nmf.InitRandom
			r, err := selection.ChooseK(t.Context(), test.x, test.cfg, selection.ChooseKOptions{Ks: []int{2, 3, 4, 5, 7}, HoldOut: test.how, Runs: 2})
			if err != nil {
				t.Fatal(err)
			}
			if r.Suggested != 4 {
				t.Errorf("suggested %d:\n%v", r.Suggested, r)
			}
			for i, p := range r.Points[1:] {
				if p.K <= 4 && p.Train >= r.Points[i].Train {
					t.Errorf("training error rises at %d:\n%v", p.K, r)
				}
			}
		})
	}
}

// Hiding entries of a sparse matrix, of whose zeros a few are drawn, estimates
// what hiding all kinds of entries of the same dense matrix gives.
func TestChooseKOfSparseIsThatOfDense(t *testing.T) {
	dense := plantedGroups(60, 50, 3, .1, .5)
	x, err := sparse.FromDense(dense)
	if err != nil {
		t.Fatal(err)
	}
	opt := selection.ChooseKOptions{Ks: []int{1, 2, 3}, HoldOut: selection.HoldOutEntries}
	cfg := nmf.Config{Init: nmf.InitRandom}
	want, err := selection.ChooseK(t.Context(), dense, cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := selection.ChooseK(t.Context(), x, cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got.Points {
		q := want.Points[i]
		if math.Abs(p.Test/q.Test-1) > .1 || math.Abs(p.Train/q.Train-1) > .1 {
			t.Errorf("sparse %+v, dense %+v", p, q)
		}
	}
}

// Without a bound, entries of a table as small as this are foretold to be in
// the tens, where all are 0 or 1.
func TestChooseKForetellsNoMoreThanItSaw(t *testing.T) {
	sparsely, err := sparse.FromDense(nmftest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]mat.Matrix{"dense": nmftest.Shop, "sparse": sparsely} {
		r, err := selection.ChooseK(t.Context(), x, nmf.Config{Init: nmf.InitRandom}, selection.ChooseKOptions{Ks: []int{2, 3, 4}, HoldOut: selection.HoldOutEntries})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range r.Scores {
			if s.Test > 1 {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
}

func TestChooseKDoesNotDependOnWorkersAndGoesOn(t *testing.T) {
	x := plantedGroups(20, 15, 2, .1, 0)
	cfg := nmf.Config{MaxIter: 20, Workers: 1}
	opt := selection.ChooseKOptions{Ks: []int{3, 1, 2, 3}, Folds: 3}
	whole, err := selection.ChooseK(t.Context(), x, cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Points) != 3 || whole.Points[0].K != 1 || len(whole.Scores) != 9 {
		t.Fatalf("result %+v", whole)
	}
	cfg.Workers = 5
	same := func(name string, r *selection.KResult) {
		t.Helper()
		if !slices.Equal(r.Scores, whole.Scores) || !slices.Equal(r.Points, whole.Points) || r.Suggested != whole.Suggested {
			t.Errorf("%s:\n%v\nwant\n%v", name, r, whole)
		}
	}
	r, err := selection.ChooseK(t.Context(), x, cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	same("5 workers", r)

	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cfg.Workers, opt.Progress = 1, func(s selection.KScore) {
		if s.K == 2 {
			cancel(why)
		}
	}
	part, err := selection.ChooseK(ctx, x, cfg, opt)
	if !errors.Is(err, why) || !strings.Contains(err.Error(), "of 9 fits") {
		t.Fatalf("error %v", err)
	}
	if len(part.Points) != 1 || part.Suggested != 1 {
		t.Errorf("stopped with\n%v", part)
	}
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	opt.Progress, opt.Previous = nil, new(selection.KResult)
	if err := json.Unmarshal(text, opt.Previous); err != nil {
		t.Fatal(err)
	}
	if r, err = selection.ChooseK(t.Context(), x, cfg, opt); err != nil {
		t.Fatal(err)
	}
	same("went on", r)
}

func TestChooseKRefuses(t *testing.T) {
	x, err := sparse.FromDense(nmftest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		x    mat.Matrix
		cfg  nmf.Config
		opt  selection.ChooseKOptions
		is   error
		text string
	}{
		{"k 0", nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{Ks: []int{0, 2}}, nmf.ErrConfig, "Ks is [0 2]"},
		{"one fold", nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{Folds: 1}, nmf.ErrConfig, "Folds 1"},
		{"weights", nmftest.Shop, nmf.Config{Weights: nmftest.Shop}, selection.ChooseKOptions{}, nmf.ErrConfig, "leave them out"},
		{"a mask with blocks", nmftest.Shop, nmf.Config{Mask: nmftest.Shop}, selection.ChooseKOptions{HoldOut: selection.HoldOutBlocks}, nmf.ErrConfig, "use HoldOutEntries"},
		{"too many blocks", nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{HoldOut: selection.HoldOutBlocks, Folds: 7}, nmf.ErrShape, "6 x 6 entries do not make 7 folds"},
		{"too many folds", nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{Folds: 37}, nmf.ErrShape, "36 entries do not make 37 folds"},
		{"too few nonzeros", x, nmf.Config{}, selection.ChooseKOptions{HoldOut: selection.HoldOutEntries, Folds: 15}, nmf.ErrShape, "14 nonzeros do not make 15 folds"},
		{"a loss of all entries", x, nmf.Config{Loss: nmf.Beta(1.5), Solver: nmf.MU{}}, selection.ChooseKOptions{HoldOut: selection.HoldOutEntries}, nmf.ErrConfig, "use HoldOutBlocks"},
		{"another way", nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{HoldOut: 9}, nmf.ErrConfig, "HoldOut is 9"},
		{"restarts from one place", nmftest.Shop, nmf.Config{Init: nmf.InitNNDSVD}, selection.ChooseKOptions{Runs: 2}, nmf.ErrConfig, "use InitRandom"},
		{"a fit that fails", nmftest.Shop, nmf.Config{MaxIter: -1}, selection.ChooseKOptions{}, nmf.ErrConfig, "MaxIter"},
		{"bad X", mat.NewDense(6, 6, []float64{35: -1}), nmf.Config{}, selection.ChooseKOptions{}, nmf.ErrNegative, "X[5,5] = -1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := selection.ChooseK(t.Context(), test.x, test.cfg, test.opt)
			if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.text) || r != nil {
				t.Errorf("got %v, error %v", r, err)
			}
		})
	}
}

func TestKResultInWords(t *testing.T) {
	r := &selection.KResult{
		Points: []selection.KPoint{{K: 2, Train: 1, Test: 1.5, TestSE: .25}, {K: 3, Train: .5, Test: 1.25, TestSE: .5}},
		Best:   3, Suggested: 2,
	}
	want := `k  train error  test error  standard error  
2  1            1.5         0.25            suggested
3  0.5          1.25        0.5             least test error`
	if got := r.String(); got != want {
		t.Errorf("text\n%s\nwant\n%s", got, want)
	}
	if got := r.HTML(); !strings.Contains(got, ">suggested<") || strings.Count(got, "<tr>") != 3 {
		t.Errorf("html %s", got)
	}
}

func TestChooseKTakesBlocksForMuch(t *testing.T) {
	x := plantedGroups(400, 251, 2, .1, 0)
	cfg := nmf.Config{Init: nmf.InitRandom, MaxIter: 3}
	opt := selection.ChooseKOptions{Ks: []int{2}, Folds: 2}
	var scores [3][]selection.KScore
	for how := range scores {
		opt.HoldOut = selection.HoldOut(how)
		r, err := selection.ChooseK(t.Context(), x, cfg, opt)
		if err != nil {
			t.Fatal(err)
		}
		scores[how] = r.Scores
	}
	if !slices.Equal(scores[selection.HoldOutAuto], scores[selection.HoldOutBlocks]) || slices.Equal(scores[selection.HoldOutAuto], scores[selection.HoldOutEntries]) {
		t.Errorf("automatically %v, by blocks %v", scores[selection.HoldOutAuto], scores[selection.HoldOutBlocks])
	}
}

// The smallest K within one standard error of the least, and no other.
func TestChooseKSuggestsWithinOneStandardError(t *testing.T) {
	var scores []selection.KScore
	for k, tests := range map[int][2]float64{1: {9, 9}, 2: {4, 5}, 3: {3, 5}, 4: {4, 4.2}} {
		for f, v := range tests {
			scores = append(scores, selection.KScore{K: k, Fold: f, Train: 1, Test: v})
		}
	}
	// Means 9, 4.5, 4 and 4.1; the standard error of the least is 1.
	r, err := selection.ChooseK(t.Context(), nmftest.Shop, nmf.Config{}, selection.ChooseKOptions{
		Ks: []int{1, 2, 3, 4}, Folds: 2, Previous: &selection.KResult{Scores: scores},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Best != 3 || r.Suggested != 2 || r.Points[2].Test != 4 || r.Points[2].TestSE != 1 {
		t.Errorf("result\n%v", r)
	}
}

func ExampleChooseK() {
	x := plantedGroups(40, 30, 3, .1, 0) // three components and noise
	r, err := selection.ChooseK(context.Background(), x, nmf.Config{Init: nmf.InitRandom}, selection.ChooseKOptions{Ks: []int{1, 2, 3, 4, 5}, Runs: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range r.Points {
		fmt.Printf("k=%d train %.1f test %.1f\n", p.K, p.Train, p.Test)
	}
	fmt.Println("suggested:", r.Suggested)
	// Output:
	// k=1 train 0.5 test 0.6
	// k=2 train 0.3 test 0.4
	// k=3 train 0.1 test 0.1
	// k=4 train 0.1 test 0.1
	// k=5 train 0.1 test 0.1
	// suggested: 3
}
