package nmf_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
)

// uniform returns a rows x cols matrix of numbers from 0 to 1.
func uniform(rows, cols int, seed uint32) *mat.Dense {
	rng := nprand.New(seed)
	x := mat.NewDense(rows, cols, nil)
	x.Apply(func(int, int, float64) float64 { return rng.Float64() }, x)
	return x
}

// plantedFactors returns WH for factors with a third of zeros, and the factors.
func plantedFactors(rows, cols, k int, seed uint32) (x, w, h *mat.Dense) {
	rng := nprand.New(seed)
	draw := func(r, c int) *mat.Dense {
		a := mat.NewDense(r, c, nil)
		a.Apply(func(int, int, float64) float64 { return max(0, 1.5*rng.Float64()-.5) }, a)
		return a
	}
	w, h, x = draw(rows, k), draw(k, cols), new(mat.Dense)
	x.Mul(w, h)
	return x, w, h
}

// mustFit fits or ends the test.
func mustFit(t testing.TB, x mat.Matrix, cfg nmf.Config) *nmf.Model {
	t.Helper()
	m, err := nmf.Fit(t.Context(), x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mustTransform folds in or ends the test.
func mustTransform(t testing.TB, m *nmf.Model, x mat.Matrix) *mat.Dense {
	t.Helper()
	w, err := m.Transform(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// checkFactors checks that W and H have finite entries that are not negative.
func checkFactors(t *testing.T, m *nmf.Model) {
	t.Helper()
	checkMatrix(t, "W", m.W)
	checkMatrix(t, "H", m.H)
	if !(m.Err >= 0) || math.IsInf(m.Err, 0) {
		t.Errorf("error %v", m.Err)
	}
}

func checkMatrix(t *testing.T, name string, a *mat.Dense) {
	t.Helper()
	rows, cols := a.Dims()
	for i := range rows {
		for j := range cols {
			if v := a.At(i, j); !(v >= 0 && v <= math.MaxFloat64) {
				t.Fatalf("%s[%d,%d] = %v", name, i, j, v)
			}
		}
	}
}

// close reports whether a and b are equal to tol of the largest entry.
func closeTo(a, b mat.Matrix, tol float64) bool {
	return mat.EqualApprox(a, b, tol*max(mat.Max(a), mat.Max(b)))
}

// naive is D(X, WH) as the definition of the loss has it, where X is above
// the floor of 2^-23.
func naive(l nmf.Loss, x, wh mat.Matrix) float64 {
	const floor = 1. / (1 << 23)
	rows, cols := x.Dims()
	total, b := 0.0, l.Beta()
	for i := range rows {
		for j := range cols {
			v, y := x.At(i, j), wh.At(i, j)
			switch {
			case b == 2:
				total += (v - y) * (v - y) / 2
			case b == 1 && v > floor:
				total += v*math.Log(v/max(y, floor)) - v + y
			case b == 1:
				total += y
			case b == 0:
				total += v/y - math.Log(v/y) - 1
			case v > floor:
				total += (math.Pow(v, b) + (b-1)*math.Pow(y, b) - b*v*math.Pow(max(y, floor), b-1)) / (b * (b - 1))
			default:
				total += math.Pow(y, b) / b
			}
		}
	}
	return total
}

func product(m *nmf.Model) *mat.Dense {
	var wh mat.Dense
	wh.Mul(m.W, m.H)
	return &wh
}

// solvers are all of them, with a loss each.
var solvers = []struct {
	name   string
	solver nmf.Solver
	loss   nmf.Loss
}{
	{"cd", nmf.CD{}, nmf.Frobenius},
	{"cd shuffled", nmf.CD{Shuffle: true}, nmf.Frobenius},
	{"accelerated cd", nmf.AcceleratedCD{}, nmf.Frobenius},
	{"mu", nmf.MU{}, nmf.Frobenius},
	{"mu kl", nmf.MU{}, nmf.KullbackLeibler},
	{"mu beta 0.5", nmf.MU{}, nmf.Beta(.5)},
	{"mu beta 1.5", nmf.MU{}, nmf.Beta(1.5)},
	{"mu beta 3", nmf.MU{}, nmf.Beta(3)},
	{"minibatch", nmf.MiniBatch{BatchSize: 8}, nmf.Frobenius},
	{"minibatch kl", nmf.MiniBatch{BatchSize: 8}, nmf.KullbackLeibler},
	{"minibatch fresh", nmf.MiniBatch{BatchSize: 8, FreshRestarts: true}, nmf.Frobenius},
}

// takesWeights reports whether a fit by the solver may have Weights.
func takesWeights(s nmf.Solver) bool {
	switch s.(type) {
	case nmf.AcceleratedCD, nmf.MiniBatch:
		return false
	}
	return true
}
