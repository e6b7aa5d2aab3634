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

// Of one component the default start is the solution: a fit finds that out at
// once, and not at the iteration limit by the noise of rounding.
func TestOneComponentConverges(t *testing.T) {
	for _, shape := range [][2]int{{6, 5}, {30, 20}, {200, 50}, {400, 30}} {
		for seed := range uint32(30) {
			x := uniform(shape[0], shape[1], seed+1)
			for _, solver := range []nmf.Solver{nmf.CD{}, nmf.AcceleratedCD{}} {
				for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
					cfg := nmf.Config{Components: 1, Solver: solver, Precision: precision, Seed: seed}
					m := mustFit(t, x, cfg)
					if m.Stop != nmf.Converged || m.Iter != 1 {
						t.Errorf("%v, %v: %v after %d iterations", shape, cfg, m.Stop, m.Iter)
					}
					cfg.Tol, cfg.MaxIter = -1, 50
					if long := mustFit(t, x, cfg); precision == nmf.Float64 && (!closeTo(m.W, long.W, 1e-12) || !closeTo(m.H, long.H, 1e-12)) || long.Iter != 50 {
						t.Errorf("%v, %v: after more iterations it is another model", shape, cfg)
					}
				}
			}
			// Another start is none.
			if m := mustFit(t, x, nmf.Config{Components: 1, Init: nmf.InitRandom, Seed: seed}); m.Iter < 3 {
				t.Errorf("%v, random: %v after %d iterations", shape, m.Stop, m.Iter)
			}
		}
	}
}
