// Package notebooks has the notebooks that teach gonmf, and the test that runs
// them: see README.md.
package notebooks

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/scripts/pyenv"
)

var update = flag.Bool("update", false, "save the notebooks with the outputs of this run")

// limit is for one notebook in one kernel, which takes seconds on a machine
// that has nothing else to do.
const limit = 5 * time.Minute

// all returns the files of the notebooks.
func all(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.ipynb")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no notebooks", err)
	}
	return names
}

// run runs a command and returns what it printed on its standard output.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, errs.Bytes())
	}
	return out.String()
}

// kernels are the names under which gonmf installs its kernels, and the flags
// that do it.
var kernels = []struct {
	name  string
	flags []string
}{
	{"gonmf", nil},
	{"gonmf-gophernotes", []string{"-gophernotes"}},
}

// jupyter is Jupyter with the kernels installed, apart from those of the user.
type jupyter struct {
	python string
	env    []string
}

func newJupyter(t *testing.T) *jupyter {
	t.Helper()
	python := pyenv.Jupyter.Need(t)
	prefix := t.TempDir()
	gonmf := filepath.Join(prefix, "gonmf.exe") // a name that runs everywhere
	run(t, exec.CommandContext(t.Context(), "go", "build", "-o", gonmf, "gonmf/kernel/gonmf"))
	for _, k := range kernels {
		run(t, exec.CommandContext(t.Context(), gonmf, append([]string{"install", "-prefix", prefix}, k.flags...)...))
	}
	return &jupyter{python, append(os.Environ(),
		"JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(prefix, "config"),
		"JUPYTER_NO_CONFIG=1",
		"IPYTHONDIR="+filepath.Join(prefix, "ipython"),
		"PYTHONWARNINGS=ignore",
	)}
}

// execute runs a notebook from a fresh kernel and returns it with the outputs.
func (j *jupyter) execute(t *testing.T, name, kernel string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, j.python, "-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--stdout",
		"--ExecutePreprocessor.kernel_name="+kernel, "--ExecutePreprocessor.record_timing=False", name)
	cmd.Env = j.env
	return []byte(run(t, cmd))
}

// differences compares what the cells show, as far as want has it; skip are
// kinds that are not compared.
func differences(got, want []shown, skip ...string) []string {
	var diffs []string
	for i := range want {
		kinds := map[string]bool{}
		for kind := range want[i] {
			kinds[kind] = true
		}
		for kind := range got[i] {
			kinds[kind] = true
		}
		for _, kind := range skip {
			delete(kinds, kind)
		}
		for kind := range kinds {
			if got[i][kind] != want[i][kind] {
				diffs = append(diffs, fmt.Sprintf("code cell %d, %s: %s, saved is: %s", i+1, kind, around(got[i][kind], want[i][kind]), around(want[i][kind], got[i][kind])))
			}
		}
	}
	return diffs
}

// around returns the part of a where it begins to differ from b.
func around(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%q", a[max(0, i-40):min(len(a), i+80)])
}

func showsOf(t *testing.T, nb *notebook) []shown {
	t.Helper()
	var list []shown
	for i, c := range nb.code() {
		s, err := c.shows()
		if err != nil {
			t.Errorf("code cell %d: %v\n%s", i+1, err, c.Source)
		}
		list = append(list, s)
	}
	return list
}

func TestNotebooksRun(t *testing.T) {
	j := newJupyter(t)
	for _, name := range all(t) {
		for _, kernel := range kernels {
			t.Run(name+"/"+kernel.name, func(t *testing.T) {
				t.Parallel()
				raw := j.execute(t, name, kernel.name)
				file := filepath.Join(t.TempDir(), name)
				if err := os.WriteFile(file, raw, 0o666); err != nil {
					t.Fatal(err)
				}
				ran, err := read(file)
				if err != nil {
					t.Fatal(err)
				}
				got := showsOf(t, ran)
				if t.Failed() {
					return
				}
				// Gophernotes writes text of its own beside results, and for
				// the number of bytes that a Println wrote.
				skip := []string{"text/plain"}
				if kernel.name == "gonmf" {
					skip = nil
					if *update {
						if err := save(name, raw); err != nil {
							t.Fatal(err)
						}
					}
				} else if *update {
					return // the saved outputs are being written
				}
				saved, err := read(name)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range differences(got, showsOf(t, saved), skip...) {
					t.Error(d)
				}
			})
		}
	}
}

// TestNotebooksAsPrograms compiles the cells, which must mean the same, and
// with them the answers to the exercises, whose numbers it compares too.
func TestNotebooksAsPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program for each notebook")
	}
	for _, name := range all(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nb, err := read(name)
			if err != nil {
				t.Fatal(err)
			}
			answers := answersOf(nb)
			source, err := program(slices.Concat(nb.code(), answers))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			file, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.exe")
			if err := os.WriteFile(file, source, 0o666); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			run(t, exec.CommandContext(ctx, "go", "build", "-o", binary, file))
			got, err := parse(run(t, exec.CommandContext(ctx, binary)), len(nb.code())+len(answers))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences(got[:len(nb.code())], showsOf(t, nb), "text/plain") {
				t.Error(d)
			}
			for i, answer := range answers {
				if says := got[len(nb.code())+i][printed]; says != string(answer.Outputs[0].Text) {
					t.Errorf("the answer\n%sprints\n%sand the notebook says\n%s", answer.Source, says, answer.Outputs[0].Text)
				}
			}
		})
	}
}

// answersOf returns the code of the answers to the exercises, as cells that
// print what the notebook says they do.
func answersOf(nb *notebook) []cell {
	var cells []cell
	for _, c := range nb.Cells {
		for _, details := range strings.Split(string(c.Source), "<details>")[1:] {
			answer := cell{Kind: "markdown", Source: text(details)}
			code, ok := fenced(answer, "go")
			if !ok {
				continue
			}
			says, _ := fenced(answer, "text")
			cells = append(cells, cell{Kind: "code", Source: text(code), Outputs: []output{{Kind: "stream", Name: "stdout", Text: text(says)}}})
		}
	}
	return cells
}

func TestSavedNotebooks(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all(t) {
		t.Run(name, func(t *testing.T) {
			nb, err := read(name)
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(name); err != nil || info.Size() > 400<<10 {
				t.Errorf("it has %d bytes, for a reader on a slow line at most 400 kB are bearable; error %v", info.Size(), err)
			}
			outputs := 0
			for i, c := range nb.code() {
				if c.Count != i+1 {
					t.Errorf("code cell %d was run as number %d: run the notebook from top to bottom and save it", i+1, c.Count)
				}
				outputs += len(c.Outputs)
			}
			if outputs == 0 {
				t.Error("it is saved without outputs")
			}
			for i, s := range showsOf(t, nb) {
				if s["standard error"] != "" {
					t.Errorf("code cell %d: there is something on standard error: %s", i+1, s["standard error"])
				}
			}
			if !strings.Contains(string(readme), "("+name+")") {
				t.Error("README.md does not list it")
			}
		})
	}
}
