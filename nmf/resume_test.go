package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

var errEnough = errors.New("enough")

func sameBits(a, b *nmf.Model) bool {
	return mat.Equal(a.W, b.W) && mat.Equal(a.H, b.H) && a.Err == b.Err && a.Iter == b.Iter && a.Stop == b.Stop &&
		fmt.Sprint(a.History) == fmt.Sprint(b.History)
}

func TestResumeGivesTheBitsOfAFitThatWasNotStopped(t *testing.T) {
	x := goldenMatrix(t, "positive", 40, 15, 2, false)
	for _, s := range solvers {
		for _, tol := range []float64{-1, 1e-4} {
			cfg := nmf.Config{
				Components: 4, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 57, Tol: tol, Seed: 3,
			}
			want := mustFit(t, x, cfg)
			for _, at := range []int{1, 9, 10, 11, 25} {
				if at >= want.Iter {
					continue
				}
				t.Run(fmt.Sprint(s.name, tol, at), func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					cfg := cfg
					cfg.Progress = func(step nmf.Step) {
						if step.Iter == at {
							cancel(errEnough)
						}
					}
					m, err := nmf.Fit(ctx, x, cfg)
					if !errors.Is(err, errEnough) || m == nil || m.Iter != at || m.Stop != nmf.Cancelled {
						t.Fatalf("the fit that was cancelled: %v, %v", m, err)
					}
					// By way of a file, too.
					var file bytes.Buffer
					if err := m.Save(&file); err != nil {
						t.Fatal(err)
					}
					loaded, err := nmf.Load(&file)
					if err != nil {
						t.Fatal(err)
					}
					for name, from := range map[string]*nmf.Model{"memory": m, "file": loaded} {
						from.Config.Progress = nil
						got, err := from.Resume(t.Context(), x, 0)
						if err != nil {
							t.Fatal(err)
						}
						if !sameBits(got, want) {
							t.Errorf("from %s: %v, want %v", name, got, want)
						}
					}
				})
			}
		}
	}
}

// A fit that makes no iteration, since its context has ended or there are none
// left to make, has the error of its factors all the same.
func TestErrorWithoutAnIteration(t *testing.T) {
	x := goldenMatrix(t, "positive", 20, 9, 2, false).(*mat.Dense)
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errEnough)
	for _, s := range solvers {
		for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
			for _, weights := range []mat.Matrix{nil, uniform(20, 9, 8)} {
				if weights != nil && !takesWeights(s.solver) {
					continue
				}
				t.Run(fmt.Sprint(s.name, precision, weights != nil), func(t *testing.T) {
					cfg := nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, Precision: precision, Weights: weights, MaxIter: 5, Tol: -1}
					check := func(what string, m *nmf.Model) {
						t.Helper()
						loss := 0.
						wh := product(m)
						for i := range 20 {
							for j := range 9 {
								v := 1.
								if weights != nil {
									v = weights.At(i, j)
								}
								loss += v * naive(s.loss, x.Slice(i, i+1, j, j+1), wh.Slice(i, i+1, j, j+1))
							}
						}
						if want := math.Sqrt(2 * loss); math.Abs(m.Err-want) > 1e-5*want {
							t.Errorf("%s: error %v, want %v", what, m.Err, want)
						}
					}
					m := mustFit(t, x, cfg)
					check("fit", m)
					again, err := m.Resume(t.Context(), x, 0)
					if err != nil {
						t.Fatal(err)
					}
					check("resumed with nothing to do", again)
					if again, err = m.Resume(ended, x, 50); !errors.Is(err, errEnough) {
						t.Fatal(err)
					}
					check("resumed too late", again)
					if m, err = nmf.Fit(ended, x, cfg); !errors.Is(err, errEnough) || m.Iter != 0 {
						t.Fatal(m, err)
					}
					check("fitted too late", m)
					if weights != nil {
						return
					}
					if o := m.Objective(); math.Abs(o-m.Err*m.Err/2) > 1e-5*o {
						t.Errorf("objective %v, want %v", o, m.Err*m.Err/2)
					}
				})
			}
		}
	}
}

func TestResumeWithWeights(t *testing.T) {
	x := goldenMatrix(t, "sparse", 40, 15, 2, true)
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.CD{Shuffle: true}, nmf.MU{}} {
		cfg := nmf.Config{Components: 4, Init: nmf.InitRandom, Solver: s, MaxIter: 30, Tol: -1, Unobserved: .2}
		want := mustFit(t, x, cfg)
		cfg.MaxIter = 12
		got, err := mustFit(t, x, cfg).Resume(t.Context(), x, 30)
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(got, want) {
			t.Errorf("%T: %v, want %v", s, got, want)
		}
	}
}

func TestResumeOfAFileAsksForTheMask(t *testing.T) {
	x := goldenMatrix(t, "sparse", 20, 15, 2, false)
	for _, c := range []struct {
		cfg  nmf.Config
		text string
	}{
		{nmf.Config{Mask: x}, "nmf: Config.Mask is nil, but the fit had one, which is not in a file: set it before Resume"},
		{nmf.Config{Weights: x}, "nmf: Config.Weights is nil, but the fit had some, which are not in a file: set them before Resume"},
	} {
		cfg := c.cfg
		cfg.Components, cfg.MaxIter, cfg.Tol = 3, 20, -1
		want := mustFit(t, x, cfg)
		cfg.MaxIter = 8
		var file bytes.Buffer
		if err := mustFit(t, x, cfg).Save(&file); err != nil {
			t.Fatal(err)
		}
		m, err := nmf.Load(&file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Resume(t.Context(), x, 20); err == nil || err.Error() != c.text {
			t.Errorf("%v, want %s", err, c.text)
		}
		m.Config.Mask, m.Config.Weights = cfg.Mask, cfg.Weights
		got, err := m.Resume(t.Context(), x, 20)
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestTransformStopsWithItsContext(t *testing.T) {
	x := uniform(40, 15, 2)
	for _, s := range solvers {
		m := mustFit(t, x, nmf.Config{Components: 4, Solver: s.solver, Loss: s.loss, MaxIter: 10})
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errEnough)
		for name, transform := range map[string]func(context.Context, mat.Matrix) (*mat.Dense, error){
			"Transform": m.Transform, "TransformJoint": m.TransformJoint,
		} {
			if w, err := transform(ctx, x); w != nil || !errors.Is(err, errEnough) {
				t.Errorf("%s %s: %v, %v", s.name, name, w, err)
			}
		}
	}
}

func TestChangedFactorsGoOnFromWhereTheyAre(t *testing.T) {
	x := uniform(30, 12, 1)
	for _, s := range solvers {
		m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 5, Tol: -1})
		normal, err := m.Normalize(nmf.UnitSumW)
		if err != nil {
			t.Fatal(err)
		}
		replaced := *m
		replaced.H = uniform(3, 12, 5)
		wider := *m
		wider.H = uniform(3, 20, 5)
		for name, c := range map[string]struct {
			m *nmf.Model
			x mat.Matrix
		}{
			"Normalize": {normal, x}, "SortByShare": {m.SortByShare(), x}, "Transpose": {m.Transpose(), x.T()},
			"another H": {&replaced, x}, "a wider H": {&wider, uniform(30, 20, 2)},
		} {
			got, err := c.m.Resume(t.Context(), c.x, 20)
			if err != nil {
				t.Fatalf("%s %s: %v", s.name, name, err)
			}
			checkFactors(t, got)
			var file bytes.Buffer
			if err := c.m.Save(&file); err != nil && name != "a wider H" {
				t.Errorf("%s %s: %v", s.name, name, err)
			}
		}
	}
}

func TestResumeNamesWhatIsWrong(t *testing.T) {
	x := goldenMatrix(t, "positive", 10, 6, 1, false).(*mat.Dense)
	m := mustFit(t, x, nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.ItakuraSaito, MaxIter: 5})
	for name, c := range map[string]struct {
		x    mat.Matrix
		iter int
		text string
	}{
		"zeros":      {with(x, 3, 4, 0), 10, "nmf: X[3,4] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
		"negative":   {with(x, 3, 4, -1), 10, "nmf: X[3,4] = -1: negative"},
		"iterations": {x, -1, "nmf: Config.MaxIter is -1: it must not be negative"},
	} {
		if got, err := m.Resume(t.Context(), c.x, c.iter); got != nil || err == nil || err.Error() != c.text {
			t.Errorf("%s: %v, %v, want %s", name, got, err, c.text)
		}
	}
	m.W.Set(1, 1, math.Inf(1))
	if _, err := m.Resume(t.Context(), x, 10); err == nil || err.Error() != "nmf: W[1,1] = +Inf: not finite" {
		t.Errorf("%v", err)
	}
}

// FreshRestarts solves for all of W when the batches are done: if it is then
// that the context ends, the fit is cancelled, and can be gone on with.
func TestAFitThatIsCancelledAtItsEndIsCancelled(t *testing.T) {
	x := uniform(40, 12, 1)
	ctx, cancel := context.WithCancelCause(t.Context())
	cfg := nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: nmf.MiniBatch{BatchSize: 8, FreshRestarts: true}, MaxIter: 5, Tol: -1}
	want := mustFit(t, x, cfg)
	cfg.Progress = func(s nmf.Step) {
		if s.Iter == 5 {
			cancel(errEnough)
		}
	}
	m, err := nmf.Fit(ctx, x, cfg)
	if !errors.Is(err, errEnough) || m == nil || m.Stop != nmf.Cancelled || m.Iter != 5 {
		t.Fatalf("%v, %v", m, err)
	}
	m.Config.Progress = nil
	got, err := m.Resume(t.Context(), x, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !sameBits(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
