package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gonmf/scripts/pyenv"
)

// scratch is a folder for what several tests need and is made only once.
var scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "gonmf-test-") })

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := scratch(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

var buildProgram = sync.OnceValues(func() (string, error) {
	dir, err := scratch()
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "gonmf.exe") // a name that runs anywhere
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

// built returns a gonmf that is built from this source.
func built(t *testing.T) string {
	t.Helper()
	program, err := buildProgram()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// kernels are the names of what gonmf can install, and the flags for it.
var kernels = map[string][]string{"gonmf": nil, "gonmf-gophernotes": {"-gophernotes"}}

var installKernels = sync.OnceValues(func() ([]string, error) {
	program, err := buildProgram()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(program)
	prefix := filepath.Join(dir, "prefix")
	for _, flags := range kernels {
		args := append([]string{"install", "--prefix", prefix}, flags...)
		if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("gonmf %q: %w\n%s", args, err, out)
		}
	}
	return append(os.Environ(),
		"JUPYTER_DATA_DIR="+filepath.Join(prefix, "share", "jupyter"), "JUPYTER_PATH=",
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"), "IPYTHONDIR="+filepath.Join(dir, "ipython")), nil
})

// installed returns the environment in which Jupyter finds the kernels that
// gonmf has installed, and Python's, but no others.
func installed(t *testing.T) []string {
	t.Helper()
	env, err := installKernels()
	if err != nil {
		t.Fatal(err)
	}
	return env
}

// output is what a cell gave; see testdata/cells.py.
type output struct {
	Status, Stdout, Stderr, Error string
	Shown                         []map[string]any
}

// cell is a cell and what it must give. What is empty must be empty, but for
// the result, which may come besides what is printed.
type cell struct {
	name, source string
	stdout       string            // exactly
	errors       string            // part of the message
	shown        map[string]string // part of what is shown, by MIME type
}

func runCells(t *testing.T, python, kernel string, env []string, cells []cell) {
	t.Helper()
	var sources []string
	for _, c := range cells {
		sources = append(sources, c.source)
	}
	in, err := json.Marshal(sources)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "cells.py"), kernel)
	cmd.Env, cmd.Stdin = env, bytes.NewReader(in)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	var outputs []output
	if err := json.Unmarshal(out, &outputs); err != nil {
		t.Fatal(err)
	}
	if len(outputs) != len(cells) {
		t.Fatalf("%d cells gave %d outputs", len(cells), len(outputs))
	}
	for i, c := range cells {
		t.Run(c.name, func(t *testing.T) { c.check(t, outputs[i]) })
	}
}

func (c cell) check(t *testing.T, got output) {
	t.Helper()
	want := "ok"
	if c.errors != "" {
		want = "error"
	}
	if got.Status != want || !strings.Contains(got.Error, c.errors) {
		t.Errorf("status %s, error %q; want %s, %q", got.Status, got.Error, want, c.errors)
	}
	if got.Stdout != c.stdout || got.Stderr != "" {
		t.Errorf("standard output %q, standard error %q; want %q and nothing", got.Stdout, got.Stderr, c.stdout)
	}
	for mime, part := range c.shown {
		found := false
		for _, bundle := range got.Shown {
			text, _ := bundle[mime].(string)
			found = found || strings.Contains(text, part)
		}
		if !found {
			t.Errorf("nothing shown as %s has %q in it: %v", mime, part, got.Shown)
		}
	}
}

// common are cells for every kernel: the Go of 2018, with our packages.
var common = []cell{
	{
		name: "imports",
		source: `import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/nmf"
	"gonmf/notebooks/data"
)`,
	},
	{
		name:   "gonum",
		source: "d := mat.NewDense(2, 2, []float64{1, 2, 3, 4})\nfmt.Println(mat.Det(d), stat.Mean([]float64{1, 2, 3, 4}, nil))",
		stdout: "-2 2.5\n",
	},
	{
		name:   "untyped constant of a package",
		source: `fmt.Println(data.Names)`,
		stdout: "names.csv.gz\n",
	},
	{
		name:   "typed constant of a package",
		source: `fmt.Println(3*vg.Inch == vg.Length(3*72))`,
		stdout: "true\n",
	},
	{
		name:   "DataFrame",
		source: "df := dataframe.ReadCSV(strings.NewReader(\"item_id,user_id\\na,u\\na,v\\nb,u\\nb,w\\nc,v\\nc,w\\n\"))\nfmt.Println(df.Nrow(), df.Names())",
		stdout: "6 [item_id user_id]\n",
	},
	{
		name:   "interactions",
		source: "table, err := frames.NewInteractions(df, frames.Columns{})\nn, m := table.X.Dims()\nfmt.Println(n, m, err)",
		stdout: "3 3 <nil>\n",
	},
	{
		name: "fit",
		source: `steps := 0
model, err := nmf.Fit(context.Background(), table.X, nmf.Config{
	Components: 2,
	Solver:     nmf.CD{},
	Loss:       nmf.Frobenius,
	Seed:       1,
	Progress:   func(nmf.Step) { steps++ },
})
fmt.Println(err, steps == model.Iter, model.Stop.Early())`,
		stdout: "<nil> true false\n",
	},
	{
		name:   "multiplicative updates",
		source: "kl, err := nmf.Fit(context.Background(), table.X, nmf.Config{Components: 2, Solver: &nmf.MU{}, Loss: nmf.KullbackLeibler})\nfmt.Println(err, kl.Iter > 0)",
		stdout: "<nil> true\n",
	},
	{name: "a model shows itself", source: "model", shown: map[string]string{"text/html": "<"}},
	{
		name: "a chart shows itself",
		source: `coverage, err := frames.Coverage(context.Background(), model, table, frames.CoverageOptions{})
summary, err := frames.Summarize(coverage)
picture, err := chart.Coverage(coverage, summary, chart.Options{})
picture`,
		shown: map[string]string{"image/svg+xml": "<svg"},
	},
	{
		name:   "errors",
		source: "_, err = nmf.Fit(context.Background(), mat.NewDense(1, 1, []float64{-1}), nmf.Config{Components: 1})\nfmt.Println(err, errors.Is(err, nmf.ErrNegative))",
		stdout: "nmf: X[0,0] = -1: negative true\n",
	},
	{
		name: "plot",
		source: `p := plot.New()
line, err := plotter.NewLine(plotter.XYs{{X: 1, Y: 2}, {X: 3, Y: 4}})
p.Add(line)
fmt.Println(err, p.X.Min, p.Y.Max)`,
		stdout: "<nil> 1 4\n",
	},
	{name: "a cell that does not compile", source: "nmf.Nope()", errors: "Nope"},
	{name: "a cell that panics", source: "mat.NewDense(2, 3, nil).At(5, 5)", errors: "index out of range"},
	{name: "and the session goes on", source: "fmt.Println(df.Nrow())", stdout: "6\n"},
}

func TestOwnKernel(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	runCells(t, python, "gonmf", installed(t), common)
}

func TestGophernotesKernel(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	cells := append(common[:len(common):len(common)], cell{
		name:   "a package of the standard library that is younger than its engine",
		source: "import \"math/rand/v2\"\nr := rand.New(rand.NewPCG(1, 2))\nfmt.Println(r.IntN(1))",
		stdout: "0\n",
	})
	runCells(t, python, "gonmf-gophernotes", installed(t), cells)
}

func TestJupyterRun(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	file := filepath.Join(t.TempDir(), "cell.go")
	if err := os.WriteFile(file, []byte("import \"fmt\"\nfmt.Println(1 + 1)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "-m", "jupyter", "run", "--kernel", "gonmf", file)
	cmd.Env = installed(t)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "2\n" {
		t.Errorf("it gave %q, %v", out, err)
	}
}

// TestBarePrefix is the recipe for Binder and JupyterHub: the program and a
// prefix, without Go, a home folder that knows of it, or the source.
func TestBarePrefix(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	dir := t.TempDir()
	program, prefix := filepath.Join(dir, "gonmf.exe"), filepath.Join(dir, "prefix")
	copyFile(t, built(t), program)
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "cell.go")
	writeFile(t, file, "import (\"fmt\"; \"os/exec\")\n_, err := exec.LookPath(\"go\")\nfmt.Println(err != nil)\n")
	env := []string{
		"PATH=" + filepath.Dir(python), "HOME=" + mkdir(t, dir, "home"), "JUPYTER_PATH=" + filepath.Join(prefix, "share", "jupyter"),
		"SystemRoot=" + os.Getenv("SystemRoot"), // Windows cannot do without
	}
	bare := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Env, cmd.Dir = env, dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
		return string(out)
	}
	bare(program, "install", "-prefix", prefix)
	if err := os.Remove(program); err != nil { // the installed copy is enough
		t.Fatal(err)
	}
	if out := bare(python, "-m", "jupyter", "run", "--kernel", "gonmf", file); out != "true\n" {
		t.Errorf("it gave %q", out)
	}
}
