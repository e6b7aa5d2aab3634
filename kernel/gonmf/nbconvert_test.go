package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gonmf/scripts/pyenv"
)

// TestNbconvert runs a notebook by way of nbconvert and writes it as HTML and for
// LaTeX: progress has left one line, and pictures are in a form that LaTeX takes
// without Inkscape, which nbconvert wants for a lone SVG.
func TestNbconvert(t *testing.T) {
	python, dir := pyenv.Jupyter.Need(t), t.TempDir()
	writeNotebook(t, dir, `import ("fmt"; "gonmf/frames/chart"; "gonmf/nmf"; "gonmf/scripts/progress"; "gonum.org/v1/gonum/mat"; "gonum.org/v1/plot")
x := mat.NewDense(6, 2, []float64{1, 1, 2, 1, 3, 1.2, 4, 1, 5, .8, 6, 1})
bar := progress.New("fit")
model, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, Progress: bar.Step})
bar.Done()
picture, err := chart.Convergence([][]float64{model.Errors()}, nil, chart.Options{})
picture`, "plot.New()", `fmt.Println("100% of $5_x & 李")`)
	convert := func(flags ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), python, append([]string{"-m", "nbconvert"}, flags...)...)
		cmd.Dir = dir
		cmd.Env = append(installed(t), "PATH="+filepath.Dir(python)) // no Inkscape, no pandoc
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("nbconvert %q: %v\n%s", flags, err, out)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	convert("--to", "html", "--execute", "--ExecutePreprocessor.kernel_name=gonmf", "some.ipynb")
	html := read("some.html")
	if n := strings.Count(html, " iterations, error "); n != 1 {
		t.Errorf("the page has %d lines of progress", n)
	}
	if n := strings.Count(html, `data-mime-type="image/svg+xml"`); n != 2 {
		t.Errorf("the page has %d pictures", n)
	}
	convert("--to", "latex", "--execute", "--ExecutePreprocessor.kernel_name=gonmf", "some.ipynb")
	latex := read("some.tex")
	pictures := regexp.MustCompile(`\{(some_files/\w+\.pdf)\}`).FindAllStringSubmatch(latex, -1)
	if len(pictures) != 2 {
		t.Errorf("for LaTeX there are the pictures %q", pictures)
	}
	for _, p := range pictures {
		if text := read(p[1]); !strings.HasPrefix(text, "%PDF-") {
			t.Errorf("%s begins with %.10q", p[1], text)
		}
	}
	if !strings.Contains(latex, `100\% of \$5\_x \& 李`) {
		t.Error("what was printed is not there for LaTeX")
	}
}
