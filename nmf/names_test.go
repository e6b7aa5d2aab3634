package nmf_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

func TestInitsByName(t *testing.T) {
	for _, init := range []nmf.Init{nmf.InitAuto, nmf.InitRandom, nmf.InitNNDSVD, nmf.InitNNDSVDa, nmf.InitNNDSVDar, nmf.InitCustom} {
		if got, err := nmf.ParseInit(init.String()); err != nil || got != init {
			t.Errorf("%v: %v, %v", init, got, err)
		}
	}
	_, err := nmf.ParseInit("svd")
	if want := `nmf: init "svd": want one of ["auto" "random" "nndsvd" "nndsvda" "nndsvdar" "custom"]`; !errors.Is(err, nmf.ErrConfig) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if s := nmf.Init(-1).String(); s != "Init(-1)" {
		t.Error(s)
	}
}

func TestLossesByName(t *testing.T) {
	for name, loss := range map[string]nmf.Loss{
		"frobenius": nmf.Frobenius, "kullback-leibler": nmf.KullbackLeibler, "itakura-saito": nmf.ItakuraSaito,
		"beta(1.5)": nmf.Beta(1.5), "beta(-0.25)": nmf.Beta(-.25),
	} {
		if got, err := nmf.ParseLoss(name); err != nil || got != loss || got.String() != name {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for number, loss := range map[string]nmf.Loss{"2": nmf.Frobenius, "1": nmf.KullbackLeibler, "0": nmf.ItakuraSaito, "-1.5": nmf.Beta(-1.5)} {
		if got, err := nmf.ParseLoss(number); err != nil || got != loss {
			t.Errorf("%s: %v, %v", number, got, err)
		}
	}
	for _, bad := range []string{"", "beta()", "beta(x)", "NaN", "Inf", "euclid"} {
		_, err := nmf.ParseLoss(bad)
		if !errors.Is(err, nmf.ErrConfig) || !strings.Contains(err.Error(), "want frobenius, kullback-leibler, itakura-saito or a number") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if nmf.Beta(2) != nmf.Frobenius || nmf.Loss.Beta(nmf.Frobenius) != 2 || (nmf.Loss{}) == nmf.ItakuraSaito {
		t.Error("losses do not compare")
	}
}

func TestConfigAsText(t *testing.T) {
	for want, cfg := range map[string]nmf.Config{
		"k=3 init=auto solver=cd loss=frobenius max_iter=0 tol=0 seed=0 alpha_W=0 alpha_H=0 l1_ratio=0":                                                 {Components: 3},
		"k=2 init=random solver=mu loss=kullback-leibler max_iter=9 tol=0.1 seed=4 alpha_W=1 alpha_H=0.5 l1_ratio=0.25 masked weighted unobserved=0.01": {Components: 2, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler, MaxIter: 9, Tol: .1, Seed: 4, AlphaW: 1, AlphaH: .5, L1Ratio: .25, Mask: &mat.Dense{}, Weights: &mat.Dense{}, Unobserved: .01},
		"k=1 init=auto solver=minibatch loss=frobenius max_iter=0 tol=0 seed=0 alpha_W=0 alpha_H=0 l1_ratio=0 precision=float32":                        {Components: 1, Solver: nmf.MiniBatch{}, Precision: nmf.Float32},
	} {
		if got := cfg.String(); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestModelAsText(t *testing.T) {
	m := mustFit(t, sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom, MaxIter: 3})
	if got, want := m.String(), "NMF of a 6 x 2 matrix with 2 components: error 0.451 after 3 iterations (iteration limit)"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	html := m.HTML()
	for _, part := range []string{"<table>", "6 × 2", "2 × 2", "0.451", "3 (iteration limit)", "solver=cd", "</table>"} {
		if !strings.Contains(html, part) {
			t.Errorf("%q is not in %s", part, html)
		}
	}
	if m.Components() != 2 {
		t.Errorf("%d components", m.Components())
	}
	for stop, want := range map[nmf.Stop]string{
		nmf.NotStopped: "not stopped", nmf.Converged: "converged", nmf.IterationLimit: "iteration limit", nmf.Cancelled: "cancelled", 9: "Stop(9)", -1: "Stop(-1)",
	} {
		if got := stop.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestHistoryHasTheErrorsThatAreKnown(t *testing.T) {
	x := goldenMatrix(t, "positive", 20, 12, 1, false)
	for _, s := range solvers {
		var steps []nmf.HistoryPoint
		m := mustFit(t, x, nmf.Config{
			Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 25, Tol: -1,
			Progress: func(step nmf.Step) {
				if step.MaxIter != 25 {
					t.Errorf("%s: step %+v", s.name, step)
				}
				if !math.IsNaN(step.Err) {
					steps = append(steps, nmf.HistoryPoint{Iter: step.Iter, Err: step.Err})
				}
			},
		})
		want := 2 // of 25 iterations
		switch _, batches := s.solver.(nmf.MiniBatch); {
		case s.name == "minibatch fresh":
			want = 0 // W is not that of H before the end
		case !batches && s.loss == nmf.Frobenius:
			want = 25
		}
		if len(m.History) != want || len(steps) != want {
			t.Errorf("%s: %d errors in the history, %d told, want %d", s.name, len(m.History), len(steps), want)
		}
		for i, h := range m.History {
			if h != steps[i] || want == 2 && h.Iter != 10*(i+1) || want == 25 && h.Iter != i+1 {
				t.Errorf("%s: %+v, told %+v", s.name, h, steps[i])
			}
		}
	}
}
