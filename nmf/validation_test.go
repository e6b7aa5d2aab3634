package nmf_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

func with(x *mat.Dense, i, j int, v float64) *mat.Dense {
	x = mat.DenseCopyOf(x)
	x.Set(i, j, v)
	return x
}

func TestFitNamesWhatIsWrong(t *testing.T) {
	x := uniform(6, 8, 1)
	zeros := mat.NewDense(6, 8, nil)
	csr, err := sparse.FromTriplets(6, 8, []int{0, 4}, []int{1, 7}, []float64{1, math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	huge := mat.NewDense(6, 8, nil)
	huge.Apply(func(int, int, float64) float64 { return 1e308 }, huge)
	large := mat.DenseCopyOf(x)
	large.Scale(1e220, x)
	k := func(c nmf.Config) nmf.Config {
		c.Components = 2
		return c
	}
	for _, c := range []struct {
		name string
		x    mat.Matrix
		cfg  nmf.Config
		is   error
		text string
	}{
		{"nil", nil, k(nmf.Config{}), nmf.ErrShape, "nmf: X is nil"},
		{"empty", &mat.Dense{}, k(nmf.Config{}), nmf.ErrShape, "nmf: X is 0 x 0: it must have a row and a column"},
		{"negative", with(x, 3, 5, -1), k(nmf.Config{}), nmf.ErrNegative, "nmf: X[3,5] = -1: negative"},
		{"NaN", with(x, 0, 7, math.NaN()), k(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[0,7] = NaN: not finite"},
		{"infinite", with(x, 5, 0, math.Inf(1)), k(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[5,0] = +Inf: not finite"},
		{"minus infinity", with(x, 5, 0, math.Inf(-1)), k(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[5,0] = -Inf: not finite"},
		{"sparse infinite", csr, k(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[4,7] = +Inf: not finite"},
		{"overflow", huge, k(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[0,0] = 1e+308: the sum of all entries overflows: divide them by the largest"},
		{"overflow of squares", with(x, 4, 3, 1e160), k(nmf.Config{Solver: nmf.MiniBatch{}}), nmf.ErrNotFinite, "nmf: X[4,3] = 1e+160: the sum of squares overflows: divide X by its largest entry"},
		{"overflow of the loss", with(x, 1, 1, 1e120), k(nmf.Config{Solver: nmf.MiniBatch{}, Loss: nmf.Beta(3)}), nmf.ErrNotFinite, "nmf: X[1,1] = 1e+120: the beta(3) loss of X overflows: divide X by its largest entry"},
		{"overflow in mini-batches", with(x, 1, 1, 1e95), k(nmf.Config{Solver: nmf.MiniBatch{}, Loss: nmf.Beta(3)}), nmf.ErrNotFinite, "nmf: X[1,1] = 1e+95: the beta(3) loss of X overflows in mini-batches: divide X by its largest entry, or use MU{}"},
		{"overflow of the error", large, k(nmf.Config{Solver: nmf.MU{}, Loss: nmf.Beta(3), Init: nmf.InitRandom}), nmf.ErrNotFinite, "nmf: the error of the fit, of the loss beta(3), is more than a number can be: divide X by its largest entry"},
		{"overflow of the start", with(x, 1, 1, 1e150), k(nmf.Config{Solver: nmf.MiniBatch{}}), nmf.ErrNotFinite, "nmf: X[1,1] = 1e+150: the squares of the W and H that nndsvda starts from overflow: divide X by its largest entry, or use InitRandom"},
		{"no components", x, nmf.Config{}, nmf.ErrConfig, "nmf: Config.Components is 0: it must be at least 1"},
		{"negative components", x, nmf.Config{Components: -3}, nmf.ErrConfig, "nmf: Config.Components is -3: it must be at least 1"},
		{"too many components", x, nmf.Config{Components: 1 << 40}, nmf.ErrConfig, "nmf: Config.Components is 1099511627776: factors of a 6 x 8 matrix that large do not fit in memory"},
		{"iterations", x, k(nmf.Config{MaxIter: -1}), nmf.ErrConfig, "nmf: Config.MaxIter is -1: it must not be negative"},
		{"tolerance", x, k(nmf.Config{Tol: math.NaN()}), nmf.ErrConfig, "nmf: Config.Tol is NaN"},
		{"workers", x, k(nmf.Config{Workers: -1}), nmf.ErrConfig, "nmf: Config.Workers is -1: it must not be negative"},
		{"alpha W", x, k(nmf.Config{AlphaW: -1}), nmf.ErrConfig, "nmf: Config.AlphaW is -1: it must be a number from 0"},
		{"alpha H", x, k(nmf.Config{AlphaH: math.Inf(1)}), nmf.ErrConfig, "nmf: Config.AlphaH is +Inf: it must be a number from 0"},
		{"l1 ratio", x, k(nmf.Config{L1Ratio: 1.5}), nmf.ErrConfig, "nmf: Config.L1Ratio is 1.5: it must be from 0 to 1"},
		{"beta", x, k(nmf.Config{Loss: nmf.Beta(math.NaN())}), nmf.ErrConfig, "nmf: Config.Loss is beta(NaN): beta must be a finite number"},
		{"init", x, k(nmf.Config{Init: 17}), nmf.ErrConfig, "nmf: Config.Init is Init(17)"},
		{"nndsvd of many", x, nmf.Config{Components: 7, Init: nmf.InitNNDSVD}, nmf.ErrConfig, "nmf: Config.Init nndsvd needs Components <= min(n, m), got 7 for a 6 x 8 matrix: use InitRandom"},
		{"cd with kl", x, k(nmf.Config{Loss: nmf.KullbackLeibler}), nmf.ErrConfig, "nmf: Config.Solver CD fits the Frobenius loss only, not kullback-leibler: use MU{}"},
		{"zeros with itakura-saito", with(x, 2, 6, 0), k(nmf.Config{Solver: nmf.MU{}, Loss: nmf.ItakuraSaito}), nmf.ErrConfig, "nmf: X[2,6] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
		{"sparse with beta -1", mustCSR(t, with(x, 2, 6, 0)), k(nmf.Config{Solver: nmf.MiniBatch{}, Loss: nmf.Beta(-1)}), nmf.ErrConfig, "nmf: X[2,6] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
		{"last column of zeros", mustCSR(t, with(x, 2, 7, 0)), k(nmf.Config{Solver: nmf.MU{}, Loss: nmf.Beta(-1)}), nmf.ErrConfig, "nmf: X[2,7] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
		{"no W0", x, k(nmf.Config{Init: nmf.InitCustom, H0: uniform(2, 8, 1)}), nmf.ErrConfig, "nmf: Config.W0 is nil: InitCustom needs it"},
		{"no H0", x, k(nmf.Config{Init: nmf.InitCustom, W0: uniform(6, 2, 1)}), nmf.ErrConfig, "nmf: Config.H0 is nil: InitCustom needs it"},
		{"shape of W0", x, k(nmf.Config{Init: nmf.InitCustom, W0: uniform(5, 2, 1), H0: uniform(2, 8, 1)}), nmf.ErrShape, "nmf: Config.W0 is 5 x 2, want 6 x 2"},
		{"shape of H0", x, k(nmf.Config{Init: nmf.InitCustom, W0: uniform(6, 2, 1), H0: uniform(2, 9, 1)}), nmf.ErrShape, "nmf: Config.H0 is 2 x 9, want 2 x 8"},
		{"negative H0", x, k(nmf.Config{Init: nmf.InitCustom, W0: uniform(6, 2, 1), H0: with(uniform(2, 8, 1), 1, 3, -2)}), nmf.ErrNegative, "nmf: H0[1,3] = -2: negative"},
		{"zero W0", x, k(nmf.Config{Init: nmf.InitCustom, W0: mat.NewDense(6, 2, nil), H0: uniform(2, 8, 1)}), nmf.ErrConfig, "nmf: Config.W0 is all zero: no solver can leave it"},
		{"batch size", x, k(nmf.Config{Solver: nmf.MiniBatch{BatchSize: -1}}), nmf.ErrConfig, "nmf: Config.Solver has the BatchSize -1: it must not be negative"},
		{"forget factor", x, k(nmf.Config{Solver: nmf.MiniBatch{ForgetFactor: 2}}), nmf.ErrConfig, "nmf: Config.Solver has the ForgetFactor 2: it must be at most 1"},
		{"shape of mask", x, k(nmf.Config{Mask: uniform(6, 7, 1)}), nmf.ErrShape, "nmf: Config.Mask is 6 x 7, want 6 x 8 as X"},
		{"NaN in mask", x, k(nmf.Config{Mask: with(x, 1, 1, math.NaN())}), nmf.ErrNotFinite, "nmf: Config.Mask[1,1] = NaN: not finite"},
		{"negative weight", x, k(nmf.Config{Weights: with(x, 1, 2, -1)}), nmf.ErrNegative, "nmf: Config.Weights[1,2] = -1: negative"},
		{"nothing observed", x, k(nmf.Config{Mask: zeros}), nmf.ErrConfig, "nmf: no entry of X is observed"},
		{"NaN where observed", with(x, 4, 4, math.NaN()), k(nmf.Config{Mask: with(zeros, 4, 4, 1)}), nmf.ErrNotFinite, "nmf: X[4,4] = NaN: not finite"},
		{"zero where observed", with(x, 4, 4, 0), k(nmf.Config{Mask: with(zeros, 4, 4, 1), Solver: nmf.MU{}, Loss: nmf.ItakuraSaito}), nmf.ErrConfig, "nmf: X[4,4] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
		{"unobserved", x, k(nmf.Config{Unobserved: -1}), nmf.ErrConfig, "nmf: Config.Unobserved is -1: it must be a number from 0"},
		{"unobserved with beta 1.5", x, k(nmf.Config{Unobserved: 1, Solver: nmf.MU{}, Loss: nmf.Beta(1.5)}), nmf.ErrConfig, "nmf: Config.Unobserved needs the Frobenius or the Kullback-Leibler loss, not beta(1.5), which zeros would cost all of WH"},
		{"batches with weights", x, k(nmf.Config{Mask: x, Solver: nmf.MiniBatch{}}), nmf.ErrConfig, "nmf: Config.Solver MiniBatch takes no Mask, Weights or Unobserved: use CD{} or MU{}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := nmf.Fit(t.Context(), c.x, c.cfg)
			if m != nil || !errors.Is(err, c.is) {
				t.Fatalf("%v, %v", m, err)
			}
			if err.Error() != c.text {
				t.Errorf("%q\nwant %q", err, c.text)
			}
		})
	}
}

func mustCSR(t *testing.T, x mat.Matrix) *sparse.CSR {
	t.Helper()
	m, err := sparse.FromDense(x)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEntryErrorTellsThePlace(t *testing.T) {
	_, err := nmf.Fit(t.Context(), with(uniform(4, 6, 1), 2, 3, -7), nmf.Config{Components: 1})
	var e *nmf.EntryError
	if !errors.As(err, &e) || e.Matrix != "X" || e.Row != 2 || e.Col != 3 || e.Value != -7 {
		t.Errorf("%#v", e)
	}
}

func TestTransformNamesWhatIsWrong(t *testing.T) {
	x := uniform(6, 8, 1)
	m := mustFit(t, x, nmf.Config{Components: 2})
	implicit := mustFit(t, x, nmf.Config{Components: 2, Unobserved: .1})
	for _, c := range []struct {
		name string
		call func() (*mat.Dense, error)
		is   error
		text string
	}{
		{"columns", func() (*mat.Dense, error) { return m.Transform(t.Context(), uniform(3, 9, 1)) }, nmf.ErrShape, "nmf: X has 9 columns, but the model's H has 8"},
		{"NaN", func() (*mat.Dense, error) { return m.Transform(t.Context(), with(x, 1, 2, math.NaN())) }, nmf.ErrNotFinite, "nmf: X[1,2] = NaN: not finite"},
		{"no weights", func() (*mat.Dense, error) { return m.TransformWeighted(t.Context(), x, nil) }, nmf.ErrShape, "nmf: weights are nil: use Transform"},
		{"shape of weights", func() (*mat.Dense, error) { return m.TransformWeighted(t.Context(), x, uniform(6, 7, 1)) }, nmf.ErrShape, "nmf: Config.Weights is 6 x 7, want 6 x 8 as X"},
		{"joint with weights", func() (*mat.Dense, error) { return implicit.TransformJoint(t.Context(), x) }, nmf.ErrConfig, "nmf: Config.Unobserved is not in scikit-learn, whose rule this is: use Transform"},
	} {
		if w, err := c.call(); w != nil || !errors.Is(err, c.is) || err.Error() != c.text {
			t.Errorf("%s: %v, %q, want %q", c.name, w, err, c.text)
		}
	}
	if _, err := m.Resume(t.Context(), uniform(6, 7, 1), 0); !errors.Is(err, nmf.ErrShape) || err.Error() != "nmf: X is 6 x 7, but the model is of a 6 x 8 matrix" {
		t.Errorf("Resume: %v", err)
	}
	bad := mustFit(t, x, nmf.Config{Components: 2})
	bad.H.Set(1, 2, math.NaN())
	if _, err := bad.Resume(t.Context(), x, 0); !errors.Is(err, nmf.ErrNotFinite) {
		t.Errorf("Resume with NaN in H: %v", err)
	}
	if _, err := bad.Transform(t.Context(), x); !errors.Is(err, nmf.ErrNotFinite) {
		t.Errorf("Transform with NaN in H: %v", err)
	}
}
