package nmf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/selection"
	"gonmf/nmf/sparse"
)

func sameModel(a, b *nmf.Model) bool {
	return equal(a.W, b.W) && equal(a.H, b.H) && a.Err == b.Err && a.Iter == b.Iter && a.Stop == b.Stop && slices.Equal(a.History, b.History)
}

// TestCheckpointGoesOn stops fits of every solver at iterations of all kinds, and goes on from what is on disk.
func TestCheckpointGoesOn(t *testing.T) {
	x, s := inFiles(t, 200, 150, 5000)
	large := x.Map(func(_, _ int, v float64) float64 { return v * 1e160 })
	start := mat.NewDense(200, 5, nil)
	start.Apply(func(i, j int, _ float64) float64 { return float64((i+j)%7) + .5 }, start)
	end := mat.NewDense(5, 150, nil)
	end.Apply(func(i, j int, _ float64) float64 { return float64((i*j)%5) + .5 }, end)
	for name, c := range map[string]struct {
		x   mat.Matrix
		cfg nmf.Config
	}{
		"cd":                {x, nmf.Config{}},
		"cd shuffled":       {x, nmf.Config{Solver: nmf.CD{Shuffle: true}}},
		"cd of files":       {s, nmf.Config{}},
		"cd float32":        {s, nmf.Config{Precision: nmf.Float32}},
		"cd scaled":         {large, nmf.Config{}},
		"cd weights":        {x, nmf.Config{Unobserved: .1}},
		"cd custom":         {x, nmf.Config{Init: nmf.InitCustom, W0: start, H0: end}},
		"accelerated":       {s, nmf.Config{Solver: nmf.AcceleratedCD{}}},
		"mu":                {x, nmf.Config{Solver: nmf.MU{}}},
		"mu kl":             {s, nmf.Config{Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		"minibatch":         {x, nmf.Config{Solver: nmf.MiniBatch{BatchSize: 60}}},
		"minibatch float32": {x, nmf.Config{Solver: nmf.MiniBatch{BatchSize: 60}, Precision: nmf.Float32}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := c.cfg
			cfg.Components, cfg.MaxIter, cfg.Seed, cfg.Tol = 5, 33, 3, -1
			if cfg.Init == nmf.InitAuto {
				cfg.Init = nmf.InitRandom
			}
			want, err := nmf.Fit(t.Context(), c.x, cfg)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Checkpoint = nmf.Checkpoint{Dir: filepath.Join(t.TempDir(), "kept"), Every: 4}
			ran := 0
			for _, until := range []int{3, 4, 11, 21, 100} { // the last checkpoint is up to 3 iterations before
				killed := errors.New("killed")
				func() {
					defer func() {
						if p := recover(); p != nil && p != killed {
							panic(p)
						}
					}()
					cfg := cfg
					cfg.Progress = func(s nmf.Step) {
						ran++
						if s.Iter == until {
							panic(killed)
						}
					}
					got, err := nmf.Fit(t.Context(), c.x, cfg)
					if err != nil || !sameModel(got, want) {
						t.Errorf("%v, %v; want %v", got, err, want)
					}
				}()
			}
			if ran > 33+5*4 {
				t.Errorf("%d iterations were made", ran)
			}
			cfg.Progress = func(nmf.Step) { t.Error("a fit that had ended is made again") }
			if got, err := nmf.Fit(t.Context(), c.x, cfg); err != nil || !sameModel(got, want) {
				t.Errorf("what had ended: %v, %v", got, err)
			}
			cfg.Progress, cfg.MaxIter = nil, 40
			more, err := nmf.Fit(t.Context(), c.x, cfg)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Checkpoint = nmf.Checkpoint{}
			if want, err := nmf.Fit(t.Context(), c.x, cfg); err != nil || !equal(more.W, want.W) || more.Iter != 40 {
				t.Errorf("with more iterations: %v, want %v, %v", more, want, err)
			}
		})
	}
}

// A context that ends leaves its last iteration.
func TestCheckpointOfACancelledFit(t *testing.T) {
	x, _ := inFiles(t, 100, 80, 2000)
	ctx, cancel := context.WithCancel(t.Context())
	cfg := nmf.Config{Components: 3, Tol: -1, MaxIter: 30, Checkpoint: nmf.Checkpoint{Dir: t.TempDir()}, Progress: func(s nmf.Step) {
		if s.Iter == 17 {
			cancel()
		}
	}}
	stopped, err := nmf.Fit(ctx, x, cfg)
	if !errors.Is(err, context.Canceled) || stopped.Iter != 17 {
		t.Fatal(stopped, err)
	}
	first := 0
	cfg.Progress = func(s nmf.Step) {
		if first == 0 {
			first = s.Iter
		}
	}
	if m, err := nmf.Fit(t.Context(), x, cfg); err != nil || first != 18 || m.Iter != 30 {
		t.Errorf("it went on at %d: %v, %v", first, m, err)
	}
}

// What cannot be gone on with is an error that names the file, before anything is done.
func TestCheckpointRefuses(t *testing.T) {
	x, _ := inFiles(t, 60, 50, 800)
	other := x.Map(func(_, _ int, v float64) float64 { return 2 * v })
	dir := t.TempDir()
	file := filepath.Join(dir, "checkpoint.npz")
	cfg := nmf.Config{Components: 3, MaxIter: 20, Tol: -1, Checkpoint: nmf.Checkpoint{Dir: dir}}
	if _, err := nmf.Fit(t.Context(), x, cfg); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := nmf.Load(f); err != nil || m.Iter != 20 {
		t.Errorf("the checkpoint is no model: %v, %v", m, err)
	}
	f.Close()
	for name, c := range map[string]struct {
		x      mat.Matrix
		change func(c *nmf.Config)
		want   string
	}{
		"another X":        {other, func(*nmf.Config) {}, file + ", which is of another X"},
		"other settings":   {x, func(c *nmf.Config) { c.Seed = 1 }, file + ", which is of a fit with other settings"},
		"fewer iterations": {x, func(c *nmf.Config) { c.MaxIter = 10 }, file + " has made 20 iterations"},
		"every":            {x, func(c *nmf.Config) { c.Checkpoint.Every = -1 }, "Every -1"},
		"no folder":        {x, func(c *nmf.Config) { c.Checkpoint = nmf.Checkpoint{Every: 3} }, "name a folder"},
	} {
		cfg := cfg
		c.change(&cfg)
		if _, err := nmf.Fit(t.Context(), c.x, cfg); !errors.Is(err, nmf.ErrConfig) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := selection.Restarts(t.Context(), x, cfg, selection.RestartOptions{Runs: 2}); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("several fits: %v", err)
	}
	if _, err := nmf.NewOnline(cfg, 50); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("online: %v", err)
	}
	if err := os.Truncate(file, 500); err != nil {
		t.Fatal(err)
	}
	if _, err := nmf.Fit(t.Context(), x, cfg); !errors.Is(err, nmf.ErrFormat) || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("cut off: %v", err)
	}
	blocked := cfg
	blocked.Checkpoint.Dir = filepath.Join(file, "below")
	if _, err := nmf.Fit(t.Context(), x, blocked); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a folder below a file: %v", err)
	}
}

// A checkpoint that cannot be written ends the fit with the model as far as it got.
func TestCheckpointThatCannotBeWritten(t *testing.T) {
	x, _ := inFiles(t, 60, 50, 800)
	dir := t.TempDir()
	cfg := nmf.Config{Components: 3, MaxIter: 20, Tol: -1, Checkpoint: nmf.Checkpoint{Dir: dir, Every: 5}, Progress: func(s nmf.Step) {
		if s.Iter == 7 { // in its way
			if err := os.MkdirAll(filepath.Join(dir, "checkpoint.npz.part", "x"), 0o777); err != nil {
				t.Error(err)
			}
		}
	}}
	m, err := nmf.Fit(t.Context(), x, cfg)
	if m == nil || m.Iter != 10 || err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "checkpoint.npz.part")) {
		t.Fatalf("%v, %v", m, err)
	}
	if again, err := m.Resume(t.Context(), x, 10); err == nil && !equal(again.W, m.W) {
		t.Error("the model that came back is not that of iteration 10")
	}
	if err := os.RemoveAll(filepath.Join(dir, "checkpoint.npz.part")); err != nil {
		t.Fatal(err)
	}
	want, err := nmf.Fit(t.Context(), x, nmf.Config{Components: 3, MaxIter: 20, Tol: -1})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Progress = nil
	if got, err := nmf.Fit(t.Context(), x, cfg); err != nil || !sameModel(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

// TestKilledFitsGoOn kills a process that fits, at random moments, until it comes to its end: GONMF_KILLS says how often.
func TestKilledFitsGoOn(t *testing.T) {
	if dir := os.Getenv("GONMF_FIT_TO_KILL"); dir != "" {
		fitToKill(t, dir)
		return
	}
	kills := 25
	if n, err := strconv.Atoi(os.Getenv("GONMF_KILLS")); err == nil {
		kills = n
	} else if testing.Short() {
		kills = 5
	}
	dir := t.TempDir()
	x, err := sparse.PowerLaw(400, 600, 20_000, 1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.WriteShards(filepath.Join(dir, "x"), sparse.ShardOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cfg := killed(dir)
	cfg.Checkpoint = nmf.Checkpoint{}
	want, err := nmf.Fit(t.Context(), s, cfg)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	run := func(after time.Duration) (out string, err error) {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestKilledFitsGoOn$", "-test.v")
		c.Env = append(os.Environ(), "GONMF_FIT_TO_KILL="+dir)
		pipe, err := c.StdoutPipe()
		if err != nil {
			return "", err
		}
		if err := c.Start(); err != nil {
			return "", err
		}
		if after > 0 {
			time.AfterFunc(after, func() { c.Process.Kill() })
		}
		text, err := io.ReadAll(pipe)
		if err != nil {
			return "", err
		}
		return string(text), c.Wait()
	}
	ended, reached := 0, 0
	for n := range kills {
		if _, err := run(time.Duration(20+rng.IntN(230)) * time.Millisecond); err == nil {
			ended++ // before it was killed: from the start again
			if err := os.RemoveAll(filepath.Join(dir, "kept")); err != nil {
				t.Fatal(err)
			}
		}
		f, err := os.Open(filepath.Join(dir, "kept", "checkpoint.npz"))
		if err != nil {
			continue // killed before the first
		}
		m, err := nmf.Load(f)
		f.Close()
		if err != nil {
			t.Fatalf("after kill %d: %v", n, err)
		}
		reached = max(reached, m.Iter)
	}
	out, err := run(0)
	if line := fmt.Sprintf("ended %x %d", want.Err, want.Iter); err != nil || !strings.Contains(out, line) {
		t.Errorf("%v: %s\nwant %s", err, out, line)
	}
	f, err := os.Open(filepath.Join(dir, "kept", "checkpoint.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := nmf.Load(f); err != nil || !equal(m.W, want.W) || !equal(m.H, want.H) {
		t.Errorf("other bits after %d kills, or %v", kills, err)
	}
	t.Logf("%d kills, %d of them after the end; the longest way had come to iteration %d of %d", kills, ended, reached, want.Iter)
}

func killed(dir string) nmf.Config {
	return nmf.Config{Components: 8, Init: nmf.InitRandom, MaxIter: 400, Tol: -1, Checkpoint: nmf.Checkpoint{Dir: filepath.Join(dir, "kept"), Every: 3}}
}

// fitToKill is the process.
func fitToKill(t *testing.T, dir string) {
	s, err := sparse.OpenShards(filepath.Join(dir, "x"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Fit(t.Context(), s, killed(dir))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("ended %x %d\n", m.Err, m.Iter)
}
