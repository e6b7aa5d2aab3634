package nmf_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
)

// laurberg returns the matrix of example 2.4 of Laurberg et al. 2008,
// doi:10.1155/2008/764206: its factorization with three components is unique,
// up to their order and scale, if 0 < r < 1/2.
func laurberg(r float64) (x, w *mat.Dense) {
	w = mat.NewDense(6, 3, []float64{
		r, 1, 0,
		1, r, 0,
		1, 0, r,
		r, 0, 1,
		0, r, 1,
		0, 1, r,
	})
	x = new(mat.Dense)
	x.Mul(w, w.T())
	return x, w
}

func TestTheUniqueFactorizationIsFound(t *testing.T) {
	x, w := laurberg(.3)
	for _, s := range []struct {
		name   string
		solver nmf.Solver
		loss   nmf.Loss
	}{
		{"cd", nmf.CD{}, nmf.Frobenius},
		{"cd shuffled", nmf.CD{Shuffle: true}, nmf.Frobenius},
		{"mu", nmf.MU{}, nmf.Frobenius},
		{"mu kl", nmf.MU{}, nmf.KullbackLeibler},
		{"minibatch", nmf.MiniBatch{MaxNoImprovement: -1}, nmf.Frobenius},
	} {
		t.Run(s.name, func(t *testing.T) {
			var best *nmf.Model
			for seed := range uint32(5) {
				m := mustFit(t, x, nmf.Config{
					Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, Seed: seed, MaxIter: 20000, Tol: -1,
				})
				if best == nil || m.Err < best.Err {
					best = m
				}
			}
			if off := mismatch(best.W, w); off > 1e-3 {
				t.Errorf("W is off by %v:\n%v", off, mat.Formatted(best.W))
			}
			if off := mismatch(mat.DenseCopyOf(best.H.T()), w); off > 1e-3 {
				t.Errorf("H is off by %v:\n%v", off, mat.Formatted(best.H))
			}
		})
	}
}

// mismatch returns the largest difference between the columns of a and those
// of b that they are nearest to, each scaled to a largest entry of 1.
func mismatch(a, b *mat.Dense) float64 {
	unit := func(m *mat.Dense, c int) []float64 {
		col := mat.Col(nil, c, m)
		largest := 0.0
		for _, v := range col {
			largest = max(largest, v)
		}
		for i := range col {
			col[i] /= largest
		}
		return col
	}
	_, k := b.Dims()
	worst := 0.0
	for c := range k {
		nearest := math.Inf(1)
		for d := range k {
			off := 0.0
			other := unit(a, d)
			for i, v := range unit(b, c) {
				off = max(off, math.Abs(v-other[i]))
			}
			nearest = min(nearest, off)
		}
		worst = max(worst, nearest)
	}
	return worst
}

func TestMissingEntriesAreFilledIn(t *testing.T) {
	const rows, cols, k, noise = 300, 200, 3, .05
	clean, _, _ := plantedFactors(rows, cols, k, 11)
	rng := nprand.New(5)
	x, mask := mat.NewDense(rows, cols, nil), mat.NewDense(rows, cols, nil)
	full := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			v := max(0, clean.At(i, j)+1+noise*rng.Normal()) // 1 keeps the noise from being cut off
			full.Set(i, j, v)
			if rng.Float64() < .3 {
				x.Set(i, j, math.NaN())
			} else {
				x.Set(i, j, v)
				mask.Set(i, j, 1)
			}
		}
	}
	for _, s := range []struct {
		solver nmf.Solver
		loss   nmf.Loss
	}{{nmf.CD{}, nmf.Frobenius}, {nmf.MU{}, nmf.Frobenius}, {nmf.MU{}, nmf.KullbackLeibler}} {
		m := mustFit(t, x, nmf.Config{
			Components: k + 1, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, Mask: mask, MaxIter: 500, Tol: 1e-5,
		})
		sq, n := 0.0, 0
		for i := range rows {
			for j := range cols {
				if mask.At(i, j) == 0 {
					d := full.At(i, j) - mat.Dot(m.W.RowView(i), m.H.ColView(j))
					sq += d * d
					n++
				}
			}
		}
		if rmse := math.Sqrt(sq / float64(n)); rmse > 1.05*noise {
			t.Errorf("%T %v: root mean square error %v at missing entries, want the noise, %v", s.solver, s.loss, rmse, noise)
		}
		// Err counts what is observed, by weight.
		sq = 0
		for i := range rows {
			for j := range cols {
				if mask.At(i, j) != 0 && s.loss == nmf.Frobenius {
					d := full.At(i, j) - mat.Dot(m.W.RowView(i), m.H.ColView(j))
					sq += d * d
				}
			}
		}
		if s.loss == nmf.Frobenius && math.Abs(m.Err-math.Sqrt(sq)) > 1e-9*m.Err {
			t.Errorf("%T: error %v, want %v", s.solver, m.Err, math.Sqrt(sq))
		}
	}
}
