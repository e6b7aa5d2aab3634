package chart

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestReconstructionGolden(t *testing.T) {
	w, h := blockMatrix(90, 3), blockMatrix(60, 3).T()
	rng := rand.New(rand.NewSource(1))
	var x mat.Dense
	x.Mul(w, h)
	x.Apply(func(_, _ int, v float64) float64 { return max(0, v+rng.NormFloat64()/4) }, &x)
	c, err := Reconstruction(&x, w, h, Options{Title: "What a fit keeps"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "reconstruction", c)
	readable(t, c)
	all := texts(t, c)
	for _, want := range []string{"X", "W H", "90 rows", "60 columns"} {
		if !slices.Contains(all, want) {
			t.Errorf("no text %q among %q", want, all)
		}
	}
}

// TestProduct compares the cells of W H with those of the product itself.
func TestProduct(t *testing.T) {
	w, h := blockMatrix(1500, 3), mat.DenseCopyOf(blockMatrix(800, 3).T())
	var wh mat.Dense
	wh.Mul(w, h)
	rows, cols := inOrder(1500), inOrder(800)
	slices.Reverse(rows)
	want, err := table{Matrix: &wh}.average(rows, cols, maxCells, maxCells)
	if err != nil {
		t.Fatal(err)
	}
	got, err := product(table{Matrix: w}, table{Matrix: h}, rows, cols)
	if err != nil {
		t.Fatal(err)
	}
	if got.rows != want.rows || got.cols != want.cols {
		t.Fatalf("%d x %d cells, want %d x %d", got.rows, got.cols, want.rows, want.cols)
	}
	for i, v := range got.v {
		if math.Abs(v-want.v[i]) > 1e-12 {
			t.Fatalf("cell %d is %g, want %g", i, v, want.v[i])
		}
	}
}

func TestReconstructionErrors(t *testing.T) {
	x, w, h := mat.NewDense(3, 4, nil), mat.NewDense(3, 2, nil), mat.NewDense(2, 4, nil)
	big := mat.NewDense(3, 2, []float64{1e200, 0, 0, 0, 0, 0})
	for _, tc := range []struct {
		name    string
		x, w, h mat.Matrix
		want    string
	}{
		{"no X", nil, w, h, "X is nil"},
		{"no W", x, nil, h, "W is nil"},
		{"no H", x, w, nil, "H is nil"},
		{"shapes", x, w, mat.NewDense(3, 4, nil), "X is 3 x 4, W 3 x 2, H 3 x 4"},
		{"NaN in X", mat.NewDense(3, 4, []float64{0, 0, 0, 0, 0, math.NaN(), 0, 0, 0, 0, 0, 0}), w, h, "X[1,1] is NaN"},
		{"infinite W", x, mat.NewDense(3, 2, []float64{0, 0, 0, 0, 0, math.Inf(1)}), h, "W[2,1] is +Inf"},
		{"product", x, big, mat.NewDense(2, 4, []float64{1e200, 0, 0, 0, 0, 0, 0, 0}), "W H holds values that are too large"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Reconstruction(tc.x, tc.w, tc.h, Options{})
			wantError(t, err, tc.want)
		})
	}
}
