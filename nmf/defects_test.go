package nmf_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// What was seen to be wrong in implementations of NMF and must not be here.
// (That compressed columns and stored zeros are read rightly is in
// TestSparseEqualsDense.)

func TestTransformAddsAPenaltyOnce(t *testing.T) {
	x := goldenMatrix(t, "sparse", 20, 12, 3, false)
	m := mustFit(t, x, nmf.Config{
		Components: 3, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler, AlphaW: .02, L1Ratio: 1, MaxIter: 50, Tol: -1,
	})
	got, err := m.TransformJoint(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	// The update as its formula stands, penalty and all.
	_, cols := x.Dims()
	want := mat.NewDense(20, 3, nil)
	start := math.Sqrt(mat.Sum(x) / 20 / float64(cols) / 3)
	want.Apply(func(int, int, float64) float64 { return start }, want)
	for range 50 {
		var wh mat.Dense
		wh.Mul(want, m.H)
		next := mat.NewDense(20, 3, nil)
		next.Apply(func(i, c int, v float64) float64 {
			num, den := 0.0, float64(cols)*.02
			for j := range cols {
				num += x.At(i, j) / max(wh.At(i, j), 1./(1<<23)) * m.H.At(c, j)
				den += m.H.At(c, j)
			}
			return v * num / den
		}, want)
		want = next
	}
	if !closeTo(got, want, 1e-9) {
		t.Errorf("Transform\n%v\nwant\n%v", mat.Formatted(got), mat.Formatted(want))
	}
}

func TestTransformOfARowDoesNotDependOnOthers(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		x := goldenMatrix(t, "sparse", 70, 150, 3, compressed)
		for _, s := range append(solvers[:len(solvers):len(solvers)], []struct {
			name   string
			solver nmf.Solver
			loss   nmf.Loss
		}{{"weighted", nmf.CD{}, nmf.Frobenius}, {"weighted mu", nmf.MU{}, nmf.KullbackLeibler}}...) {
			t.Run(fmt.Sprint(s.name, compressed), func(t *testing.T) {
				cfg := nmf.Config{
					Components: 5, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 30, AlphaW: .001, L1Ratio: .5, Workers: 2,
				}
				if s.name == "weighted" || s.name == "weighted mu" {
					cfg.Unobserved = .1
				}
				m := mustFit(t, x, cfg)
				all := mustTransform(t, m, x)
				for _, i := range []int{0, 1, 33, 69} {
					alone := mustTransform(t, m, rowOf(t, x, i))
					for c := range 5 {
						if alone.At(0, c) != all.At(i, c) {
							t.Fatalf("row %d: %v alone, %v in a batch", i, alone.RawRowView(0), all.RawRowView(i))
						}
					}
				}
			})
		}
	}
}

func rowOf(t *testing.T, x mat.Matrix, i int) mat.Matrix {
	t.Helper()
	if d, ok := x.(*mat.Dense); ok {
		_, cols := d.Dims()
		return d.Slice(i, i+1, 0, cols)
	}
	row, err := x.(*sparse.CSR).SelectRows([]int{i})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestCustomFactorsAreNotModified(t *testing.T) {
	x := uniform(12, 8, 1)
	for _, s := range solvers {
		w0, h0 := uniform(12, 3, 2), uniform(3, 8, 3)
		w, h, given := mat.DenseCopyOf(w0), mat.DenseCopyOf(h0), mat.DenseCopyOf(x)
		m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitCustom, W0: w0, H0: h0, Solver: s.solver, Loss: s.loss, MaxIter: 5})
		mustTransform(t, m, x)
		if !mat.Equal(w, w0) || !mat.Equal(h, h0) || !mat.Equal(given, x) {
			t.Errorf("%s: X, W0 or H0 has changed", s.name)
		}
	}
}

func TestErrOfAnExactFitIsANumber(t *testing.T) {
	x, w, h := plantedFactors(40, 30, 3, 1)
	csr, err := sparse.FromDense(x)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range solvers {
		for _, same := range []mat.Matrix{x, csr} {
			m := mustFit(t, same, nmf.Config{
				Components: 3, Init: nmf.InitCustom, W0: w, H0: h, Solver: s.solver, Loss: s.loss, MaxIter: 20,
			})
			checkFactors(t, m)
			if s.name == "minibatch fresh" {
				continue // it starts from the H that is given only
			}
			if m.Err > 1e-6*mat.Norm(x, 2) {
				t.Errorf("%s: error %v of a fit that starts at the answer", s.name, m.Err)
			}
		}
	}
}

func TestConvergedOnTheLastIterationIsConverged(t *testing.T) {
	x := uniform(40, 12, 1)
	for _, s := range solvers {
		cfg := nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 5000, Tol: 1e-3}
		m := mustFit(t, x, cfg)
		if m.Stop != nmf.Converged {
			t.Errorf("%s: %v after %d iterations", s.name, m.Stop, m.Iter)
			continue
		}
		cfg.MaxIter = m.Iter
		if again := mustFit(t, x, cfg); again.Stop != nmf.Converged || again.Stop.Early() {
			t.Errorf("%s: %v where the last iteration converges", s.name, again.Stop)
		}
		if cfg.MaxIter = m.Iter - 1; cfg.MaxIter > 0 {
			if again := mustFit(t, x, cfg); again.Stop != nmf.IterationLimit || !again.Stop.Early() {
				t.Errorf("%s: %v one iteration before it converges", s.name, again.Stop)
			}
		}
	}
}
