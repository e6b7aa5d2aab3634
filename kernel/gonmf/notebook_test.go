package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/pyenv"
)

// ran is what a notebook gave; see testdata/notebook.py.
type ran struct {
	Cells  int
	Errors []string
}

func runNotebook(t *testing.T, python, kernel string, env []string, file string) ran {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "notebook.py"), kernel, file)
	cmd.Env = env
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	var r ran
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// What tells a good notebook from a bad one has to be good itself.
func TestNotebookRunner(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	env := installed(t)
	if r := runNotebook(t, python, "gonmf", env, filepath.Join("testdata", "runs.ipynb")); r.Cells != 2 || len(r.Errors) != 0 {
		t.Errorf("runs.ipynb: %d cells ran, errors %q", r.Cells, r.Errors)
	}
	r := runNotebook(t, python, "gonmf", env, filepath.Join("testdata", "fails.ipynb"))
	if len(r.Errors) != 1 || !strings.Contains(r.Errors[0], "cell 3:") || !strings.Contains(r.Errors[0], "on purpose") {
		t.Errorf("fails.ipynb: errors %q", r.Errors)
	}
}

// The notebooks of the project run top to bottom without an error, in both
// kernels.
func TestNotebooks(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	files, err := filepath.Glob(filepath.Join("..", "..", "notebooks", "*.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("there are no notebooks to run")
	}
	env := installed(t)
	for kernel := range kernels {
		t.Run(kernel, func(t *testing.T) {
			for _, file := range files {
				t.Run(filepath.Base(file), func(t *testing.T) {
					r := runNotebook(t, python, kernel, env, file)
					if r.Cells == 0 {
						t.Error("no cell has run")
					}
					for _, e := range r.Errors {
						t.Error(e)
					}
				})
			}
		})
	}
}
