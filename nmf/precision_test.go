package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// apart returns the largest difference of two matrices as a share of the
// largest entry.
func apart(a, b *mat.Dense) float64 {
	var d mat.Dense
	d.Sub(a, b)
	return max(mat.Max(&d), -mat.Min(&d)) / mat.Max(b)
}

// isSingle reports whether all entries are float32s.
func isSingle(a *mat.Dense) bool {
	for _, v := range a.RawMatrix().Data {
		if v != float64(float32(v)) {
			return false
		}
	}
	return true
}

// singleCases are fits of every solver, loss and kind of X.
func singleCases(t *testing.T, check func(t *testing.T, x mat.Matrix, cfg nmf.Config)) {
	for _, compressed := range []bool{false, true} {
		for _, common := range []float64{0, .1} {
			for _, s := range solvers {
				if common != 0 && (!takesWeights(s.solver) || s.loss != nmf.Frobenius && s.loss != nmf.KullbackLeibler) {
					continue
				}
				t.Run(fmt.Sprint(s.name, " compressed ", compressed, " unobserved ", common), func(t *testing.T) {
					check(t, goldenMatrix(t, "sparse", 70, 45, 2, compressed), nmf.Config{
						Components: 5, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 30, Tol: -1, Workers: 2,
						Unobserved: common, Precision: nmf.Float32,
					})
				})
			}
		}
	}
}

func TestFloat32IsNearFloat64(t *testing.T) {
	singleCases(t, func(t *testing.T, x mat.Matrix, cfg nmf.Config) {
		got := mustFit(t, x, cfg)
		cfg.Precision = nmf.Float64
		want := mustFit(t, x, cfg)
		checkFactors(t, got)
		if w, h := apart(got.W, want.W), apart(got.H, want.H); w > 2e-5 || h > 2e-5 {
			t.Errorf("W is off by %v of its largest entry, H by %v", w, h)
		}
		if math.Abs(got.Err-want.Err) > 1e-5*want.Err {
			t.Errorf("error %v, in double precision %v", got.Err, want.Err)
		}
		if !isSingle(got.W) || !isSingle(got.H) {
			t.Error("it was not a fit in single precision")
		}
	})
}

// TestFloat32ReadsRowsOfAnyLength is of rows that are read in several pieces,
// and of more of them than columns of 16 bits have numbers for.
func TestFloat32ReadsRowsOfAnyLength(t *testing.T) {
	of := func(rows int) *sparse.CSR {
		long := powerLaw(3, 900, 3_000, 1)
		var i, j []int
		var v []float64
		long.DoNonZero(func(r, c int, x float64) {
			i, j, v = append(i, r*(rows-1)/2), append(j, c), append(v, x+float64(c%7))
		})
		x, err := sparse.FromTriplets(rows, 900, i, j, v)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, rows := range []int{3, 1 << 16, 1<<16 + 1} {
		x := of(rows)
		for _, s := range solvers {
			if rows > 3 && s.name != "cd" || s.loss != nmf.Frobenius && s.loss != nmf.KullbackLeibler {
				continue
			}
			cfg := nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 12, Tol: -1, Workers: 2, Precision: nmf.Float32}
			got := mustFit(t, x, cfg)
			cfg.Precision = nmf.Float64
			want := mustFit(t, x, cfg)
			if w, h := apart(got.W, want.W), apart(got.H, want.H); w > 5e-5 || h > 5e-5 || math.Abs(got.Err-want.Err) > 1e-5*want.Err {
				t.Errorf("%s, %d rows: W is off by %v of its largest entry, H by %v, the error %v by %v", s.name, rows, w, h, want.Err, got.Err-want.Err)
			}
		}
	}
}

// TestFloat32TakesHalfTheMemory is of what a fit holds beside the X that it was
// given.
func TestFloat32TakesHalfTheMemory(t *testing.T) {
	x := powerLaw(10_000, 20_000, 1_000_000, 0)
	held := func(p nmf.Precision, k int) float64 {
		live := func() float64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.GC() // what the first found no longer in use
			runtime.ReadMemStats(&m)
			return float64(m.HeapAlloc)
		}
		before, during := live(), 0.0
		mustFit(t, x, nmf.Config{
			Components: k, Init: nmf.InitRandom, MaxIter: 1, Tol: -1, Workers: 2, Precision: p,
			Progress: func(nmf.Step) { during = live() },
		})
		return (during - before) / 1e6
	}
	// Rows of 48 are padded nowhere, rows of 50 of float32s to 56 or 64.
	for k, most := range map[int]float64{48: .51, 50: .55} {
		single, double := held(nmf.Float32, k), held(nmf.Float64, k)
		t.Logf("k=%d: %.1f MB in float32, %.1f MB in float64", k, single, double)
		if !(single/double < most) {
			t.Errorf("k=%d: %.3f of the memory, want less than %v", k, single/double, most)
		}
	}
}

func TestFloat32IsTheSameForAllWorkers(t *testing.T) {
	singleCases(t, func(t *testing.T, x mat.Matrix, cfg nmf.Config) {
		want := mustFit(t, x, cfg)
		for _, workers := range []int{1, 7} {
			cfg.Workers = workers
			if got := mustFit(t, x, cfg); !sameBits(got, want) {
				t.Errorf("%d workers give %v, 2 give %v", workers, got, want)
			}
		}
	})
}

func TestFloat32GoesOnToTheBit(t *testing.T) {
	singleCases(t, func(t *testing.T, x mat.Matrix, cfg nmf.Config) {
		want := mustFit(t, x, cfg)
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		cfg.Progress = func(s nmf.Step) {
			if s.Iter == 11 {
				cancel(errEnough)
			}
		}
		m, err := nmf.Fit(ctx, x, cfg)
		if !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if err := m.Save(&file); err != nil {
			t.Fatal(err)
		}
		if m, err = nmf.Load(&file); err != nil || m.Config.Precision != nmf.Float32 {
			t.Fatalf("%v, of precision %v", err, m.Config.Precision)
		}
		got, err := m.Resume(t.Context(), x, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// TestFloat32KnowsASmallError is of errors that are small differences of
// large sums.
func TestFloat32KnowsASmallError(t *testing.T) {
	x, _, _ := plantedFactors(120, 80, 4, 1)
	for _, noise := range []float64{0, 1e-4, 1e-3, 1e-2, 3e-2, .1} {
		off := normalNoise(x, noise)
		for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}, nmf.MiniBatch{BatchSize: 40}} {
			m := mustFit(t, off, nmf.Config{Components: 4, Init: nmf.InitRandom, Solver: s, MaxIter: 300, Tol: -1, Precision: nmf.Float32})
			want := math.Sqrt(2 * naive(nmf.Frobenius, off, product(m)))
			// What is left of an exact factorization is the rounding of W and H.
			if math.Abs(m.Err-want) > 1e-5*want+1e-8*mat.Norm(off, 2) {
				t.Errorf("%T, noise %v: error %v, want %v", s, noise, m.Err, want)
			}
		}
	}
}

func normalNoise(x *mat.Dense, scale float64) *mat.Dense {
	rows, cols := x.Dims()
	e := uniform(rows, cols, 9)
	e.Apply(func(i, j int, v float64) float64 { return x.At(i, j) + scale*v }, e)
	return e
}

func TestTransformDoesNotDependOnThePrecision(t *testing.T) {
	x := goldenMatrix(t, "positive", 30, 12, 1, false)
	m := mustFit(t, x, nmf.Config{Components: 3, Precision: nmf.Float32})
	got := mustTransform(t, m, x)
	m.Config.Precision = nmf.Float64
	if want := mustTransform(t, m, x); !mat.Equal(got, want) || isSingle(got) {
		t.Errorf("%v of the largest entry apart", apart(got, want))
	}
}

func TestFloat32RefusesWhatItCannotHold(t *testing.T) {
	ones := func() *mat.Dense { return mat.NewDense(2, 3, []float64{1, 1, 1, 1, 1, 1}) }
	huge := ones()
	huge.Set(1, 2, 1e39)
	large := ones()
	large.Set(1, 2, 1e20)
	of := func(c nmf.Config) nmf.Config {
		c.Components, c.Precision = 1, nmf.Float32
		return c
	}
	for _, c := range []struct {
		name string
		x    *mat.Dense
		cfg  nmf.Config
		is   error
		text string
	}{
		{"entry", huge, of(nmf.Config{}), nmf.ErrNotFinite, "nmf: X[1,2] = 1e+39: more than a float32 can be: divide by the largest entry, or use Float64"},
		{"squares", large, of(nmf.Config{}), nmf.ErrNotFinite, "nmf: the sum of the squares of X or of the weights is more than a float32 can be: divide by the largest entry, or use Float64"},
		{"weight", ones(), of(nmf.Config{Weights: huge}), nmf.ErrNotFinite, "nmf: the sum of the squares of X or of the weights is more than a float32 can be: divide by the largest entry, or use Float64"},
		{"powers", mat.NewDense(2, 2, []float64{1, 2, 3, 1e12}), of(nmf.Config{Solver: nmf.MiniBatch{}, Loss: nmf.Beta(4)}), nmf.ErrNotFinite, "nmf: X[1,1] = 1e+12: the beta(4) loss of X overflows: divide X by its largest entry"},
		{"start", ones(), of(nmf.Config{Init: nmf.InitCustom, W0: huge.Slice(0, 2, 2, 3), H0: ones().Slice(0, 1, 0, 3)}), nmf.ErrNotFinite, "nmf: W0[1,0] = 1e+39: more than a float32 can be: divide by the largest entry, or use Float64"},
		{"penalty", ones(), of(nmf.Config{AlphaH: 1e39}), nmf.ErrConfig, "nmf: Config.Precision is Float32, and what AlphaW, AlphaH or Unobserved come to is more than that can be: use Float64"},
	} {
		_, err := nmf.Fit(t.Context(), c.x, c.cfg)
		if !errors.Is(err, c.is) || err.Error() != c.text {
			t.Errorf("%s: %v\nwant %s", c.name, err, c.text)
		}
		if c.cfg.Precision = nmf.Float64; c.name == "entry" || c.name == "squares" {
			checkFactors(t, mustFit(t, c.x, c.cfg))
		}
	}
	m := mustFit(t, ones(), of(nmf.Config{}))
	m.H.Set(0, 1, 1e39)
	if _, err := m.Resume(t.Context(), ones(), 300); !errors.Is(err, nmf.ErrNotFinite) || !strings.Contains(err.Error(), "H[0,1] = 1e+39") {
		t.Errorf("resume: %v", err)
	}
	if _, err := nmf.NewOnline(of(nmf.Config{}), 3); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("online: %v", err)
	}
	if _, err := nmf.Fit(t.Context(), ones(), nmf.Config{Components: 1, Precision: 7}); !errors.Is(err, nmf.ErrConfig) || !strings.Contains(err.Error(), "Precision(7)") {
		t.Errorf("no such precision: %v", err)
	}
}

// TestFloat32TakesSmallEntriesForZeros is of entries below the smallest
// float32, for which no loss may be anything but a number.
func TestFloat32TakesSmallEntriesForZeros(t *testing.T) {
	for _, scale := range []float64{1e-300, 1e-40, 1e-30, 1e11} {
		x := mat.DenseCopyOf(goldenMatrix(t, "positive", 20, 9, 1, false))
		x.Scale(scale, x)
		for _, s := range solvers {
			checkFactors(t, mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, Precision: nmf.Float32, MaxIter: 30, Tol: -1}))
		}
	}
}

func TestPrecisionsByName(t *testing.T) {
	for name, p := range map[string]nmf.Precision{"float64": nmf.Float64, "float32": nmf.Float32} {
		if got, err := nmf.ParsePrecision(name); err != nil || got != p || p.String() != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	_, err := nmf.ParsePrecision("half")
	if want := `nmf: precision "half": want one of ["float64" "float32"]`; !errors.Is(err, nmf.ErrConfig) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
