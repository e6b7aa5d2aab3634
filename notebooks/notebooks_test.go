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
	"strings"
	"sync"
	"testing"
	"time"

	"gonmf/scripts/notebook"
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

// scratch is a folder for what several tests need and is made only once.
var scratch = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "gonmf-notebooks-") })

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := scratch(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := scratch()
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "gonmf.exe") // a name that runs everywhere
	if out, err := exec.Command("go", "build", "-o", program, "gonmf/kernel/gonmf").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return program, nil
})

// built returns a gonmf that is built from this source.
func built(t *testing.T) string {
	t.Helper()
	program, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// jupyter is Jupyter with the kernels installed, apart from those of the user.
type jupyter struct {
	python string
	env    []string
}

func newJupyter(t *testing.T) *jupyter {
	t.Helper()
	python := pyenv.Jupyter.Need(t)
	prefix, gonmf := t.TempDir(), built(t)
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

func read(t *testing.T, name string) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func showsOf(t *testing.T, nb *notebook.Notebook) []shown {
	t.Helper()
	var list []shown
	for i, c := range nb.Code() {
		s, err := shows(c)
		if err != nil {
			t.Errorf("code cell %d: %v\n%s", i+1, err, c.Source)
		}
		list = append(list, s)
	}
	return list
}

// TestNotebooksRun runs the notebooks and compares what they show, and under our
// own kernel the bytes that are saved, with the run before.
func TestNotebooksRun(t *testing.T) {
	j := newJupyter(t)
	for _, name := range all(t) {
		for _, kernel := range kernels {
			t.Run(name+"/"+kernel.name, func(t *testing.T) {
				t.Parallel()
				ran, err := notebook.Parse(j.execute(t, name, kernel.name))
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
						if err := save(name, ran); err != nil {
							t.Fatal(err)
						}
					}
				} else if *update {
					return // the saved outputs are being written
				}
				for _, d := range differences(got, showsOf(t, read(t, name)), skip...) {
					t.Error(d)
				}
				if kernel.name == "gonmf" && !t.Failed() {
					sameBytes(t, name, ran)
				}
			})
		}
	}
}

// sameBytes saves a notebook that has run as the run before was saved, without
// what tells the time: the files are the same byte for byte.
func sameBytes(t *testing.T, name string, ran *notebook.Notebook) {
	t.Helper()
	again := filepath.Join(t.TempDir(), name)
	if err := save(again, ran); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	now, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, now) {
		t.Errorf("this run saves other bytes: %s, the run before %s", around(string(now), string(before)), around(string(before), string(now)))
	}
}

// exported returns the program that gonmf makes of a notebook.
func exported(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	run(t, exec.CommandContext(t.Context(), built(t), "export", name, "-o", file))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestNotebooksAsPrograms exports the notebooks and compiles them, which must mean
// the same; and so must the scripts that they are, run without Jupyter and, as
// programs, interpreted. The answers to the exercises are compiled with them.
func TestNotebooksAsPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program for each notebook")
	}
	gonmf := built(t)
	for _, name := range all(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*limit)
			defer cancel()
			dir := t.TempDir()
			file, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.exe")
			program := exported(t, name)
			if err := os.WriteFile(file, []byte(program), 0o666); err != nil {
				t.Fatal(err)
			}
			nb := read(t, name)
			var texts strings.Builder // of all cells
			for _, s := range showsOf(t, nb) {
				texts.WriteString(s[printed])
				if text := s["text/plain"]; text != "" {
					texts.WriteString(text + "\n")
				}
			}
			for as, args := range map[string][]string{"notebook": {"run", name}, "interpreted program": {"run", file}} {
				if got := run(t, exec.CommandContext(ctx, gonmf, args...)); got != texts.String() {
					t.Errorf("run as %s it prints %s, saved is: %s", as, around(got, texts.String()), around(texts.String(), got))
				}
			}
			cells, answers := nb.Code(), answersOf(nb)
			saved := showsOf(t, nb)
			nb.Cells = append(nb.Cells, answers...)
			with := filepath.Join(dir, name)
			if err := nb.Write(with); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(marked(exported(t, with))), 0o666); err != nil {
				t.Fatal(err)
			}
			run(t, exec.CommandContext(ctx, "go", "build", "-o", binary, file))
			got, err := parse(run(t, exec.CommandContext(ctx, binary)), len(cells)+len(answers))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range differences(got[:len(cells)], saved, "text/plain") {
				t.Error(d)
			}
			for i, answer := range answers {
				if says := got[len(cells)+i][printed]; says != string(answer.Outputs[0].Text) {
					t.Errorf("the answer\n%sprints\n%sand the notebook says\n%s", answer.Source, says, answer.Outputs[0].Text)
				}
			}
		})
	}
}

// answersOf returns the code of the answers to the exercises, as cells that
// print what the notebook says they do.
func answersOf(nb *notebook.Notebook) []*notebook.Cell {
	var cells []*notebook.Cell
	for _, c := range nb.Cells {
		for _, details := range strings.Split(string(c.Source), "<details>")[1:] {
			answer := &notebook.Cell{Kind: "markdown", Source: notebook.Text(details)}
			code, ok := fenced(answer, "go")
			if !ok {
				continue
			}
			says, _ := fenced(answer, "text")
			output := &notebook.Output{Kind: "stream", Name: "stdout", Text: notebook.Text(says)}
			cells = append(cells, &notebook.Cell{Kind: "code", Source: notebook.Text(code), Outputs: []*notebook.Output{output}})
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
			nb := read(t, name)
			if info, err := os.Stat(name); err != nil || info.Size() > 600<<10 {
				t.Errorf("it has %d bytes, for a reader on a slow line at most 600 kB are bearable; error %v", info.Size(), err)
			}
			outputs := 0
			for i, c := range nb.Code() {
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
