package nmf_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
)

func TestReconstructGivesRowsOfTheProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nmftest.DrawModel(t)
		all, err := m.Reconstruct(nil)
		if err != nil {
			t.Fatal(err)
		}
		var want mat.Dense
		want.Mul(m.W, m.H)
		if !mat.EqualApprox(all, &want, 1e-12*(1+mat.Max(&want))) {
			t.Fatalf("W H =\n%v", mat.Formatted(all))
		}
		n, _ := m.W.Dims()
		rows := rapid.SliceOfN(rapid.IntRange(0, n-1), 1, 4).Draw(t, "rows")
		some, err := m.Reconstruct(rows)
		if err != nil {
			t.Fatal(err)
		}
		for at, i := range rows {
			if !mat.Equal(some.RowView(at), all.RowView(i)) {
				t.Fatalf("row %d is %v", i, some.RawRowView(at))
			}
		}
	})
}

func TestInverseSharesLargeProducts(t *testing.T) {
	w, h := mat.NewDense(2_077, 5, nil), mat.NewDense(5, 301, nil)
	fill := func(a *mat.Dense) {
		for i := range a.RawMatrix().Data {
			a.RawMatrix().Data[i] = float64(i%13) / 7
		}
	}
	fill(w)
	fill(h)
	var want mat.Dense
	want.Mul(w, h)
	for _, workers := range []int{1, 2, 5} {
		m := &nmf.Model{W: w, H: h, Config: nmf.Config{Workers: workers}}
		for kind, w := range map[string]mat.Matrix{"raw": w, "another": mat.Transpose{Matrix: mat.DenseCopyOf(w.T())}} {
			if x, err := m.Inverse(w); err != nil || !mat.EqualApprox(x, &want, 1e-12) {
				t.Errorf("%d workers, %s W: error %v, or another product", workers, kind, err)
			}
		}
	}
}

func TestReconstructRefuses(t *testing.T) {
	m := &nmf.Model{W: mat.NewDense(2, 1, nil), H: mat.NewDense(1, 3, nil)}
	for name, f := range map[string]func() (*mat.Dense, error){
		"row -1":         func() (*mat.Dense, error) { return m.Reconstruct([]int{-1}) },
		"row 2":          func() (*mat.Dense, error) { return m.Reconstruct([]int{0, 2}) },
		"two components": func() (*mat.Dense, error) { return m.Inverse(mat.NewDense(1, 2, nil)) },
		"no rows":        func() (*mat.Dense, error) { return m.Inverse(&mat.Dense{}) },
	} {
		t.Run(name, func(t *testing.T) {
			if x, err := f(); !errors.Is(err, nmf.ErrShape) || x != nil {
				t.Errorf("got %v, error %v", x, err)
			}
		})
	}
	x, err := m.Reconstruct([]int{})
	if err != nil || !x.IsEmpty() {
		t.Errorf("no rows chosen: %v, error %v", x, err)
	}
}

// The model of X transposed is what a fit of X transposed would have been
// from the same start, and folds columns in.
func TestTransposeFoldsColumnsIn(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom, AlphaW: .01, AlphaH: .02, L1Ratio: .5, Tol: 1e-12, MaxIter: 5000})
	if err != nil {
		t.Fatal(err)
	}
	tr := m.Transpose()
	if tr.Config.AlphaW != .02 || tr.Config.AlphaH != .01 {
		t.Errorf("penalties %v and %v did not change sides", tr.Config.AlphaW, tr.Config.AlphaH)
	}
	// Folded in, the columns that the model was fitted to get their own
	// places back: the fit has converged.
	cols, err := tr.Transform(t.Context(), sixByTwo.T())
	if err != nil {
		t.Fatal(err)
	}
	if !mat.EqualApprox(cols, m.H.T(), 1e-6) {
		t.Errorf("columns\n%v\nwant\n%v", mat.Formatted(cols), mat.Formatted(m.H.T()))
	}
	back := tr.Transpose()
	if !mat.Equal(back.W, m.W) || !mat.Equal(back.H, m.H) || back.Config.AlphaW != m.Config.AlphaW {
		t.Error("transposed twice is not the same")
	}
}

func ExampleModel_Reconstruct() {
	m := &nmf.Model{
		W: mat.NewDense(2, 1, []float64{1, 2}),
		H: mat.NewDense(1, 3, []float64{1, 0, 3}),
	}
	x, err := m.Reconstruct([]int{1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(x))
	// Output: [2  0  6]
}

func ExampleModel_Inverse() {
	m := &nmf.Model{
		W: mat.NewDense(2, 1, []float64{1, 2}),
		H: mat.NewDense(1, 3, []float64{1, 0, 3}),
	}
	x, err := m.Inverse(mat.NewDense(1, 1, []float64{10}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(x))
	// Output: [10   0  30]
}

func ExampleModel_Transpose() {
	m := &nmf.Model{
		W: mat.NewDense(3, 1, []float64{1, 2, 0}),
		H: mat.NewDense(1, 2, []float64{1, 3}),
	}
	// A new column of X, folded in.
	w, err := m.Transpose().Transform(context.Background(), mat.NewDense(1, 3, []float64{5, 10, 0}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", w.At(0, 0))
	// Output: 5.0
}
