package selection_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/selection"
	"gonmf/nmf/sparse"
)

func TestRestartsKeepsTheBest(t *testing.T) {
	cfg := nmf.Config{Components: 3, Init: nmf.InitRandom, Seed: 4, MaxIter: 20, AlphaW: .001, L1Ratio: .5}
	r, err := selection.Restarts(t.Context(), nmftest.Blocks, cfg, selection.RestartOptions{Runs: 6})
	if err != nil {
		t.Fatal(err)
	}
	var best *nmf.Model
	for i := range 6 {
		c := cfg
		c.Seed += uint32(i)
		m, err := nmf.Fit(t.Context(), nmftest.Blocks, c)
		if err != nil {
			t.Fatal(err)
		}
		if want := (selection.Restart{Seed: c.Seed, Objective: m.Objective(), Err: m.Err, Iter: m.Iter, Stop: m.Stop}); r.Fits[i] != want {
			t.Errorf("fit %d: %+v, want %+v", i, r.Fits[i], want)
		}
		if best == nil || m.Objective() < best.Objective() {
			best = m
		}
	}
	if !mat.Equal(r.Best.W, best.W) || !mat.Equal(r.Best.H, best.H) || r.Best.Config.Seed != best.Config.Seed {
		t.Errorf("the best is %v from seed %d, want %v from seed %d", r.Best, r.Best.Config.Seed, best, best.Config.Seed)
	}
}

func TestRestartsDoesNotDependOnWorkers(t *testing.T) {
	var want *selection.RestartResult
	for _, workers := range []int{1, 2, 7} {
		seen := 0
		r, err := selection.Restarts(t.Context(), nmftest.Blocks, nmf.Config{Components: 3, MaxIter: 15, Workers: workers},
			selection.RestartOptions{Seeds: []uint32{9, 3, 5, 3}, Progress: func(selection.Restart) { seen++ }})
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = r
		}
		if seen != 4 || !slices.Equal(r.Fits, want.Fits) || !mat.Equal(r.Best.W, want.Best.W) {
			t.Errorf("%d workers: %v after %d calls of Progress, want %v", workers, r, seen, want)
		}
	}
	if want.Fits[1] != want.Fits[3] {
		t.Error("the same seed gave two results")
	}
}

// Fits side by side share one X, transposed once.
func TestRestartsOfSparse(t *testing.T) {
	x, err := sparse.FromDense(nmftest.NewRows)
	if err != nil {
		t.Fatal(err)
	}
	for name, cfg := range map[string]nmf.Config{
		"plain":             {Components: 2, Workers: 4},
		"implicit feedback": {Components: 2, Workers: 4, Unobserved: .1},
	} {
		r, err := selection.Restarts(t.Context(), x, cfg, selection.RestartOptions{Runs: 4})
		if err != nil {
			t.Fatal(err)
		}
		cfg.Init, cfg.Seed = nmf.InitRandom, r.Best.Config.Seed
		m, err := nmf.Fit(t.Context(), x, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(m.W, r.Best.W) || !mat.Equal(m.H, r.Best.H) {
			t.Errorf("%s: %v, want %v", name, r.Best, m)
		}
	}
}

func TestRestartsGoesOnAfterCancel(t *testing.T) {
	cfg := nmf.Config{Components: 3, MaxIter: 15, Workers: 1}
	whole, err := selection.Restarts(t.Context(), nmftest.Blocks, cfg, selection.RestartOptions{Runs: 5})
	if err != nil {
		t.Fatal(err)
	}
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	count := 0
	part, err := selection.Restarts(ctx, nmftest.Blocks, cfg, selection.RestartOptions{Runs: 5, Progress: func(selection.Restart) {
		if count++; count == 2 {
			cancel(why)
		}
	}})
	if !errors.Is(err, why) {
		t.Fatalf("error %v", err)
	}
	if n := len(part.Fits); n < 2 || n == 5 || part.Best == nil {
		t.Fatalf("stopped with %v", part)
	}
	rest, err := selection.Restarts(t.Context(), nmftest.Blocks, cfg, selection.RestartOptions{Runs: 5, Previous: part})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rest.Fits, whole.Fits) || !mat.Equal(rest.Best.H, whole.Best.H) {
		t.Errorf("went on to %v, want %v", rest, whole)
	}
}

func TestRestartsCancelledAtOnceLosesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := selection.Restarts(ctx, nmftest.Blocks, nmf.Config{Components: 3}, selection.RestartOptions{})
	if !errors.Is(err, context.Canceled) || r == nil || len(r.Fits) != 0 {
		t.Errorf("got %v, error %v", r, err)
	}
}

func TestRestartsRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  nmf.Config
		opt  selection.RestartOptions
		want error
	}{
		{"the same start each time", nmf.Config{Components: 2, Init: nmf.InitNNDSVD}, selection.RestartOptions{}, nmf.ErrConfig},
		{"negative N", nmf.Config{Components: 2}, selection.RestartOptions{Runs: -1}, nmf.ErrConfig},
		{"N and other seeds", nmf.Config{Components: 2}, selection.RestartOptions{Runs: 2, Seeds: []uint32{1}}, nmf.ErrConfig},
		{"no components", nmf.Config{}, selection.RestartOptions{}, nmf.ErrConfig},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r, err := selection.Restarts(t.Context(), nmftest.Blocks, test.cfg, test.opt); !errors.Is(err, test.want) || r != nil {
				t.Errorf("got %v, error %v", r, err)
			}
		})
	}
	if _, err := selection.Restarts(t.Context(), nmftest.Blocks, nmf.Config{Components: 3, Init: nmf.InitNNDSVD}, selection.RestartOptions{Runs: 1}); err != nil {
		t.Errorf("a single fit may start anywhere: %v", err)
	}
}

func TestRestartResultInWords(t *testing.T) {
	r := &selection.RestartResult{
		Best: &nmf.Model{Config: nmf.Config{Seed: 8}},
		Fits: []selection.Restart{
			{Seed: 7, Objective: 8, Err: 4, Iter: 30, Stop: nmf.Converged},
			{Seed: 8, Objective: 2, Err: 2, Iter: 50, Stop: nmf.IterationLimit},
		},
	}
	if got, want := r.String(), "2 fits, errors from 2 to 4, the best from seed 8"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if got := r.HTML(); !strings.Contains(got, ">50<") || !strings.Contains(got, ">iteration limit, the best<") || strings.Count(got, "<tr>") != 3 {
		t.Errorf("html %s", got)
	}
	if got := new(selection.RestartResult).String(); got != "no fit" {
		t.Errorf("without fits: %q", got)
	}
}

func ExampleRestarts() {
	x := mat.NewDense(4, 3, []float64{
		5, 3, 0,
		4, 0, 0,
		1, 1, 5,
		0, 1, 4,
	})
	r, err := selection.Restarts(context.Background(), x, nmf.Config{Components: 2, MaxIter: 1000}, selection.RestartOptions{Runs: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d fits, least error %.3f\n", len(r.Fits), r.Best.Err)
	// Output: 5 fits, least error 1.783
}
