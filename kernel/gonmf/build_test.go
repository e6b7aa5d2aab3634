package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestBuildWith(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "gonmf-plus.exe") // a name that runs anywhere
	var said strings.Builder
	// One package of a module that gonmf has already, so that no network is needed.
	if err := buildWith(t.Context(), []string{"gonum.org/v1/gonum/optimize"}, program, &said); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "main.go")
	text := `package main

import (
	"fmt"

	"gonum.org/v1/gonum/optimize"

	"gonmf/nmf"
)

func main() {
	p := optimize.Problem{Func: func(x []float64) float64 { return (x[0] - 2) * (x[0] - 2) }}
	r, err := optimize.Minimize(p, []float64{0}, nil, &optimize.NelderMead{})
	fmt.Printf("%.3f %v %v\n", r.X[0], err, nmf.CD{}.Shuffle)
}
`
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), program, "run", script).CombinedOutput()
	if err != nil || string(out) != "2.000 <nil> false\n" {
		t.Errorf("the script gave %q, %v", out, err)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "scripts", "symbols", "*optimize*"))
	if err != nil || len(files) != 0 {
		t.Errorf("the source of gonmf now has %q, %v", files, err)
	}
}

func TestBuildWithThatFails(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "gonmf-plus")
	if err := os.WriteFile(out, []byte("the one before"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := buildWith(t.Context(), []string{"gonum.org/v1/gonum/nope"}, out, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "gonum.org/v1/gonum/nope") {
		t.Errorf("got %v, want an error that names the package", err)
	}
	if got, err := os.ReadFile(out); err != nil || string(got) != "the one before" {
		t.Errorf("the program of before is now %q, %v", got, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := buildWith(t.Context(), nil, out, io.Discard); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("without Go: got %v, want an error that says what to install", err)
	}
}
