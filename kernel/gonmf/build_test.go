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
	// Packages of modules that gonmf has already, so that no network is needed: one to
	// be compiled in, and two that are generic.
	with := []string{"gonum.org/v1/gonum/optimize", "golang.org/x/exp/constraints", "golang.org/x/exp/maps"}
	if err := buildWith(t.Context(), with, program, &said); err != nil {
		t.Fatal(err)
	}
	nb := writeNotebook(t, dir, `import ("fmt"; "golang.org/x/exp/constraints"; "golang.org/x/exp/maps"; "gonum.org/v1/gonum/optimize")
func most[T constraints.Ordered](list ...T) (m T) {
	for _, x := range list {
		m = max(m, x)
	}
	return m
}
fmt.Println(most(maps.Keys(map[string]int{"a": 1, "b": 2})...), most(2.5, 1), optimize.NotTerminated)`)
	out, err := exec.CommandContext(t.Context(), program, "run", nb).CombinedOutput()
	if err != nil || string(out) != "b 2.5 NotTerminated\n" {
		t.Errorf("the notebook gave %q, %v", out, err)
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
	out, err = exec.CommandContext(t.Context(), program, "run", script).CombinedOutput()
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
	for with, want := range map[string]string{
		"gonum.org/v1/gonum/nope":              "gonum.org/v1/gonum/nope",
		"example.org/nobody/knows":             "which version of example.org/nobody/knows?",
		"nonsense":                             "no package \"nonsense\" in the standard library",
		"bad path@v1":                          "wants an import path",
		"golang.org/x/tools/cmd/stringer":      "is a program",
		"gonum.org/v1/gonum/internal/asm/f64":  "internal to its module",
		"golang.org/x/exp/constraints/further": "golang.org/x/exp/constraints/further",
	} {
		err := buildWith(t.Context(), []string{with}, out, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-with %s: got %v, want %q", with, err, want)
		}
	}
	if got, err := os.ReadFile(out); err != nil || string(got) != "the one before" {
		t.Errorf("the program of before is now %q, %v", got, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	if err := buildWith(t.Context(), nil, dir, io.Discard); err == nil || !strings.Contains(err.Error(), "is no file") {
		t.Errorf("to a folder: got %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := buildWith(t.Context(), nil, out, io.Discard); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("without Go: got %v, want an error that says what to install", err)
	}
}

func TestFetchError(t *testing.T) {
	for _, c := range []struct{ with, said, want string }{
		{"example.org/m@v9.9.9", "go: example.org/m@v9.9.9: reading https://proxy.golang.org/...: 404 Not Found", "no version v9.9.9 of example.org/m"},
		{"example.org/m@latest", "go: module example.org/m: no matching versions", "no module for example.org/m"},
		{"example.org/m/p@latest", "go: module example.org/m@latest found (v1.0.0), but does not contain package example.org/m/p", "it has no package example.org/m/p"},
		{"example.org/m@latest", "dial tcp: lookup proxy.golang.org: no such host", "reaches the Go module proxy"},
		{"example.org/m@v1.0.0", "go: example.org/m@v1.0.0 requires go >= 1.99", "wants a newer Go"},
		{"m@v1", "malformed module path \"m\": missing dot in first path element", "begins with a host"},
	} {
		if err := fetchError(c.with, errors.New(c.said)); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %q, want %q", c.said, err, c.want)
		}
	}
}
