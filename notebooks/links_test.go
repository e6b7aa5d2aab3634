package notebooks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, name := range all(t) {
		for _, link := range links(read(t, name)) {
			if _, err := os.Stat(link); err != nil {
				t.Errorf("%s links to what is not there: %v", name, err)
			}
		}
	}
}

// TestLinksOfPages looks at the README and the pages that it leads to.
func TestLinksOfPages(t *testing.T) {
	for _, page := range []string{"../README.md", "README.md", "from-python.md", "from-r.md", "data/NOTICE.md"} {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range targets(string(raw)) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), link)); err != nil {
				t.Errorf("%s links to what is not there: %v", page, err)
			}
		}
	}
}

// links returns the files that the text of a notebook links to.
func links(nb *notebook.Notebook) []string {
	var files []string
	for _, c := range nb.Cells {
		if c.Kind == "markdown" {
			files = append(files, targets(string(c.Source))...)
		}
	}
	return files
}

// targets returns the files that Markdown links to.
func targets(text string) []string {
	var files []string
	for _, part := range strings.Split(text, "](")[1:] {
		target, _, _ := strings.Cut(part, ")")
		if target, _, _ = strings.Cut(target, "#"); target != "" && !strings.Contains(target, ":") {
			files = append(files, target)
		}
	}
	return files
}
