package notebooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
	"gonmf/scripts/pyenv"
)

// blocks returns the fenced blocks of a page by their languages; block i of
// "text" is what block i of every other language prints.
func blocks(t *testing.T, page string) map[string][]string {
	t.Helper()
	all, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for i, part := range strings.Split(string(all), "```") {
		if language, code, _ := strings.Cut(part, "\n"); i%2 == 1 {
			found[language] = append(found[language], code)
		}
	}
	return found
}

// TestPages runs the Go of the pages for those who come from elsewhere, and
// compares what it prints with what they say. Go runs first, since Python reads
// what it saved.
func TestPages(t *testing.T) {
	for _, page := range []string{"from-python.md", "from-r.md"} {
		t.Run(page, func(t *testing.T) {
			found := blocks(t, page)
			dir := t.TempDir()
			compare(t, page, "Go", goPrints(t, dir, found["go"]), found["text"])
			if len(found["python"]) > 0 {
				t.Run("python", func(t *testing.T) {
					compare(t, page, "Python", pythonPrints(t, dir, found["python"]), found["text"])
				})
			}
			if n := len(found["python"]) + len(found["r"]); n != len(found["text"]) {
				t.Errorf("%d pieces beside %d outputs", n, len(found["text"]))
			}
		})
	}
}

func compare(t *testing.T, page, language string, got, want []string) {
	t.Helper()
	if len(got) != len(want) || len(want) < 3 {
		t.Fatalf("%s has %d pieces of %s and %d outputs", page, len(got), language, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("piece %d of %s prints\n%sand %s says\n%s", i+1, language, got[i], page, want[i])
		}
	}
}

// goPrints runs pieces of Go, the cells of one session, as a program in dir.
func goPrints(t *testing.T, dir string, pieces []string) []string {
	t.Helper()
	nb := &notebook.Notebook{Format: 4, FormatMinor: 4}
	for _, piece := range pieces {
		nb.Cells = append(nb.Cells, &notebook.Cell{Kind: "code", Source: notebook.Text(piece)})
	}
	pages := filepath.Join(dir, "pages.ipynb")
	if err := nb.Write(pages); err != nil {
		t.Fatal(err)
	}
	file, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.exe")
	if err := os.WriteFile(file, []byte(marked(exported(t, pages))), 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, exec.CommandContext(t.Context(), "go", "build", "-o", binary, file))
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Dir = dir
	all, err := parse(run(t, cmd), len(nb.Cells))
	if err != nil {
		t.Fatal(err)
	}
	var outputs []string
	for _, s := range all {
		outputs = append(outputs, s[printed])
	}
	return outputs
}

// pythonPrints runs pieces of Python, one after the other, in dir.
func pythonPrints(t *testing.T, dir string, pieces []string) []string {
	t.Helper()
	python := pyenv.Numbers.Need(t)
	const mark = "\x1e"
	cmd := exec.CommandContext(t.Context(), python, "-W", "ignore", "-c", strings.Join(pieces, "\nprint(end='\\x1e')\n"))
	cmd.Dir = dir
	return strings.Split(run(t, cmd), mark)
}
