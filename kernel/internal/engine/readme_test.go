package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/scripts"
)

// goBlocks returns the Go code that the README shows.
func goBlocks(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for i, part := range strings.Split(string(text), "```") {
		if code, ok := strings.CutPrefix(part, "go\n"); ok && i%2 == 1 {
			blocks = append(blocks, code)
		}
	}
	return blocks
}

// Every piece of Go in the README runs as it stands: a program as a script,
// anything else as a cell.
func TestReadme(t *testing.T) {
	blocks := goBlocks(t)
	if len(blocks) != 4 {
		t.Fatalf("%d pieces of Go, want a cell, a script, some lines on a matrix and some on a table in files", len(blocks))
	}
	dir := t.TempDir() // with a table of the reader's
	table := "article,customer,quantity\ntea,ann,2\nmilk,ann,1\ntea,ben,3\nscones,ben,2\nmilk,cleo,4\nscones,cleo,2\nbeer,dan,6\n"
	if err := os.WriteFile(filepath.Join(dir, "sales.csv"), []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	k := kerneltest.Start(t)
	run(t, k, "%cd "+dir)
	// What the lines on a matrix take for granted.
	run(t, k, `import (
	"fmt"
	"gonmf/nmf"
	"gonum.org/v1/gonum/mat"
)
more := mat.NewDense(1, 2, []float64{7, 1})`)
	for i, code := range blocks {
		if strings.HasPrefix(code, "package main") {
			path := filepath.Join(t.TempDir(), "hello.go")
			if err := os.WriteFile(path, []byte(code), 0o666); err != nil {
				t.Fatal(err)
			}
			if err := scripts.Run(t.Context(), path, nil); err != nil {
				t.Errorf("the script: %v", err)
			}
			continue
		}
		cell := run(t, k, code)
		if i == 0 {
			shown := bundles(t, cell)
			if len(shown) != 1 || shown[0]["image/svg+xml"] == nil {
				t.Errorf("the first cell shows %d things, want a picture", len(shown))
			}
			continue
		}
		if i == 3 {
			if text := cell.Text(t, "stdout"); text != "4 items x 4 users, 7 entries (43.8%) converged\n" {
				t.Errorf("what is fitted from files prints %q", text)
			}
			continue
		}
		if comment := "NMF of a 6 x 2 matrix with 2 components: error 0.00115993 after 30 iterations (converged)"; !strings.Contains(cell.Text(t, "stdout"), comment) || !strings.Contains(code, comment) {
			t.Errorf("prints %q, which is not what the README says", cell.Text(t, "stdout"))
		}
	}
}
