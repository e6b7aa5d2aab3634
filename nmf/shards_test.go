package nmf_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/selection"
	"gonmf/nmf/sparse"
)

// inFiles returns the same matrix in memory and in the files of a folder.
func inFiles(t *testing.T, rows, cols, entries int) (*sparse.CSR, *sparse.Shards) {
	t.Helper()
	x, err := sparse.PowerLaw(rows, cols, entries, 3)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	x = x.Map(func(_, _ int, _ float64) float64 { return rng.ExpFloat64() }) // float32 rounds them
	s, err := x.WriteShards(filepath.Join(t.TempDir(), "x"), sparse.ShardOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return x, s
}

func equal(a, b *mat.Dense) bool { return slices.Equal(a.RawMatrix().Data, b.RawMatrix().Data) }

// TestShardsGiveTheBitsOfMemory is of every solver, loss, precision and start, and of any number of workers.
func TestShardsGiveTheBitsOfMemory(t *testing.T) {
	x, s := inFiles(t, 500, 700, 15_000)
	if rows, cols := s.Blocks(); rows < 20 || cols < 20 {
		t.Fatalf("%d and %d blocks are too few to tell", rows, cols)
	}
	for name, cfg := range map[string]nmf.Config{
		"cd":               {},
		"cd nndsvd":        {Init: nmf.InitNNDSVD},
		"cd nndsvdar":      {Init: nmf.InitNNDSVDar},
		"cd penalties":     {AlphaW: .001, AlphaH: .002, L1Ratio: .5, Init: nmf.InitRandom},
		"cd shuffled":      {Solver: nmf.CD{Shuffle: true}, Init: nmf.InitRandom},
		"accelerated":      {Solver: nmf.AcceleratedCD{}, Init: nmf.InitRandom},
		"mu":               {Solver: nmf.MU{}, Init: nmf.InitRandom},
		"mu nndsvda":       {Solver: nmf.MU{}, Init: nmf.InitNNDSVDa},
		"mu kl":            {Solver: nmf.MU{}, Loss: nmf.KullbackLeibler, Init: nmf.InitRandom},
		"mu kl nndsvda":    {Solver: nmf.MU{}, Loss: nmf.KullbackLeibler},
		"mu beta":          {Solver: nmf.MU{}, Loss: nmf.Beta(1.5), Init: nmf.InitRandom},
		"minibatch":        {Solver: nmf.MiniBatch{BatchSize: 100}, Init: nmf.InitRandom},
		"minibatch kl":     {Solver: nmf.MiniBatch{BatchSize: 100}, Loss: nmf.KullbackLeibler, Init: nmf.InitRandom},
		"minibatch afresh": {Solver: nmf.MiniBatch{BatchSize: 100, FreshRestarts: true}, Init: nmf.InitRandom},
	} {
		for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
			t.Run(fmt.Sprint(name, " ", precision), func(t *testing.T) {
				t.Parallel()
				cfg := cfg
				cfg.Components, cfg.MaxIter, cfg.Seed, cfg.Precision = 7, 22, 5, precision
				want, err := nmf.Fit(t.Context(), x, cfg)
				if err != nil {
					t.Fatal(err)
				}
				for _, workers := range []int{1, 3} {
					cfg.Workers = workers
					got, err := nmf.Fit(t.Context(), s, cfg)
					if err != nil {
						t.Fatal(err)
					}
					if !equal(got.W, want.W) || !equal(got.H, want.H) || got.Err != want.Err || got.Iter != want.Iter || got.Stop != want.Stop || !slices.Equal(got.History, want.History) {
						t.Errorf("%d workers: %v, want %v", workers, got, want)
					}
				}
				for _, fold := range []func(*nmf.Model, context.Context, mat.Matrix) (*mat.Dense, error){(*nmf.Model).Transform, (*nmf.Model).TransformJoint} {
					wantW, err := fold(want, t.Context(), x)
					if err != nil {
						t.Fatal(err)
					}
					if got, err := fold(want, t.Context(), s); err != nil || !equal(got, wantW) {
						t.Errorf("folded in: other bits, or %v", err)
					}
				}
			})
		}
	}
}

// Whatever else takes an X takes one in files.
func TestShardsAreTakenAsAnyMatrix(t *testing.T) {
	x, s := inFiles(t, 90, 70, 2000)
	cfg := nmf.Config{Components: 4, MaxIter: 20}
	m, err := nmf.Fit(t.Context(), x, cfg)
	if err != nil {
		t.Fatal(err)
	}
	short := cfg
	short.MaxIter = 5
	stopped, err := nmf.Fit(t.Context(), s, short)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := stopped.Resume(t.Context(), s, 20); err != nil || !equal(again.W, m.W) || again.Err != m.Err {
		t.Errorf("resumed: %v, %v; want %v", again, err, m)
	}
	hashX, errX := nmf.HashData(x)
	hashS, errS := nmf.HashData(s)
	if hashX != hashS || errX != nil || errS != nil {
		t.Errorf("hashes %v and %v", hashX, hashS)
	}
	if e, err := m.ErrorOf(s); err != nil || math.Abs(e-m.Err) > 1e-9*m.Err {
		t.Errorf("error %v, %v; want %v", e, err, m.Err)
	}
	if err := m.AddReport(s, nil); err != nil {
		t.Error(err)
	}
	for name, weights := range map[string]nmf.Config{"mask": {Mask: x}, "weights": {Weights: s}, "unobserved": {Unobserved: .1}} {
		weights.Components, weights.MaxIter = 3, 5
		want, errX := nmf.Fit(t.Context(), x, weights)
		got, errS := nmf.Fit(t.Context(), s, weights)
		if errX != nil || errS != nil || !equal(got.W, want.W) {
			t.Errorf("%s: %v %v", name, errX, errS)
		}
	}
	wantT, errX := nmf.Fit(t.Context(), x.T(), cfg)
	gotT, errS := nmf.Fit(t.Context(), s.T(), cfg)
	if errX != nil || errS != nil || !equal(gotT.W, wantT.W) {
		t.Errorf("transposed: %v %v", errX, errS)
	}
	restarts := func(x mat.Matrix) *selection.RestartResult {
		r, err := selection.Restarts(t.Context(), x, cfg, selection.RestartOptions{Runs: 3})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if a, b := restarts(x), restarts(s); !equal(a.Best.W, b.Best.W) || !slices.Equal(a.Fits, b.Fits) {
		t.Errorf("restarts: %v and %v", a, b)
	}
	choose := func(x mat.Matrix) *selection.KResult {
		r, err := selection.ChooseK(t.Context(), x, cfg, selection.ChooseKOptions{Ks: []int{2, 3}, Folds: 3})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if a, b := choose(x), choose(s); a.String() != b.String() {
		t.Errorf("ChooseK:\n%v\n%v", a, b)
	}
	if _, err := nmf.FitBlocks(t.Context(), []mat.Matrix{s}, nmf.Config{Components: 3}); err != nil {
		t.Error(err)
	}
}

// TestShardsThatCannotBeFitted is of entries, whose place is named.
func TestShardsThatCannotBeFitted(t *testing.T) {
	write := func(v float64) *sparse.Shards {
		x, err := sparse.FromTriplets(40, 40, []int{3, 5}, []int{6, 7}, []float64{1, v})
		if err != nil {
			t.Fatal(err)
		}
		s, err := x.WriteShards(filepath.Join(t.TempDir(), "x"), sparse.ShardOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct {
		v    float64
		cfg  nmf.Config
		want string
	}{
		{-1, nmf.Config{}, "nmf: X[5,7] = -1: negative"},
		{1, nmf.Config{Solver: nmf.MU{}, Loss: nmf.ItakuraSaito}, "nmf: X[0,0] = 0: a loss with beta"},
		{1e60, nmf.Config{Precision: nmf.Float32}, "nmf: X[5,7] = 1e+60: more than a float32"},
	} {
		c.cfg.Components = 2
		if _, err := nmf.Fit(t.Context(), write(c.v), c.cfg); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v, want %s", c.v, err, c.want)
		}
	}
	large := write(1e140) // which is fitted as a multiple
	if m, err := nmf.Fit(t.Context(), large, nmf.Config{Components: 2}); err != nil || !(m.Err <= math.MaxFloat64) {
		t.Errorf("%v, %v", m, err)
	}
}

// A file that goes or changes during a fit ends it with a sentence that names the file.
func TestShardsThatAreDamagedDuringAFit(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(file string) error
		is     error
		want   string
	}{
		"missing": {os.Remove, fs.ErrNotExist, "columns-005"},
		"cut off": {func(file string) error { return os.Truncate(file, 50) }, nmf.ErrFormat, "columns-005 is cut off"},
		"changed": {func(file string) error {
			raw, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			raw[len(raw)-1] ^= 1
			return os.WriteFile(file, raw, 0o666)
		}, nmf.ErrFormat, "columns-005 is damaged: its checksum"},
	} {
		for _, solver := range []nmf.Solver{nmf.CD{}, nmf.AcceleratedCD{}, nmf.MU{}} {
			t.Run(fmt.Sprintf("%s %T", name, solver), func(t *testing.T) {
				_, s := inFiles(t, 300, 400, 8000)
				file := filepath.Join(s.Dir(), "columns-005")
				cfg := nmf.Config{Components: 3, Solver: solver, Init: nmf.InitRandom, Tol: -1, Progress: func(step nmf.Step) {
					if step.Iter == 3 {
						if err := c.damage(file); err != nil {
							t.Error(err)
						}
					}
				}}
				_, err := nmf.Fit(t.Context(), s, cfg)
				if !errors.Is(err, c.is) || !strings.Contains(err.Error(), filepath.Join(s.Dir(), strings.Fields(c.want)[0])) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %s", err, c.want)
				}
			})
		}
	}
}
