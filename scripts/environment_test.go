package scripts_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	environment = regexp.MustCompile(`(?i:getenv|lookupenv)\("(\w+)"\)|"(GONMF_\w+)"`)
	code        = regexp.MustCompile("`([A-Z_]+)`")
)

// TestEnvironmentIsTold holds the README's table of environment variables to
// those that the programs read.
func TestEnvironmentIsTold(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "\n| variable |")
	table, _, _ = strings.Cut(table, "\n\n")
	var told, read []string
	for row := range strings.Lines(table) {
		for _, m := range code.FindAllStringSubmatch(row, -1) {
			told = append(told, m[1])
		}
	}
	if len(told) < 5 {
		t.Fatalf("the README tells of %q only", told)
	}
	for pkg, sources := range sources(t) {
		if is(pkg, "kernel/internal/kerneltest") { // helps tests, and is in no program
			continue
		}
		for _, s := range sources {
			text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(pkg), s.file))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range environment.FindAllStringSubmatch(string(text), -1) {
				name := m[1] + m[2]
				read = append(read, name)
				if !slices.Contains(told, name) {
					t.Errorf("%s in %s reads %s, which the README does not tell of", s.file, pkg, name)
				}
			}
		}
	}
	for _, name := range told {
		own := strings.HasPrefix(name, "GO") && !strings.HasPrefix(name, "GONMF_") // the Go runtime reads it
		if !own && !slices.Contains(read, name) {
			t.Errorf("the README tells of %s, which nothing reads", name)
		}
	}
}
