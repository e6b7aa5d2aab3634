package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
	"gonmf/scripts/pyenv"
)

// TestPapermill runs a notebook with parameters, as papermill by itself can, by
// way of C#, and as it can once it was taught Go.
func TestPapermill(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	dir := t.TempDir()
	// A virtual environment of its own, which sees the packages of the other: a
	// test must not change that for all others.
	if out, err := exec.CommandContext(t.Context(), python, "-m", "venv", "--without-pip", filepath.Join(dir, "venv")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ask := exec.CommandContext(t.Context(), python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
	site, err := ask.Output()
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob(filepath.Join(dir, "venv", "lib", "python*", "site-packages"))
	if err != nil || len(own) != 1 {
		own = []string{filepath.Join(dir, "venv", "Lib", "site-packages")} // Windows
	}
	writeFile(t, filepath.Join(own[0], "other.pth"), string(site))
	python = filepath.Join(dir, "venv", filepath.Base(filepath.Dir(python)), filepath.Base(python))
	t.Setenv("PATH", filepath.Dir(python)+string(filepath.ListSeparator)+os.Getenv("PATH"))

	name := writeNotebook(t, dir, "// defaults\nk, tol := 3, .5 // components\nvar names []string\nquiet := true",
		"import \"fmt\"\nfmt.Printf(\"%v %v %q %v\", k, tol, names, quiet)")
	nb, err := notebook.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	nb.Metadata = map[string]any{"kernelspec": map[string]any{"name": "gonmf", "display_name": "Go (gonmf)", "language": "go"}, "language_info": map[string]any{"name": "go"}}
	if err := nb.Write(name); err != nil {
		t.Fatal(err)
	}
	papermill := func(flags ...string) (printed string, err error) {
		t.Helper()
		to := filepath.Join(dir, "out.ipynb")
		cmd := exec.CommandContext(t.Context(), python, append([]string{"-m", "papermill", "--no-progress-bar", name, to}, flags...)...)
		cmd.Env = installed(t)
		for i, v := range cmd.Env {
			if strings.HasPrefix(v, "PATH=") {
				cmd.Env[i] = "PATH=" + os.Getenv("PATH")
			}
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("papermill %q: %w\n%s", flags, err, out)
		}
		nb, err := notebook.Read(to)
		if err != nil {
			return "", err
		}
		return string(nb.Cells[len(nb.Cells)-1].Outputs[0].Text), nil
	}

	if got, err := papermill("-l", ".net-csharp", "-p", "k", "20", "-p", "quiet", "false"); err != nil || got != "20 0.5 [] false" {
		t.Errorf("by way of C# it printed %q, %v", got, err)
	}
	if _, err := papermill("-p", "k", "20"); err == nil || !strings.Contains(err.Error(), "No parameter translator") {
		t.Errorf("it knows Go before it was taught: %v", err)
	}
	if status, stdout, stderr := gonmf("install", "-papermill"); status != 0 || !strings.Contains(stdout, own[0]) {
		t.Fatalf("install -papermill: %d, %q, %q", status, stdout, stderr)
	}
	if got, err := papermill("-p", "k", "20", "-p", "tol", "1", "-y", `names: ["é\n\"", "\\"]`); err != nil || got != `20 1 ["é\n\"" "\\"] true` {
		t.Errorf("in Go it printed %q, %v", got, err)
	}
	if got, err := papermill("-y", `{other: [1, 2.5], k: 4, deep: {a: [[1]], b: []}, none: null, tol: 1.0e-3}`); err != nil || got != `4 0.001 [] true` {
		t.Errorf("with all kinds of values it printed %q, %v", got, err)
	}
	if status, stdout, stderr := gonmf("uninstall", "-papermill"); status != 0 || !strings.Contains(stdout, own[0]) {
		t.Errorf("uninstall -papermill: %d, %q, %q", status, stdout, stderr)
	}
	if left, err := os.ReadDir(own[0]); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	if status, _, stderr := gonmf("uninstall", "-papermill"); status != 1 || !strings.Contains(stderr, "was not taught Go") {
		t.Errorf("once more: %d, %q", status, stderr)
	}
}
