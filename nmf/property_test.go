package nmf_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// drawn is a problem for a property to hold of.
type drawn struct {
	x    *mat.Dense
	csr  *sparse.CSR
	cfg  nmf.Config
	name string
}

// drawProblem draws a matrix, a solver, a start and penalties. Entries are of
// the order of 1, a part of them zero.
func drawProblem(t *rapid.T, all bool) drawn {
	rows := rapid.IntRange(6, 80).Draw(t, "rows")
	cols := rapid.IntRange(6, 40).Draw(t, "cols")
	zeros := rapid.SampledFrom([]float64{0, .3, .5}).Draw(t, "zeros")
	rng := nprand.New(rapid.Uint32().Draw(t, "seed"))
	x := mat.NewDense(rows, cols, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		v := rng.Float64()
		if (i != 0 || j != 0) && rng.Float64() < zeros {
			return 0
		}
		return v + .1
	}, x)
	csr, err := sparse.FromDense(x)
	if err != nil {
		t.Fatal(err)
	}
	s := rapid.SampledFrom(solvers).Filter(func(s struct {
		name   string
		solver nmf.Solver
		loss   nmf.Loss
	}) bool {
		return all || takesWeights(s.solver)
	}).Draw(t, "solver")
	penalty := rapid.SampledFrom([]float64{0, 0, .01}).Draw(t, "penalty")
	k := rapid.IntRange(1, 1+min(rows, cols)/4).Draw(t, "components")
	return drawn{x, csr, nmf.Config{
		Components: k, Solver: s.solver, Loss: s.loss, Init: nmf.InitCustom, W0: positive(rng, rows, k), H0: positive(rng, k, cols),
		AlphaW: penalty, AlphaH: penalty, L1Ratio: rapid.SampledFrom([]float64{0, .5, 1}).Draw(t, "l1 ratio"),
		// Few iterations, and few components above: one that vanishes can
		// come back from rounding errors, which grow to the size of X.
		MaxIter: 4, Tol: -1,
	}, s.name}
}

func positive(rng *nprand.Source, rows, cols int) *mat.Dense {
	a := mat.NewDense(rows, cols, nil)
	a.Apply(func(int, int, float64) float64 { return rng.Float64() + .1 }, a)
	return a
}

func fitOrFail(t *rapid.T, x mat.Matrix, cfg nmf.Config) *nmf.Model {
	m, err := nmf.Fit(t.Context(), x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sameFit checks WH and the error. W and H are not compared: where more
// components are there than X needs, rounding decides which of them vanish.
func sameFit(t *rapid.T, got, want *nmf.Model) {
	const tol = 1e-8
	if !closeTo(product(got), product(want), tol) || math.Abs(got.Err-want.Err) > tol*(want.Err+1) {
		t.Fatalf("WH\n%v\nerror %v\nwant WH\n%v\nerror %v", mat.Formatted(product(got)), got.Err,
			mat.Formatted(product(want)), want.Err)
	}
}

func TestPropertyObjectiveNeverRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, false)
		mode := rapid.SampledFrom([]string{"plain", "masked", "weighted", "implicit"}).Draw(t, "weights")
		rng := nprand.New(rapid.Uint32().Draw(t, "weights seed"))
		rows, cols := d.x.Dims()
		weights := mat.NewDense(rows, cols, nil)
		weights.Apply(func(i, j int, _ float64) float64 {
			if v := rng.Float64(); v > .4 || i == 0 && j == 0 {
				return v + .1
			}
			return 0
		}, weights)
		switch mode {
		case "masked":
			d.cfg.Mask = weights
		case "weighted":
			d.cfg.Weights = weights
		case "implicit":
			if d.cfg.Loss != nmf.Frobenius && d.cfg.Loss != nmf.KullbackLeibler {
				d.cfg.Loss, d.cfg.Solver = nmf.KullbackLeibler, nmf.MU{}
			}
			d.cfg.Unobserved = .15
			d.cfg.Weights = weights
		}
		d.cfg.MaxIter = 1
		m := fitOrFail(t, d.csr, d.cfg)
		before := m.Objective()
		for iter := 2; iter <= 12; iter++ {
			var err error
			if m, err = m.Resume(t.Context(), d.csr, iter); err != nil {
				t.Fatal(err)
			}
			now := m.Objective()
			// eps in the place of small entries of WH, and what counts as
			// zero, have effects of their own size.
			if !(now <= before+1e-9*(before+1)) {
				t.Fatalf("%s: iteration %d: %v after %v", d.name, iter, now, before)
			}
			before = now
			for _, a := range []*mat.Dense{m.W, m.H} {
				for _, v := range a.RawMatrix().Data {
					if !(v >= 0 && v <= math.MaxFloat64) {
						t.Fatalf("%s: iteration %d: an entry of %v", d.name, iter, v)
					}
				}
			}
		}
	})
}

func TestPropertySparseEqualsDense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, true)
		sameFit(t, fitOrFail(t, d.csr, d.cfg), fitOrFail(t, d.x, d.cfg))
	})
}

func TestPropertyPermutedRowsPermuteW(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, false)
		rows, cols := d.x.Dims()
		order := make([]int, rows)
		nprand.New(rapid.Uint32().Draw(t, "order")).Perm(order)
		x, w0 := mat.NewDense(rows, cols, nil), mat.NewDense(rows, d.cfg.Components, nil)
		for to, from := range order {
			x.SetRow(to, d.x.RawRowView(from))
			w0.SetRow(to, d.cfg.W0.(*mat.Dense).RawRowView(from))
		}
		want := fitOrFail(t, d.x, d.cfg)
		d.cfg.W0 = w0
		got := fitOrFail(t, x, d.cfg)
		back := mat.NewDense(rows, d.cfg.Components, nil)
		for to, from := range order {
			back.SetRow(from, got.W.RawRowView(to))
		}
		got.W = back
		sameFit(t, got, want)
	})
}

func TestPropertyScalingXScalesTheFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, true)
		d.cfg.AlphaW, d.cfg.AlphaH = 0, 0
		d.cfg.Init, d.cfg.W0, d.cfg.H0 = nmf.InitRandom, nil, nil
		by := rapid.SampledFrom([]float64{4, 16, 1024}).Draw(t, "by")
		var scaled mat.Dense
		scaled.Scale(by, d.x)
		small, large := fitOrFail(t, d.x, d.cfg), fitOrFail(t, &scaled, d.cfg)
		var want mat.Dense
		want.Scale(by, product(small))
		if _, ok := d.cfg.Solver.(nmf.MiniBatch); ok {
			return // its A and B start at H and 1, which do not scale
		}
		if !closeTo(product(large), &want, 1e-5) {
			t.Fatalf("%s: WH of %v X is not %v times WH of X", d.name, by, by)
		}
	})
}

func TestPropertyWorkersDoNotShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, true)
		var x mat.Matrix = d.x
		if rapid.Bool().Draw(t, "sparse") {
			x = d.csr
		}
		if takesWeights(d.cfg.Solver) && rapid.Bool().Draw(t, "masked") {
			d.cfg.Mask = d.x
		}
		var first *nmf.Model
		var firstW *mat.Dense
		for _, workers := range []int{1, 2, 7} {
			d.cfg.Workers = workers
			m := fitOrFail(t, x, d.cfg)
			w, err := m.Transform(t.Context(), d.x)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first, firstW = m, w
			} else if !sameBits(m, first) || !mat.Equal(w, firstW) {
				t.Fatalf("%s: %d workers give other bits than 1", d.name, workers)
			}
		}
	})
}

func TestPropertyMaskOfOnesIsNoMask(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, false)
		want := fitOrFail(t, d.x, d.cfg)
		rows, cols := d.x.Dims()
		ones := mat.NewDense(rows, cols, nil)
		ones.Apply(func(int, int, float64) float64 { return 1 }, ones)
		if rapid.Bool().Draw(t, "as weights") {
			d.cfg.Weights = ones
		} else {
			d.cfg.Mask = ones
		}
		sameFit(t, fitOrFail(t, d.x, d.cfg), want)
	})
}

func TestPropertyTransformAloneIsTransformInABatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawProblem(t, true)
		d.cfg.Tol = 1e-3
		m := fitOrFail(t, d.x, d.cfg)
		var x mat.Matrix = d.x
		if rapid.Bool().Draw(t, "sparse") {
			x = d.csr
		}
		all, err := m.Transform(t.Context(), x)
		if err != nil {
			t.Fatal(err)
		}
		rows, cols := x.Dims()
		i := rapid.IntRange(0, rows-1).Draw(t, "row")
		var row mat.Matrix = d.x.Slice(i, i+1, 0, cols)
		if x == mat.Matrix(d.csr) {
			row = d.csr.SliceRows(i, i+1)
		}
		alone, err := m.Transform(t.Context(), row)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(alone, all.Slice(i, i+1, 0, d.cfg.Components)) {
			t.Fatalf("%s: row %d: %v alone, %v in a batch", d.name, i, alone.RawRowView(0), all.RawRowView(i))
		}
	})
}
