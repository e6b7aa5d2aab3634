package nmf_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// sized is a matrix of small whole numbers times a power of ten.
func sized(exponent int) *mat.Dense {
	x := mat.NewDense(6, 5, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		return float64((7*i+3*j)%11+1) * math.Pow(10, float64(exponent))
	}, x)
	return x
}

// A fit of entries of any size has finite factors and a finite error, or is
// refused with a reason; CD, and MU of what a start can hold, fit them all.
func TestEverySizeOfEntries(t *testing.T) {
	for exponent := -300; exponent <= 300; exponent += 20 {
		x := sized(exponent)
		for _, s := range solvers {
			for _, init := range []nmf.Init{nmf.InitRandom, nmf.InitNNDSVD, nmf.InitNNDSVDa, nmf.InitNNDSVDar, nmf.InitCustom} {
				for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
					for _, alpha := range []float64{0, .1} {
						cfg := nmf.Config{
							Components: 2, Solver: s.solver, Loss: s.loss, Init: init, Precision: precision,
							AlphaW: alpha, AlphaH: alpha, L1Ratio: .5, MaxIter: 30,
						}
						if init == nmf.InitCustom {
							cfg.W0, cfg.H0 = uniform(6, 2, 1), uniform(2, 5, 2)
						}
						checkSized(t, fmt.Sprintf("1e%d, %s, %v", exponent, s.name, cfg), x, cfg, exponent)
					}
				}
			}
		}
	}
}

func checkSized(t *testing.T, name string, x *mat.Dense, cfg nmf.Config, exponent int) {
	t.Helper()
	m, err := nmf.Fit(t.Context(), x, cfg)
	if err != nil {
		if !errors.Is(err, nmf.ErrNotFinite) {
			t.Errorf("%s: %v", name, err)
		}
		_, batches := cfg.Solver.(nmf.MiniBatch)
		_, mu := cfg.Solver.(nmf.MU)
		switch single := cfg.Precision == nmf.Float32; {
		case single && exponent >= 19, batches: // said in the documentation
		case mu && cfg.Loss == nmf.Frobenius && cfg.Init == nmf.InitRandom, !mu:
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	for what, a := range map[string]*mat.Dense{"W": m.W, "H": m.H} {
		if !(mat.Max(a) <= math.MaxFloat64) || !(mat.Min(a) >= 0) {
			t.Errorf("%s: %s has %v", name, what, mat.Max(a))
		}
	}
	if !(m.Err <= math.MaxFloat64) {
		t.Errorf("%s: error %v", name, m.Err)
	}
	if _, batches := cfg.Solver.(nmf.MiniBatch); batches || cfg.Loss != nmf.Frobenius || cfg.AlphaW > 0 {
		return
	}
	// What is below NNDSVD's floor is zero, which nobody leaves.
	if cfg.Init == nmf.InitNNDSVD && exponent < 0 {
		return
	}
	wh, one := product(m), math.Pow(10, -float64(exponent))
	var rest mat.Dense
	rest.Sub(x, wh)
	rest.Scale(one, &rest)
	got, want := m.Err*one, mat.Norm(&rest, 2)
	if math.Abs(got-want) > 1e-5*want || want > 30 {
		t.Errorf("%s: error %v, that of W and H is %v, beside a norm of 36.2", name, got, want)
	}
}

// X is scaled by powers of two only, and W and H back: beyond any size the
// fits are those of the same matrix of another size, to the bit.
func TestSizeChangesExponentsOnly(t *testing.T) {
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.CD{Shuffle: true}, nmf.AcceleratedCD{}, nmf.MU{}} {
		for _, weights := range []mat.Matrix{nil, uniform(6, 5, 4)} {
			if weights != nil && !takesWeights(s) {
				continue
			}
			cfg := nmf.Config{Components: 2, Solver: s, Init: nmf.InitRandom, Weights: weights, MaxIter: 60, Tol: 1e-9}
			want := mustFit(t, sized(0), cfg)
			for _, half := range []int{-480, -250, -90, 120, 400} {
				x := sized(0)
				x.Apply(func(_, _ int, v float64) float64 { return math.Ldexp(v, 2*half) }, x)
				got := mustFit(t, x, cfg)
				for name, pair := range map[string][2]*mat.Dense{"W": {got.W, want.W}, "H": {got.H, want.H}} {
					pair[0].Apply(func(_, _ int, v float64) float64 { return math.Ldexp(v, -half) }, pair[0])
					if !mat.Equal(pair[0], pair[1]) {
						t.Errorf("%T, weights %v, 2^%d: %s is not the same", s, weights != nil, 2*half, name)
					}
				}
				if got.Iter != want.Iter || math.Ldexp(got.Err, -2*half) != want.Err {
					t.Errorf("%T, weights %v, 2^%d: %v, want %v", s, weights != nil, 2*half, got, want)
				}
			}
		}
	}
}

// Where a fit of a multiple stops and goes on, by way of a file too, it gives
// the bits of one that did not stop.
func TestResumeOfAnySize(t *testing.T) {
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.AcceleratedCD{}, nmf.MU{}} {
		for _, exponent := range []int{-200, 200} {
			x := sized(exponent)
			cfg := nmf.Config{Components: 2, Solver: s, Init: nmf.InitRandom, MaxIter: 60, Tol: 1e-9}
			want := mustFit(t, x, cfg)
			cfg.MaxIter = 27
			var file bytes.Buffer
			if err := mustFit(t, x, cfg).Save(&file); err != nil {
				t.Fatal(err)
			}
			m, err := nmf.Load(&file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Resume(t.Context(), x, 60)
			if err != nil || !sameBits(got, want) {
				t.Errorf("%T, 1e%d: %v, %v, want %v", s, exponent, got, err, want)
			}
		}
	}
}

// What scikit-learn answers for x = [[1,2],[3,4]] times a size.
func TestSizesAreScikitLearns(t *testing.T) {
	for _, size := range []float64{1e-300, 1e-160, 1e-155, 1e-21, 1e-20} {
		for _, p := range []nmf.Precision{nmf.Float64, nmf.Float32} {
			x := mat.NewDense(2, 2, []float64{size, 2 * size, 3 * size, 4 * size})
			m := mustFit(t, x, nmf.Config{Components: 1, Precision: p})
			wh := product(m)
			wh.Scale(1/size, wh)
			if want := mat.NewDense(2, 2, []float64{1.2736, 1.8072, 2.8790, 4.0853}); !mat.EqualApprox(wh, want, 1e-4) || math.Abs(m.Err/size-.3660) > 1e-4 {
				t.Errorf("%v, %v: W H is %v, the error %v", size, p, mat.Formatted(wh), m.Err/size)
			}
		}
	}
}

// Mini-batches of a loss of beta > 2 are finite or refused.
func TestBatchesOfLargeEntries(t *testing.T) {
	for _, loss := range []nmf.Loss{nmf.Beta(2.5), nmf.Beta(3), nmf.Beta(6)} {
		for _, p := range []nmf.Precision{nmf.Float64, nmf.Float32} {
			for exponent := 5; exponent < 130; exponent++ {
				size := math.Pow(10, float64(exponent))
				x := mat.NewDense(2, 2, []float64{size, 2 * size, 3 * size, 4 * size})
				cfg := nmf.Config{Components: 1, Init: nmf.InitRandom, Solver: nmf.MiniBatch{}, Loss: loss, Precision: p}
				name := fmt.Sprintf("1e%d, %v", exponent, cfg)
				m, err := nmf.Fit(t.Context(), x, cfg)
				switch {
				case err == nil:
					checkFactors(t, m)
					if m.Err > math.Pow(mat.Norm(x, 2), loss.Beta()/2)/2 {
						t.Errorf("%s: error %v", name, m.Err)
					}
				case !errors.Is(err, nmf.ErrNotFinite):
					t.Errorf("%s: %v", name, err)
				}
				if p == nmf.Float64 {
					m, err = nmf.FitBlocks(t.Context(), []mat.Matrix{x, x}, cfg)
					if err == nil {
						checkFactors(t, m)
					} else if !errors.Is(err, nmf.ErrNotFinite) {
						t.Errorf("%s: %v", name, err)
					}
				}
			}
		}
	}
}

// The error is that of W and H however large the L1 penalty is beside it.
func TestErrorBesideALargePenalty(t *testing.T) {
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.AcceleratedCD{}} {
		for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
			for exponent := -30; exponent <= 0; exponent++ {
				x := mat.NewDense(100, 80, nil)
				x.Apply(func(i, j int, _ float64) float64 { return float64((i*j)%7+1) * math.Pow(10, float64(exponent)) }, x)
				m := mustFit(t, x, nmf.Config{Components: 5, Solver: s, Init: nmf.InitRandom, Precision: precision, AlphaW: 1, AlphaH: 1, L1Ratio: 1, MaxIter: 5, Tol: -1})
				var rest mat.Dense
				rest.Sub(x, product(m))
				if want := mat.Norm(&rest, 2); math.Abs(m.Err-want) > 1e-5*want {
					t.Errorf("%T, %v, 1e%d: error %v, want %v", s, precision, exponent, m.Err, want)
				}
			}
		}
	}
}
