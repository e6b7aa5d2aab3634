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
	"gonmf/nmf/sparse"
)

// newRows are five rows to fold in, one of them zero.
var newRows = func() *mat.Dense {
	x := mat.NewDense(5, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		if i == 3 || (i+j)%3 == 0 {
			return 0
		}
		return float64((7*i+3*j)%5) / 4
	}, x)
	return x
}()

// half observes every other entry of blocks.
var half = func() *mat.Dense {
	x := mat.NewDense(9, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 { return float64((i + j) % 2) }, x)
	return x
}()

func TestFoldInGivesTransformsBits(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  nmf.Config
	}{
		{"CD", nmf.Config{Components: 3}},
		{"CD with penalties", nmf.Config{Components: 3, AlphaW: .01, L1Ratio: .5}},
		{"CD shuffled", nmf.Config{Components: 3, Solver: nmf.CD{Shuffle: true}, Seed: 5}},
		{"CD to the last iteration", nmf.Config{Components: 3, Tol: -1, MaxIter: 7}},
		{"MU", nmf.Config{Components: 3, Solver: nmf.MU{}}},
		{"Kullback-Leibler", nmf.Config{Components: 3, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		{"another loss", nmf.Config{Components: 3, Solver: nmf.MU{}, Loss: nmf.Beta(.5)}},
		{"mini-batches", nmf.Config{Components: 3, Solver: nmf.MiniBatch{BatchSize: 4}}},
		{"implicit feedback", nmf.Config{Components: 3, Unobserved: .1, Init: nmf.InitRandom}},
		{"implicit feedback with MU", nmf.Config{Components: 3, Unobserved: .1, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		{"missing values", nmf.Config{Components: 3, Mask: half, Init: nmf.InitRandom}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := nmf.Fit(t.Context(), blocks, test.cfg)
			if err != nil {
				t.Fatal(err)
			}
			f, err := nmf.NewFoldIn(m)
			if err != nil {
				t.Fatal(err)
			}
			csr, err := sparse.FromDense(newRows)
			if err != nil {
				t.Fatal(err)
			}
			for name, x := range map[string]mat.Matrix{"dense": newRows, "sparse": csr} {
				want, err := m.Transform(t.Context(), x)
				if err != nil {
					t.Fatal(err)
				}
				// Rows at once and in any order, more than once.
				var all sync.WaitGroup
				for at := range 25 {
					i := at % 5
					all.Go(func() {
						w := []float64{9, 9, 9}
						if name == "dense" {
							err := f.Row(w, newRows.RawRowView(i))
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

func TestFoldInAllocatesNothing(t *testing.T) {
	m, err := nmf.Fit(t.Context(), blocks, nmf.Config{Components: 3})
	if err != nil {
		t.Fatal(err)
	}
	f, err := nmf.NewFoldIn(m)
	if err != nil {
		t.Fatal(err)
	}
	w, x := make([]float64, 3), newRows.RawRowView(0)
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
			"nmf: fold in: w has length 1, want a place for each of 2 components: sizes do not fit"},
		{"short row", f.Row(w, []float64{1, 2}), nmf.ErrShape,
			"nmf: fold in: the row has 2 entries, but the model's H has 3 columns: sizes do not fit"},
		{"negative", f.Row(w, []float64{1, 2, -3}), nmf.ErrNegative, "nmf: X[0,2] = -3: negative"},
		{"NaN", f.SparseRow(w, []int32{1}, []float64{math.NaN()}), nmf.ErrNotFinite, "nmf: X[0,1] = NaN: not finite"},
		{"too few values", f.SparseRow(w, []int32{1, 2}, []float64{1}), nmf.ErrShape,
			"nmf: fold in: 2 columns, but 1 values: sizes do not fit"},
		{"falling columns", f.SparseRow(w, []int32{2, 1}, []float64{1, 1}), nmf.ErrShape,
			"nmf: fold in: column 1 comes after 2, but columns increase and are below 3: sizes do not fit"},
		{"column outside", f.SparseRow(w, []int32{3}, []float64{1}), nmf.ErrShape,
			"nmf: fold in: column 3 comes after -1, but columns increase and are below 3: sizes do not fit"},
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
