package kerneltest

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runLine is in the head of a test of Go's distribution that is a program.
var runLine = regexp.MustCompile(`(?ms)\A[^\n]*(?:\n(?://[^\n]*)?)*?^// run$|\A// run\n`)

// AllOfGo names the folder with them, or is "all" for that of the Go which runs this test. Without it one in sampled
// runs, if the folder is there.
const AllOfGo = "GONMF_GO_TESTS"

const sampled = 25

// GoTests runs the tests of the language in Go's distribution that are programs: they print what is in a file beside
// them, or nothing. phase, below 25, chooses which of them are the sample; those of leftOut do not run.
func GoTests(t *testing.T, phase int, leftOut map[string]string, test func(t *testing.T, file, want string)) {
	t.Helper()
	dir, all := os.Getenv(AllOfGo), true
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
		t.Logf("this Go came without its tests (%s): %s names a folder of them", dir, AllOfGo)
		return
	}
	n := 0
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
		if n++; !all && n%sampled != phase || leftOut[name] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			test(t, file, string(want))
		})
	}
}

// Reasons reads a list of what does not hold: a name, a colon and the reason in each line.
func Reasons(t *testing.T, list string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(list)
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
