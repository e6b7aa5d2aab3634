package engine

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
	"gonmf/scripts"
)

// fitSource fits what lies at IN and writes the nanoseconds that the fit took,
// and its error, to OUT.
const fitSource = `
	f, err := os.Open("IN")
	if err != nil {
		panic(err)
	}
	x, err := sparse.ReadNPZ(f)
	if err != nil {
		panic(err)
	}
	f.Close()
	falling := 0.0
	start := time.Now()
	_, err = nmf.Fit(context.Background(), x, nmf.Config{
		Components: 50, Init: nmf.InitRandom, MaxIter: 60, Tol: -1,
		Progress: func(s nmf.Step) { falling = s.Err },
	})
	took := time.Since(start)
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile("OUT", []byte(fmt.Sprint(took.Nanoseconds(), falling)), 0o666); err != nil {
		panic(err)
	}
`

// compiledFit is fitSource, compiled.
func compiledFit(x *sparse.CSR) (nanoseconds, falling float64, err error) {
	start := time.Now()
	_, err = nmf.Fit(context.Background(), x, nmf.Config{
		Components: 50, Init: nmf.InitRandom, MaxIter: 60, Tol: -1,
		Progress: func(s nmf.Step) { falling = s.Err },
	})
	return float64(time.Since(start).Nanoseconds()), falling, err
}

// A fit takes as long from a cell and from a script as compiled, to 3% on an
// idle machine. What else the machine does only makes a time longer, so that the
// shortest of some turns are compared, and more is allowed if no turn was quiet.
func TestAnInterpretedFitIsAsFastAsACompiledOne(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time, which says little on a busy machine")
	}
	const rows, cols = 2000, 3000
	rng := rand.New(rand.NewPCG(1, 1))
	var is, js []int
	var vs []float64
	for range 150_000 {
		is, js, vs = append(is, rng.IntN(rows)), append(js, rng.IntN(cols)), append(vs, 1)
	}
	x, err := sparse.FromTriplets(rows, cols, is, js, vs)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in, out, script := filepath.Join(dir, "x.npz"), filepath.Join(dir, "out"), filepath.Join(dir, "fit.go")
	f, err := os.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.WriteNPZ(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	const imports = "import (\n\"context\"\n\"fmt\"\n\"os\"\n\"time\"\n\"gonmf/nmf\"\n\"gonmf/nmf/sparse\"\n)\n"
	body := strings.NewReplacer("IN", filepath.ToSlash(in), "OUT", filepath.ToSlash(out)).Replace(fitSource)
	if err := os.WriteFile(script, []byte("package main\n"+imports+"func main() {"+body+"}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	k := kerneltest.Start(t)
	run(t, k, imports)
	written := func() (nanoseconds, falling float64) {
		t.Helper()
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(string(text), &nanoseconds, &falling); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return nanoseconds, falling
	}

	ways := []struct {
		name     string
		run      func() (nanoseconds, falling float64)
		shortest float64
	}{
		{"compiled", func() (float64, float64) {
			took, falling, err := compiledFit(x)
			if err != nil {
				t.Fatal(err)
			}
			return took, falling
		}, math.Inf(1)},
		{"a cell", func() (float64, float64) {
			run(t, k, body)
			return written()
		}, math.Inf(1)},
		{"a script", func() (float64, float64) {
			if err := scripts.Run(t.Context(), script, nil); err != nil {
				t.Fatal(err)
			}
			return written()
		}, math.Inf(1)},
	}
	const least, most, limit, busy = 3, 20, 1.03, 1.15
	for turn := 1; ; turn++ {
		var errs []float64
		for i := range ways {
			took, falling := ways[i].run()
			ways[i].shortest = min(ways[i].shortest, took)
			errs = append(errs, falling)
		}
		if errs[0] != errs[1] || errs[0] != errs[2] || !(errs[0] > 0) {
			t.Fatalf("errors of the fits differ: %v", errs)
		}
		cell, script := ways[1].shortest/ways[0].shortest, ways[2].shortest/ways[0].shortest
		done := turn >= least && cell <= limit && script <= limit
		if done || turn == most {
			t.Logf("compiled %.1f ms; from a cell %.3f of that, from a script %.3f (shortest of %d)", ways[0].shortest/1e6, cell, script, turn)
		}
		if done || turn == most && max(cell, script) <= busy {
			return
		}
		if turn == most {
			t.Fatalf("an interpreted fit takes more than %v times as long as a compiled one", busy)
		}
	}
}
