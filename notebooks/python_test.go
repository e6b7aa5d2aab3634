package notebooks

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
	"gonmf/scripts/pyenv"
)

// TestPythonBesideGo runs the Python of the notebook that sets Go beside it:
// what the notebook shows of Python is what Python prints, and what Go prints.
func TestPythonBesideGo(t *testing.T) {
	python := pyenv.Numbers.Need(t)
	program, err := os.ReadFile("08-from-scikit-learn.py")
	if err != nil {
		t.Fatal(err)
	}
	nb := read(t, "08-from-scikit-learn.ipynb")
	cmd := exec.CommandContext(t.Context(), python, "-W", "ignore", "08-from-scikit-learn.py")
	said := run(t, cmd)

	var all strings.Builder
	sections := 0
	for i, c := range nb.Cells {
		code, ok := fenced(c, "python")
		if !ok {
			continue
		}
		sections++
		if !strings.Contains(string(program), code) {
			t.Errorf("the program does not have this Python of the notebook:\n%s", code)
		}
		answer, _ := fenced(c, "text")
		all.WriteString(answer)
		if i+1 == len(nb.Cells) {
			t.Fatal("there is no Go after the last Python")
		}
		s, err := shows(nb.Cells[i+1])
		if err != nil {
			t.Fatal(err)
		}
		if s[printed] != answer {
			t.Errorf("Go prints\n%sbeside Python's\n%s", s[printed], answer)
		}
	}
	if sections < 5 {
		t.Errorf("there are only %d sections with Python", sections)
	}
	if all.String() != said {
		t.Errorf("the notebook says that Python prints\n%sand it prints\n%s", all.String(), said)
	}
}

// fenced returns the block of a Markdown cell in the given language.
func fenced(c *notebook.Cell, language string) (string, bool) {
	_, rest, ok := strings.Cut(string(c.Source), "```"+language+"\n")
	if c.Kind != "markdown" || !ok {
		return "", false
	}
	block, _, ok := strings.Cut(rest, "```")
	return block, ok
}
