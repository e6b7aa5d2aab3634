package nmf_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// What scikit-learn's own tests ask of NMF.

var inits = []nmf.Init{nmf.InitAuto, nmf.InitRandom, nmf.InitNNDSVD, nmf.InitNNDSVDa, nmf.InitNNDSVDar}

func TestFactorsAreNotNegative(t *testing.T) {
	x := uniform(24, 16, 5)
	for _, s := range solvers {
		for _, init := range inits {
			for _, alpha := range []float64{0, .01, 1} {
				for _, ratio := range []float64{0, .4, 1} {
					t.Run(fmt.Sprint(s.name, init, alpha, ratio), func(t *testing.T) {
						checkFactors(t, mustFit(t, x, nmf.Config{
							Components: 4, Init: init, Solver: s.solver, Loss: s.loss, MaxIter: 20,
							AlphaW: alpha, AlphaH: alpha, L1Ratio: ratio,
						}))
					})
				}
			}
		}
	}
}

func TestFitComesClose(t *testing.T) {
	x := uniform(6, 5, 3)
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		for _, init := range []nmf.Init{nmf.InitAuto, nmf.InitRandom, nmf.InitNNDSVDa, nmf.InitNNDSVDar} {
			if m := mustFit(t, x, nmf.Config{Components: 5, Init: init, Solver: s, MaxIter: 600, Tol: -1}); !(m.Err < .1) {
				t.Errorf("%T %v: error %v, want less than 0.1", s, init, m.Err)
			}
		}
	}
}

func TestTransformIsAboutTheFitsW(t *testing.T) {
	x := uniform(24, 9, 5)
	for _, s := range solvers {
		t.Run(s.name, func(t *testing.T) {
			m := mustFit(t, x, nmf.Config{
				Components: 3, Init: nmf.InitNNDSVDa, Solver: s.solver, Loss: s.loss, MaxIter: 3000, Tol: 1e-7,
			})
			back, err := m.Inverse(mustTransform(t, m, x))
			if err != nil {
				t.Fatal(err)
			}
			// W may differ where H leaves it open, its loss may not.
			if got, want := math.Sqrt(2*naive(s.loss, x, back)), m.Err; got > 1.02*want {
				t.Errorf("the error is %v after Transform, %v after Fit", got, want)
			}
		})
	}
}

func TestTransformAfterCustomInit(t *testing.T) {
	x := uniform(24, 9, 5)
	m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitCustom, W0: uniform(24, 3, 1), H0: uniform(3, 9, 2)})
	if w := mustTransform(t, m, x); !mat.EqualApprox(w, m.W, 1e-2) {
		t.Errorf("W by Transform\n%v\nby Fit\n%v", mat.Formatted(w), mat.Formatted(m.W))
	}
}

func TestMoreComponentsThanColumns(t *testing.T) {
	x := uniform(30, 10, 0)
	for _, s := range solvers {
		m := mustFit(t, x, nmf.Config{Components: 15, Solver: s.solver, Loss: s.loss, MaxIter: 30})
		checkFactors(t, m)
		if m.Config.Init != nmf.InitRandom || m.Components() != 15 {
			t.Errorf("%s: init %v, %d components", s.name, m.Config.Init, m.Components())
		}
	}
}

func TestSparseEqualsDense(t *testing.T) {
	x := goldenMatrix(t, "sparse", 25, 18, 9, false)
	csr := goldenMatrix(t, "sparse", 25, 18, 9, true).(*sparse.CSR)
	for _, s := range solvers {
		cfg := nmf.Config{Components: 4, Solver: s.solver, Loss: s.loss, Tol: -1, MaxIter: 40, AlphaW: .01, AlphaH: .01, L1Ratio: .5}
		want := mustFit(t, x, cfg)
		for name, same := range map[string]mat.Matrix{
			"CSR": csr, "CSC": mat.Transpose{Matrix: csr.Transpose()}, "stored zeros": withStoredZeros(t, csr),
		} {
			t.Run(s.name+" "+name, func(t *testing.T) {
				got := mustFit(t, same, cfg)
				if !closeTo(got.W, want.W, 1e-9) || !closeTo(got.H, want.H, 1e-9) {
					t.Error("the factors are not those of the dense matrix")
				}
				if math.Abs(got.Err-want.Err) > 1e-9*want.Err {
					t.Errorf("error %v, dense %v", got.Err, want.Err)
				}
				if !closeTo(mustTransform(t, got, same), mustTransform(t, want, x), 1e-9) {
					t.Error("Transform is not that of the dense matrix")
				}
			})
		}
	}
}

// withStoredZeros returns x with zeros stored in some places.
func withStoredZeros(t *testing.T, x *sparse.CSR) *sparse.CSR {
	t.Helper()
	var is, js []int
	var vs []float64
	rows, cols := x.Dims()
	for i := range rows {
		for j := range cols {
			if v := x.At(i, j); v != 0 || (i+j)%3 == 0 {
				is, js, vs = append(is, i), append(js, j), append(vs, v)
			}
		}
	}
	out, err := sparse.FromTriplets(rows, cols, is, js, vs)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestErrIsTheDefinitions(t *testing.T) {
	for _, kind := range []string{"positive", "sparse"} {
		for _, b := range []float64{-1.2, 0, .2, 1, 2, 2.5} {
			if kind == "sparse" && b <= 0 {
				continue
			}
			for _, compressed := range []bool{false, true} {
				x := goldenMatrix(t, kind, 21, 140, 4, compressed)
				m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.Beta(b), MaxIter: 7})
				want := math.Sqrt(2 * naive(nmf.Beta(b), x, product(m)))
				if math.Abs(m.Err-want) > 1e-7*want {
					t.Errorf("%s, beta %v, compressed %v: error %v, want %v", kind, b, compressed, m.Err, want)
				}
			}
		}
	}
}

func TestLossIsContinuousInBeta(t *testing.T) {
	x := goldenMatrix(t, "positive", 12, 9, 4, false)
	at := func(b float64) float64 {
		return mustFit(t, x, nmf.Config{
			Components: 2, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.Beta(b), MaxIter: 5,
		}).Err
	}
	for _, b := range []float64{0, 1, 2} {
		for _, near := range []float64{b - 1e-6, b + 1e-6} {
			if got, want := at(near), at(b); math.Abs(got-want) > 1e-4*want {
				t.Errorf("error %v at beta = %v, %v at %v", got, near, want, b)
			}
		}
	}
}

func TestNoNaNInAThousandIterations(t *testing.T) {
	for _, b := range []float64{-.6, .5, 1, 1.5, 2, 3.5} {
		kind := "sparse"
		if b <= 0 {
			kind = "positive"
		}
		for _, compressed := range []bool{false, true} {
			for _, init := range []nmf.Init{nmf.InitNNDSVD, nmf.InitRandom} {
				x := goldenMatrix(t, kind, 20, 15, 4, compressed)
				checkFactors(t, mustFit(t, x, nmf.Config{
					Components: 10, Init: init, Solver: nmf.MU{}, Loss: nmf.Beta(b), MaxIter: 1000, Tol: -1,
				}))
			}
		}
	}
}

func TestPenaltiesDoWhatTheyAreFor(t *testing.T) {
	x := uniform(30, 14, 8)
	zeros := func(a *mat.Dense) (n int) {
		for _, v := range a.RawMatrix().Data {
			if v < 1e-9 {
				n++
			}
		}
		return n
	}
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		cfg := nmf.Config{Components: 5, Solver: s, MaxIter: 500}
		free := mustFit(t, x, cfg)
		cfg.AlphaW, cfg.AlphaH, cfg.L1Ratio = .05, .05, 1
		l1 := mustFit(t, x, cfg)
		cfg.L1Ratio = 0
		l2 := mustFit(t, x, cfg)
		if zeros(l1.W) <= zeros(free.W) || zeros(l1.H) <= zeros(free.H) {
			t.Errorf("%T: L1 leaves %d and %d zeros, none %d and %d", s, zeros(l1.W), zeros(l1.H), zeros(free.W), zeros(free.H))
		}
		if a, b := norms(l2), norms(free); a >= b {
			t.Errorf("%T: the squared norms are %v with L2, %v without", s, a, b)
		}
	}
}

func norms(m *nmf.Model) float64 {
	w, h := mat.Norm(m.W, 2), mat.Norm(m.H, 2)
	return w*w + h*h
}

// objective is what the fit makes small.
func objective(m *nmf.Model, x mat.Matrix) float64 {
	n, cols := x.Dims()
	c := m.Config
	part := func(a *mat.Dense, by float64) float64 {
		norm := mat.Norm(a, 2)
		return by * (c.L1Ratio*mat.Sum(a) + (1-c.L1Ratio)/2*norm*norm)
	}
	return naive(c.Loss, x, product(m)) + part(m.W, float64(cols)*c.AlphaW) + part(m.H, float64(n)*c.AlphaH)
}

func TestEveryStepLowersTheObjective(t *testing.T) {
	x := goldenMatrix(t, "positive", 20, 15, 42, false)
	for _, s := range solvers {
		if _, ok := s.solver.(nmf.MiniBatch); ok {
			continue // it follows a running mean
		}
		for _, alpha := range []float64{0, .1} {
			for _, ratio := range []float64{0, .5, 1} {
				t.Run(fmt.Sprint(s.name, alpha, ratio), func(t *testing.T) {
					m := mustFit(t, x, nmf.Config{
						Components: 4, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss,
						AlphaW: alpha, AlphaH: alpha, L1Ratio: ratio, MaxIter: 1, Tol: -1,
					})
					before := objective(m, x)
					for iter := 2; iter <= 30; iter++ {
						var err error
						if m, err = m.Resume(t.Context(), x, iter); err != nil {
							t.Fatal(err)
						}
						now := objective(m, x)
						// Where nothing is left to gain, rounding decides.
						if now > before*(1+1e-14) || iter < 5 && now >= before {
							t.Fatalf("iteration %d: objective %v after %v", iter, now, before)
						}
						if got := m.Objective(); math.Abs(got-now) > 1e-9*now {
							t.Fatalf("iteration %d: Objective is %v, want %v", iter, got, now)
						}
						before = now
					}
				})
			}
		}
	}
}

func TestDenormalsDoNotUnderflow(t *testing.T) {
	x := mat.NewDense(10, 2, nil)
	for i := range 10 {
		x.SetRow(i, []float64{1e-323, 1e-323})
	}
	for _, s := range solvers {
		checkFactors(t, mustFit(t, x, nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss}))
	}
}

func TestOneBatchThatForgetsAllIsMU(t *testing.T) {
	for _, loss := range []nmf.Loss{nmf.Frobenius, nmf.KullbackLeibler, nmf.ItakuraSaito} {
		x := goldenMatrix(t, "positive", 48, 5, 3, false)
		cfg := nmf.Config{Components: 5, Init: nmf.InitRandom, Loss: loss, Tol: -1, MaxIter: 100, Solver: nmf.MU{}}
		want := mustFit(t, x, cfg)
		cfg.Solver = nmf.MiniBatch{BatchSize: 48, ForgetFactor: -1}
		got := mustFit(t, x, cfg)
		if !closeTo(got.W, want.W, 1e-7) || !closeTo(got.H, want.H, 1e-7) {
			t.Errorf("%v: the factors differ", loss)
		}
	}
}

func TestTallAndWide(t *testing.T) {
	for _, shape := range [][2]int{{200, 5}, {5, 200}, {1, 30}, {30, 1}} {
		x := uniform(shape[0], shape[1], 3)
		for _, s := range solvers {
			for _, init := range inits {
				for _, k := range []int{1, min(shape[0], shape[1])} {
					m := mustFit(t, x, nmf.Config{Components: k, Init: init, Solver: s.solver, Loss: s.loss, MaxIter: 15})
					checkFactors(t, m)
				}
			}
		}
	}
}

func TestExactFactorsAreRecovered(t *testing.T) {
	x, _, _ := plantedFactors(30, 20, 3, 4)
	for _, s := range []struct {
		solver nmf.Solver
		loss   nmf.Loss
	}{{nmf.CD{}, nmf.Frobenius}, {nmf.MU{}, nmf.Frobenius}, {nmf.MU{}, nmf.KullbackLeibler}} {
		m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitNNDSVDar, Solver: s.solver, Loss: s.loss, MaxIter: 20000, Tol: -1})
		if !closeTo(product(m), x, 1e-3) {
			t.Errorf("%T %v: WH is not X, error %v", s.solver, s.loss, m.Err)
		}
		back, err := m.Inverse(m.W)
		if err != nil {
			t.Fatal(err)
		}
		if !closeTo(back, x, 1e-3) {
			t.Errorf("%T %v: Inverse does not give X back", s.solver, s.loss)
		}
	}
}
