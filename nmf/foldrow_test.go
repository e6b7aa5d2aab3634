package nmf_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/recommend"
	"gonmf/nmf/sparse"
)

// half observes every other entry of nmftest.Blocks.
var half = func() *mat.Dense {
	x := mat.NewDense(9, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 { return float64((i + j) % 2) }, x)
	return x
}()

// foldCase is a fit whose model folds rows in.
type foldCase struct {
	name string
	x    *mat.Dense // fitted
	cfg  nmf.Config
}

// foldCases are every solver with every kind of loss that it takes, in both
// precisions, with and without penalties, and what else has a way of its own.
func foldCases() []foldCase {
	var cases []foldCase
	positive := mat.DenseCopyOf(nmftest.Blocks)
	positive.Apply(func(_, _ int, v float64) float64 { return v + .25 }, positive)
	for _, s := range []nmf.Solver{
		nmf.CD{}, nmf.CD{Shuffle: true}, nmf.AcceleratedCD{}, nmf.MU{}, nmf.MiniBatch{BatchSize: 4}, nmf.MiniBatch{BatchSize: 4, FreshRestarts: true},
	} {
		for _, loss := range []nmf.Loss{
			nmf.Frobenius, nmf.KullbackLeibler, nmf.ItakuraSaito, nmf.Beta(-.5), nmf.Beta(.5), nmf.Beta(1.5), nmf.Beta(3),
		} {
			switch s.(type) {
			case nmf.CD, nmf.AcceleratedCD:
				if loss != nmf.Frobenius {
					continue
				}
			}
			for _, p := range []nmf.Precision{nmf.Float64, nmf.Float32} {
				for _, alpha := range []float64{0, .01} {
					x := nmftest.Blocks
					if loss.Beta() <= 0 {
						x = positive
					}
					cases = append(cases, foldCase{fmt.Sprintf("%T%+v %v %v alpha=%v", s, s, loss, p, alpha), x,
						nmf.Config{Components: 3, Solver: s, Loss: loss, Precision: p, AlphaW: alpha, AlphaH: alpha, L1Ratio: .5, Seed: 5, Tol: 1e-3}})
				}
			}
		}
	}
	return append(cases, []foldCase{
		{"CD to the last iteration", nmftest.Blocks, nmf.Config{Components: 3, Tol: -1, MaxIter: 7}},
		{"implicit feedback", nmftest.Blocks, nmf.Config{Components: 3, Unobserved: .1, Init: nmf.InitRandom}},
		{"implicit feedback shuffled", nmftest.Blocks, nmf.Config{Components: 3, Unobserved: .1, Init: nmf.InitRandom, Solver: nmf.CD{Shuffle: true}}},
		{"implicit feedback with MU", nmftest.Blocks, nmf.Config{Components: 3, Unobserved: .1, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		{"missing values", nmftest.Blocks, nmf.Config{Components: 3, Mask: half, Init: nmf.InitRandom}},
	}...)
}

func TestFoldInGivesTransformsBits(t *testing.T) {
	for _, test := range foldCases() {
		t.Run(test.name, func(t *testing.T) {
			m := mustFit(t, test.x, test.cfg)
			f, err := nmf.NewFoldIn(m)
			if err != nil {
				t.Fatal(err)
			}
			rows := mat.DenseCopyOf(nmftest.NewRows)
			if test.cfg.Loss.Beta() <= 0 {
				rows.Apply(func(_, _ int, v float64) float64 { return v + .5 }, rows)
			}
			csr, err := sparse.FromDense(rows)
			if err != nil {
				t.Fatal(err)
			}
			for name, x := range map[string]mat.Matrix{"dense": rows, "sparse": csr} {
				want := mustTransform(t, m, x)
				// Rows at once and in any order, more than once.
				var all sync.WaitGroup
				for at := range 25 {
					i := at % 5
					all.Go(func() {
						w := []float64{9, 9, 9}
						if name == "dense" {
							err := f.Row(w, rows.RawRowView(i))
							if err != nil {
								t.Error(err)
							}
						} else {
							idx, val := csr.Row(i)
							if err := f.SparseRow(w, idx, val); err != nil {
								t.Error(err)
							}
						}
						if !slices.Equal(w, want.RawRowView(i)) {
							t.Errorf("%s row %d: %v, want %v", name, i, w, want.RawRowView(i))
						}
					})
				}
				all.Wait()
			}
		})
	}
}

// Rows that a Recommender folds in have the scores of those of Transform.
func TestForNewGivesTransformsScores(t *testing.T) {
	seen, weights := []int{0, 2, 5}, []float64{1, 3, .5}
	for _, test := range foldCases() {
		if test.cfg.Loss.Beta() <= 0 {
			continue // no zeros may be there
		}
		t.Run(test.name, func(t *testing.T) {
			m := mustFit(t, test.x, test.cfg)
			r, err := recommend.NewRecommender(m, test.x)
			if err != nil {
				t.Fatal(err)
			}
			check := func(what string, got []recommend.Scored, err error, m *nmf.Model) {
				t.Helper()
				if err != nil {
					t.Fatal(what, err)
				}
				_, cols := m.H.Dims()
				row, err := sparse.FromTriplets(1, cols, []int{0, 0, 0}, seen, weights)
				if err != nil {
					t.Fatal(err)
				}
				var scores mat.Dense
				scores.Mul(mustTransform(t, m, row), m.H)
				if len(got) == 0 {
					t.Errorf("%s: none", what)
				}
				for _, g := range got {
					if want := scores.At(0, g.Index); math.Abs(g.Score-want) > 1e-14*want {
						t.Errorf("%s %d: score %v, want %v", what, g.Index, g.Score, want)
					}
				}
			}
			got, err := r.ItemsForNew(seen, weights, 9)
			check("item", got, err, m.Transpose())
			got, err = r.UsersForNew(seen, weights, 9)
			check("user", got, err, m)
		})
	}
}

func TestFoldInAllocatesNothing(t *testing.T) {
	m, err := nmf.Fit(t.Context(), nmftest.Blocks, nmf.Config{Components: 3})
	if err != nil {
		t.Fatal(err)
	}
	f, err := nmf.NewFoldIn(m)
	if err != nil {
		t.Fatal(err)
	}
	w, x := make([]float64, 3), nmftest.NewRows.RawRowView(0)
	idx, val := []int32{1, 4}, []float64{2, 3}
	if n := testing.AllocsPerRun(100, func() {
		if f.Row(w, x) != nil || f.SparseRow(w, idx, val) != nil {
			t.Error("failed")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestFoldInNamesWhatIsWrong(t *testing.T) {
	m := &nmf.Model{H: mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 6})}
	f, err := nmf.NewFoldIn(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nmf.NewFoldIn(&nmf.Model{H: mat.NewDense(1, 2, []float64{1, -2})}); err == nil || err.Error() != "nmf: H[0,1] = -2: negative" {
		t.Errorf("H with a negative entry: %v", err)
	}
	w := make([]float64, 2)
	for _, test := range []struct {
		name string
		err  error
		is   error
		text string
	}{
		{"short w", f.Row(w[:1], []float64{1, 2, 3}), nmf.ErrShape,
			"nmf: fold in: w has length 1, want a place for each of 2 components"},
		{"short row", f.Row(w, []float64{1, 2}), nmf.ErrShape,
			"nmf: fold in: the row has 2 entries, but the model's H has 3 columns"},
		{"negative", f.Row(w, []float64{1, 2, -3}), nmf.ErrNegative, "nmf: X[0,2] = -3: negative"},
		{"NaN", f.SparseRow(w, []int32{1}, []float64{math.NaN()}), nmf.ErrNotFinite, "nmf: X[0,1] = NaN: not finite"},
		{"too few values", f.SparseRow(w, []int32{1, 2}, []float64{1}), nmf.ErrShape,
			"nmf: fold in: 2 columns, but 1 values"},
		{"falling columns", f.SparseRow(w, []int32{2, 1}, []float64{1, 1}), nmf.ErrShape,
			"nmf: fold in: column 1 comes after 2, but columns increase and are below 3"},
		{"column outside", f.SparseRow(w, []int32{3}, []float64{1}), nmf.ErrShape,
			"nmf: fold in: column 3 comes after -1, but columns increase and are below 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if !errors.Is(test.err, test.is) || test.err.Error() != test.text {
				t.Errorf("error %q, want %q", test.err, test.text)
			}
		})
	}
}

func ExampleFoldIn() {
	x := mat.NewDense(3, 3, []float64{
		2, 2, 0,
		0, 0, 3,
		1, 1, 0,
	})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2, Tol: 1e-8})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := nmf.NewFoldIn(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := make([]float64, 2)
	if err := f.SparseRow(w, []int32{2}, []float64{6}); err != nil {
		fmt.Println(err)
		return
	}
	back, err := m.Inverse(mat.NewDense(1, 2, w))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", back.RawRowView(0))
	// Output: [0.00 0.00 6.00]
}

func ExampleFoldIn_Row() {
	f, err := nmf.NewFoldIn(&nmf.Model{H: mat.NewDense(2, 3, []float64{1, 1, 0, 0, 0, 2})})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := make([]float64, 2)
	for _, x := range [][]float64{{3, 3, 0}, {1, 1, 4}} {
		if err := f.Row(w, x); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(w)
	}
	// Output:
	// [3 0]
	// [1 2]
}
