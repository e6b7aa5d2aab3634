package progress_test

import (
	"context"
	"io"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/scripts/progress"
)

func TestBar(t *testing.T) {
	var out strings.Builder
	bar := progress.NewTo(&out, "fit")
	bar.Done()
	if out.Len() > 0 {
		t.Errorf("a bar that was never told anything wrote %q", out.String())
	}
	for i := 1; i <= 3; i++ {
		bar.Step(nmf.Step{Iter: i, MaxIter: 10, Err: 12.3456})
		time.Sleep(110 * time.Millisecond)
	}
	bar.Step(nmf.Step{Iter: 4, MaxIter: 10, Err: math.NaN()})
	bar.Done()
	got := out.String()
	for _, want := range []string{"fit: error 12.346", "3/10", "\r"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if !strings.HasSuffix(got, "\n") || strings.Count(got, "\n") != 1 {
		t.Errorf("%q is not one line", got)
	}
}

func TestBarSaysHowAFitEnded(t *testing.T) {
	x := mat.NewDense(6, 5, nil)
	x.Apply(func(i, j int, _ float64) float64 { return float64((i*5 + j) * 7 % 11) }, x)
	for _, c := range []struct {
		name, ends string
		cfg        nmf.Config
		cancelAt   int
	}{
		{"converged", `^fit: converged after \d+ of at most 200 iterations, error [\d.]+(, in .*s)?$`, nmf.Config{Components: 2}, 0},
		{"limit", `^fit: reached the limit of 3 iterations, error [\d.]+(, in .*s)?$`, nmf.Config{Components: 2, MaxIter: 3}, 0},
		{"interrupted", `^fit: stopped after 2 of at most 200 iterations, error [\d.]+(, in .*s)?$`, nmf.Config{Components: 2}, 2},
		{"error not known", `^fit: reached the limit of 3 iterations(, in .*s)?$`, nmf.Config{Components: 2, Solver: nmf.MiniBatch{}, MaxIter: 3}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var out strings.Builder
			bar := progress.NewTo(&out, "fit")
			c.cfg.Progress = func(s nmf.Step) {
				bar.Step(s)
				if s.Iter == c.cancelAt {
					cancel()
				}
			}
			if _, err := nmf.Fit(ctx, x, c.cfg); (err != nil) != (c.cancelAt > 0) {
				t.Fatal(err)
			}
			bar.Done()
			line := strings.TrimSuffix(out.String(), "\n")
			line = line[strings.LastIndexByte(line, '\r')+1:]
			if !regexp.MustCompile(c.ends).MatchString(line) {
				t.Errorf("the line is %q", line)
			}
		})
	}
}

// writes keeps what it is given apart.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestBarIsNeverBlank(t *testing.T) {
	var out writes
	bar := progress.NewTo(&out, "fit")
	for i := 1; i <= 3; i++ {
		bar.Count(i, 3)
		time.Sleep(110 * time.Millisecond)
	}
	bar.Done()
	if len(out) < 4 {
		t.Errorf("%d writes for 3 steps and the end", len(out))
	}
	for _, drawn := range out {
		if line := drawn[strings.LastIndex(drawn, "\r")+1:]; strings.TrimSpace(line) == "" && line != "\n" {
			t.Errorf("after %q the line is blank", drawn)
		}
	}
}

func TestBarOfBytes(t *testing.T) {
	var out strings.Builder
	bar := progress.NewTo(&out, "read")
	bar.Bytes(1000, 380_000)
	time.Sleep(110 * time.Millisecond)
	bar.Bytes(380_000, 380_000)
	bar.Done()
	if got := out.String(); !strings.Contains(got, "(380/380 kB") || strings.Contains(got, "it/s") {
		t.Errorf("%q", got)
	}
}

// A million steps cost what a million clock readings cost, and a few draws.
func TestBarDrawsSeldom(t *testing.T) {
	var out strings.Builder
	bar := progress.NewTo(&out, "coverage")
	start := time.Now()
	for i := range 100_000 {
		bar.Count(i+1, 100_000)
	}
	took := time.Since(start)
	bar.Done()
	if draws := strings.Count(out.String(), "\r"); draws > 10+4*int(took/(100*time.Millisecond)) {
		t.Errorf("%d draws in %v", draws, took)
	}
}

func TestNewIsSilentInAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	defer func() { os.Stdout, os.Stderr, progress.Notebook = stdout, stderr, nil }()
	os.Stdout, os.Stderr = w, w
	show := func() {
		bar := progress.New("fit")
		bar.Count(1, 2)
		bar.Done()
	}
	show()
	var cell strings.Builder
	progress.Notebook = &cell
	show()
	w.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > 0 {
		t.Errorf("wrote %q to a pipe", got)
	}
	if !strings.Contains(cell.String(), "1/2") {
		t.Errorf("wrote %q to the cell of a notebook", cell.String())
	}
}

func TestBarInPlace(t *testing.T) {
	var shown [][]string
	progress.InPlace = func() func(string) {
		shown = append(shown, nil)
		place := len(shown) - 1
		return func(line string) { shown[place] = append(shown[place], line) }
	}
	defer func() { progress.InPlace = nil }()
	for range 2 {
		bar := progress.New("fit")
		bar.Step(nmf.Step{Iter: 1, MaxIter: 10, Err: 12.5})
		time.Sleep(110 * time.Millisecond)
		bar.Step(nmf.Step{Iter: 5, MaxIter: 10, Err: 3.25})
		bar.Done()
	}
	if len(shown) != 2 {
		t.Fatalf("two bars have %d places", len(shown))
	}
	for _, lines := range shown {
		if n := len(lines); n < 2 || !strings.Contains(lines[0], "1/10") || !strings.Contains(lines[n-1], "stopped after 5 of at most 10") {
			t.Errorf("shown: %q", lines)
		}
		for _, line := range lines {
			if strings.ContainsAny(line, "\r\n") {
				t.Errorf("not one line: %q", line)
			}
		}
	}
}
