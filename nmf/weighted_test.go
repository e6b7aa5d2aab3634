package nmf_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
)

// weightedLoss is the sum that a fit with weights makes small, penalties
// apart, as its definition has it: weights of 0 are the unobserved entries.
func weightedLoss(l nmf.Loss, x, weights mat.Matrix, common float64, wh *mat.Dense) float64 {
	rows, cols := x.Dims()
	total := 0.0
	for i := range rows {
		for j := range cols {
			v, by := x.At(i, j), weights.At(i, j)
			if by == 0 {
				v, by = 0, common
			}
			if by != 0 {
				total += by * naive(l, mat.NewDense(1, 1, []float64{v}), wh.Slice(i, i+1, j, j+1))
			}
		}
	}
	return total
}

// halfZero returns weights of which about half are zero.
func halfZero(rows, cols int, seed uint32) *mat.Dense {
	rng := nprand.New(seed)
	w := mat.NewDense(rows, cols, nil)
	w.Apply(func(int, int, float64) float64 { return max(0, 2*rng.Float64()-1) }, w)
	return w
}

func TestErrCountsEntriesByTheirWeights(t *testing.T) {
	x, weights := goldenMatrix(t, "positive", 18, 11, 3, false), halfZero(18, 11, 4)
	for _, s := range solvers {
		if !takesWeights(s.solver) {
			continue
		}
		for _, common := range []float64{0, .2} {
			if common != 0 && s.loss != nmf.Frobenius && s.loss != nmf.KullbackLeibler {
				continue
			}
			t.Run(fmt.Sprint(s.name, common), func(t *testing.T) {
				m := mustFit(t, x, nmf.Config{
					Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, Weights: weights, Unobserved: common, MaxIter: 20,
				})
				checkFactors(t, m)
				want := math.Sqrt(2 * weightedLoss(s.loss, x, weights, common, product(m)))
				if math.Abs(m.Err-want) > 1e-9*want {
					t.Errorf("error %v, want %v", m.Err, want)
				}
			})
		}
	}
}

// The same weights can be given in different ways.
func TestOneWeightingHasManyForms(t *testing.T) {
	x := goldenMatrix(t, "sparse", 25, 14, 3, false).(*mat.Dense)
	pattern, same := mat.DenseCopyOf(x), mat.DenseCopyOf(x)
	pattern.Apply(func(_, _ int, v float64) float64 {
		if v != 0 {
			return 1
		}
		return 0
	}, x)
	same.Apply(func(_, _ int, v float64) float64 {
		if v != 0 {
			return 1
		}
		return .1
	}, x)
	missing := mat.DenseCopyOf(x)
	missing.Apply(func(_, _ int, v float64) float64 {
		if v == 0 {
			return math.NaN()
		}
		return v
	}, x)
	for _, s := range solvers {
		if !takesWeights(s.solver) || s.loss != nmf.Frobenius && s.loss != nmf.KullbackLeibler {
			continue
		}
		for name, forms := range map[string][]nmf.Config{
			"implicit": {{Unobserved: .1}, {Unobserved: .1, Mask: pattern}, {Unobserved: .1, Weights: mustCSR(t, pattern)}, {Weights: same}},
			"missing":  {{Mask: pattern}, {Mask: mustCSR(t, pattern)}, {Weights: pattern}, {Mask: pattern, Weights: pattern}},
		} {
			var first *nmf.Model
			for at, cfg := range forms {
				cfg.Components, cfg.Init, cfg.Solver, cfg.Loss, cfg.MaxIter, cfg.Tol = 3, nmf.InitRandom, s.solver, s.loss, 15, -1
				for _, given := range []mat.Matrix{x, mustCSR(t, x), missing} {
					if given == mat.Matrix(missing) && (cfg.Mask == nil || name == "implicit" && at != 1) {
						continue
					}
					m := mustFit(t, given, cfg)
					if first == nil {
						first = m
					}
					if !closeTo(m.W, first.W, 1e-8) || !closeTo(m.H, first.H, 1e-8) || math.Abs(m.Err-first.Err) > 1e-8*first.Err {
						t.Errorf("%s %s: form %d: %v, want %v", s.name, name, at, m, first)
					}
				}
			}
		}
	}
}

func TestTransformWeightedFindsTheFitsW(t *testing.T) {
	x, weights := goldenMatrix(t, "positive", 18, 11, 3, false), halfZero(18, 11, 4)
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		for _, common := range []float64{0, .2} {
			m := mustFit(t, x, nmf.Config{
				Components: 3, Init: nmf.InitRandom, Solver: s, Weights: weights, Unobserved: common, MaxIter: 5000, Tol: 1e-8,
			})
			w, err := m.TransformWeighted(t.Context(), x, weights)
			if err != nil {
				t.Fatal(err)
			}
			var wh mat.Dense
			wh.Mul(w, m.H)
			got := math.Sqrt(2 * weightedLoss(nmf.Frobenius, x, weights, common, &wh))
			if got > 1.001*m.Err {
				t.Errorf("%T: the error is %v after TransformWeighted, %v after Fit", s, got, m.Err)
			}
		}
	}
}

func TestARowThatIsNotObservedIsZero(t *testing.T) {
	x := uniform(8, 6, 1)
	mask := mat.NewDense(8, 6, nil)
	mask.Apply(func(i, j int, _ float64) float64 {
		if i == 3 || j == 2 {
			return 0
		}
		return 1
	}, mask)
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		m := mustFit(t, x, nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: s, Mask: mask})
		if mat.Max(m.W.RowView(3)) != 0 || mat.Max(m.H.ColView(2)) != 0 {
			t.Errorf("%T: row of W %v, column of H %v", s, mat.Formatted(m.W.RowView(3).T()), mat.Formatted(m.H.ColView(2).T()))
		}
		w, err := m.TransformWeighted(t.Context(), x, mat.NewDense(8, 6, nil))
		if err != nil || mat.Max(w) != 0 {
			t.Errorf("%T: rows without an observed entry: %v, %v", s, w, err)
		}
	}
}

// A fold-in by implicit feedback solves the least-squares problem of Hu, Koren
// and Volinsky where its solution is positive.
func TestImplicitFoldInSolvesItsEquations(t *testing.T) {
	h := mat.NewDense(2, 5, []float64{1, 2, 0, 1, .5, 0, 1, 2, .2, 1})
	m := &nmf.Model{W: mat.NewDense(1, 2, []float64{1, 1}), H: h, Config: nmf.Config{Components: 2, Unobserved: .05, Tol: 1e-14, MaxIter: 10000}}
	x := mat.NewDense(1, 5, []float64{1, 1, 1, 0, 1})
	weights := mat.NewDense(1, 5, []float64{3, 1, 2, 0, 5})
	w, err := m.TransformWeighted(t.Context(), x, weights)
	if err != nil {
		t.Fatal(err)
	}
	a, b := mat.NewDense(2, 2, nil), mat.NewVecDense(2, nil)
	for j := range 5 {
		by := weights.At(0, j)
		if by == 0 {
			by = .05
		}
		col := h.ColView(j)
		a.RankOne(a, by, col, col)
		b.AddScaledVec(b, by*x.At(0, j), col)
	}
	var want mat.VecDense
	if err := want.SolveVec(a, b); err != nil {
		t.Fatal(err)
	}
	if !mat.EqualApprox(w.RowView(0), &want, 1e-9) {
		t.Errorf("%v, want %v", mat.Formatted(w), mat.Formatted(want.T()))
	}
}
