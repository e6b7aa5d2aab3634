// Shards measures a fit of a matrix in files beside the same in memory:
//
//	go run ./scripts/bench/shards [-entries 1e8] [-k 20] [-iterations 5] [-memory=false] [-dir DIR]
//
// The matrix is of ones whose rows and columns have power-law popularity, with
// twice as many columns as rows. It is made once, and kept in the folder if -dir
// names one. A process fits what is in files, and another makes both fits, which
// take turns, an iteration each, so that other work on the machine meets both.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
shards: an iteration of a fit of a matrix in files, and of the same in memory.

It prints how long the files took to be written, the seconds of iterations of each fit, and the peak memory of the process
that fits from files (on Linux) beside the size of W and H.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 4 && os.Args[1] == "measure" { // how it calls itself
		if err := measure(ctx, os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(cli.Failed)
		}
		return
	}
	os.Exit(cli.Run(ctx, os.Args, bench))
}

// task is what a process is to do.
type task struct {
	Where      string // "write", "files" or "both"
	Entries    int
	PerRow     int
	K          int
	Iterations int
	Precision  string
}

// answer is what it says of that.
type answer struct {
	Matrix  string       `json:"matrix"`
	Times   [2][]float64 `json:"times"` // of iterations, in seconds: from files, in memory
	All     float64      `json:"all"`   // seconds
	Err     float64      `json:"err"`
	Factors float64      `json:"factors"` // MB
	Peak    float64      `json:"peak"`    // MB
}

func bench(ctx context.Context, args []string) error {
	flags := cli.Flags("shards", about)
	entries := flags.Float64("entries", 1e8, "about how many entries X has")
	perRow := flags.Int("per-row", 119, "of them in a row, on average")
	k := flags.Int("k", 20, "components")
	iterations := flags.Int("iterations", 5, "iterations of a fit")
	memory := flags.Bool("memory", true, "fit it in memory, too")
	precision := flags.String("precision", "float64", "float64 or float32")
	dir := flags.String("dir", "", "the `folder` of X, which is made if it is not there; without it a temporary one")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	if *dir == "" {
		tmp, err := os.MkdirTemp("", "shards-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		*dir = filepath.Join(tmp, "x")
	}
	t := task{Entries: int(*entries), PerRow: *perRow, K: *k, Iterations: *iterations, Precision: *precision}
	if _, err := os.Stat(*dir); err != nil {
		t.Where = "write"
		a, err := run(ctx, t, *dir)
		if err != nil {
			return err
		}
		fmt.Printf("written in %.0f s; peak memory of that %.0f MB\n", a.All, a.Peak)
	}
	t.Where = "files"
	files, err := run(ctx, t, *dir)
	if err != nil {
		return err
	}
	fmt.Printf("%s\nfrom files: iterations of %s; %.0f s in all; peak memory %.0f MB, of which W and H are %.0f; error %v\n",
		files.Matrix, told(files.Times[0]), files.All, files.Peak, files.Factors, files.Err)
	if !*memory {
		return nil
	}
	t.Where = "both"
	both, err := run(ctx, t, *dir)
	if err != nil {
		return err
	}
	fmt.Printf("in turns:\nfrom files: iterations of %s\nin memory:  iterations of %s\nfiles / memory: %.2f of the fastest, %.2f of the medians\n",
		told(both.Times[0]), told(both.Times[1]), slices.Min(both.Times[0])/slices.Min(both.Times[1]), median(both.Times[0])/median(both.Times[1]))
	return nil
}

// told says how long iterations took.
func told(times []float64) string {
	return fmt.Sprintf("%.3g s at least, %.3g in the median of %d", slices.Min(times), median(times), len(times))
}

func median(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// run has a process of its own do a task.
func run(ctx context.Context, t task, dir string) (a answer, err error) {
	self, err := os.Executable()
	if err != nil {
		return a, err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return a, err
	}
	c := exec.CommandContext(ctx, self, "measure", string(text), dir)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return a, fmt.Errorf("%s: %w", t.Where, err)
	}
	return a, json.Unmarshal(out, &a)
}

func measure(ctx context.Context, args []string) error {
	var t task
	if err := json.Unmarshal([]byte(args[0]), &t); err != nil {
		return err
	}
	a, err := t.do(ctx, args[1])
	if err != nil {
		return err
	}
	a.Peak = peakMB()
	return json.NewEncoder(os.Stdout).Encode(a)
}

// peakMB returns the most memory that this process has had, 0 where that is
// not known.
func peakMB() float64 {
	status, err := os.ReadFile("/proc/self/status") // of Linux
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	if err != nil {
		return 0
	}
	return kb / 1024
}

func (t *task) do(ctx context.Context, dir string) (a answer, err error) {
	start := time.Now()
	if t.Where == "write" {
		s, err := write(dir, t.Entries, t.PerRow)
		if err != nil {
			return a, err
		}
		return answer{Matrix: s.String(), All: time.Since(start).Seconds()}, nil
	}
	s, err := sparse.OpenShards(dir)
	if err != nil {
		return a, err
	}
	rows, cols := s.Dims()
	a = answer{Matrix: s.String(), Factors: float64(8*(rows+cols)*t.K) / 1e6}
	cfg := nmf.Config{Components: t.K, Init: nmf.InitRandom, MaxIter: t.Iterations + 1, Tol: -1}
	if cfg.Precision, err = nmf.ParsePrecision(t.Precision); err != nil {
		return a, err
	}
	if cfg.Precision == nmf.Float32 {
		a.Factors /= 2
	}
	matrices := []mat.Matrix{s}
	if t.Where == "both" {
		x, err := s.CSR()
		if err != nil {
			return a, err
		}
		matrices = append(matrices, x)
	}
	errs, err := inTurns(ctx, matrices, cfg, a.Times[:])
	if err != nil {
		return a, err
	}
	a.All, a.Err = time.Since(start).Seconds(), errs[0]
	if t.Where == "both" && errs[1] != errs[0] {
		return a, fmt.Errorf("the errors differ: %v from files, %v in memory", errs[0], errs[1])
	}
	return a, nil
}

// inTurns fits the matrices, an iteration of each in turn, and appends the
// seconds that the iterations of each took but for the first, which finds its
// memory. It returns the errors of the models.
func inTurns(ctx context.Context, matrices []mat.Matrix, cfg nmf.Config, times [][]float64) (errs []float64, err error) {
	errs = make([]float64, len(matrices))
	failed := make([]error, len(matrices))
	turns := make([]chan bool, len(matrices))
	for i := range turns {
		turns[i] = make(chan bool, len(matrices))
	}
	var all sync.WaitGroup
	for i, x := range matrices {
		all.Go(func() {
			next := turns[(i+1)%len(turns)]
			defer func() { next <- true }()
			<-turns[i]
			start := time.Now()
			cfg := cfg
			cfg.Progress = func(step nmf.Step) {
				if step.Iter > 1 {
					times[i] = append(times[i], time.Since(start).Seconds())
				}
				if step.Iter < cfg.MaxIter {
					next <- true
					<-turns[i]
					start = time.Now()
				}
			}
			m, err := nmf.Fit(ctx, x, cfg)
			if failed[i] = err; err == nil {
				errs[i] = m.Err
			}
		})
	}
	turns[0] <- true
	all.Wait()
	return errs, errors.Join(failed...)
}

// write makes the matrix row by row: the rows have about the numbers of ones
// that are expected, the columns are drawn.
func write(dir string, entries, perRow int) (*sparse.Shards, error) {
	rows := max(entries/perRow, 1)
	cols := 2 * rows
	total := 0.0
	for i := range rows {
		total += math.Pow(float64(i+1), -.8)
	}
	w, err := sparse.CreateShards(dir)
	if err != nil {
		return nil, err
	}
	defer w.Discard()
	rng := rand.New(rand.NewPCG(0, 0))
	seen := make([]uint64, (cols+63)/64)
	var row []int
	for i := range rows {
		// A column that is drawn twice counts once, and the first rows draw
		// more often than they have columns.
		draws := 1.2 * float64(entries) * math.Pow(float64(i+1), -.8) / total
		row = row[:0]
		for range int(draws + rng.Float64()) {
			// The inverse of a distribution whose density is rank^-0.6.
			u := rng.Float64()
			j := min(int(float64(cols)*u*u*math.Sqrt(u)), cols-1)
			if seen[j/64]>>(j%64)&1 == 0 {
				seen[j/64] |= 1 << (j % 64)
				row = append(row, j)
				if err := w.Add(i, j, 1); err != nil {
					return nil, err
				}
			}
		}
		for _, j := range row {
			seen[j/64] = 0
		}
	}
	bar := progress.New("write")
	defer bar.Done()
	return w.Close(rows, cols, sparse.ShardOptions{Progress: func(done, total int) { bar.Bytes(done/(total/100+1), 100) }})
}
