package notebooks

import (
	"os"
	"strings"
	"testing"
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, name := range all(t) {
		nb, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range links(nb) {
			if _, err := os.Stat(link); err != nil {
				t.Errorf("%s links to what is not there: %v", name, err)
			}
		}
	}
}

// links returns the files that the text of a notebook links to.
func links(nb *notebook) []string {
	var files []string
	for _, c := range nb.Cells {
		parts := strings.Split(string(c.Source), "](")
		if c.Kind != "markdown" || len(parts) < 2 {
			continue
		}
		for _, part := range parts[1:] {
			target, _, _ := strings.Cut(part, ")")
			if target, _, _ = strings.Cut(target, "#"); target != "" && !strings.Contains(target, ":") {
				files = append(files, target)
			}
		}
	}
	return files
}
