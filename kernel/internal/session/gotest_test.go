package session

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The tests of the language in Go's distribution that are programs, told by a line of
// their head: they print what is in a file beside them, or nothing.
var runLine = regexp.MustCompile(`(?ms)\A[^\n]*(?:\n(?://[^\n]*)?)*?^// run$|\A// run\n`)

// goTests names the folder with them, or is "all" for that of the Go which runs this test.
// Without it one in sampled runs, if the folder is there.
const (
	goTests = "GONMF_GO_TESTS"
	sampled = 25
)

func TestGoDistribution(t *testing.T) {
	dir, all := os.Getenv(goTests), true
	switch dir {
	case "":
		all = false
		fallthrough
	case "all":
		root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatalf("go env GOROOT: %v", err)
		}
		dir = filepath.Join(strings.TrimSpace(string(root)), "test")
	}
	var files []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		m, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, m...)
	}
	if len(files) == 0 {
		if all {
			t.Fatalf("there are no tests of the Go distribution in %s", dir)
		}
		t.Logf("this Go came without its tests (%s): %s names a folder of them", dir, goTests)
		return
	}
	n, refused := 0, notForCells(t)
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !runLine.Match(src) {
			continue
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		if n++; !all && n%sampled != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if reason := refused[name]; reason != "" {
				t.Skip(reason)
			}
			t.Parallel()
			want, err := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if got := cells(t, file, "whole", 2*time.Minute); got != string(want) {
				t.Error(difference(got, string(want)))
			}
		})
	}
}

// notForCells says why a test of the Go distribution does not hold for cells.
func notForCells(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/not-for-cells.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, reason, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			reasons[name] = reason
		}
	}
	return reasons
}
