package nmf_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// The six rows of scikit-learn's own example, and what it answers.
var sixByTwo = mat.NewDense(6, 2, []float64{1, 1, 2, 1, 3, 1.2, 4, 1, 5, .8, 6, 1})

func TestFitGivesScikitLearnsExample(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom})
	if err != nil {
		t.Fatal(err)
	}
	if m.Iter != 30 || m.Stop != nmf.Converged {
		t.Errorf("stopped after %d iterations (%v), want 30 (converged)", m.Iter, m.Stop)
	}
	if math.Abs(m.Err-0.0011599349216009143) > 1e-12 {
		t.Errorf("error %v, want 0.0011599349216009143", m.Err)
	}
	want := mat.NewDense(2, 2, []float64{2.09783018, .30560234, 2.13443044, 2.13171694})
	if !mat.EqualApprox(m.H, want, 1e-8) {
		t.Errorf("H =\n%v\nwant\n%v", mat.Formatted(m.H), mat.Formatted(want))
	}
}
