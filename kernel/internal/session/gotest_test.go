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
		if n++; !all && n%sampled != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			if reason := notForCells[name]; reason != "" {
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
var notForCells = map[string]string{
	"fixedbugs/bug369.go":        "needs the go command, the compiler or files beside it",
	"fixedbugs/issue10607.go":    "needs the go command, the compiler or files beside it",
	"fixedbugs/issue21317.go":    "needs the go command, the compiler or files beside it",
	"fixedbugs/issue9355.go":     "needs the go command, the compiler or files beside it",
	"fixedbugs/issue9862_run.go": "needs the go command, the compiler or files beside it",
	"linkmain_run.go":            "needs the go command, the compiler or files beside it",
	"linkobj.go":                 "needs the go command, the compiler or files beside it",
	"linkx_run.go":               "needs the go command, the compiler or files beside it",
	"fixedbugs/bug514.go":        "needs cgo or another system",
	"fixedbugs/issue38093.go":    "needs cgo or another system",
	"fixedbugs/issue40954.go":    "needs cgo or another system",
	"fixedbugs/issue42032.go":    "needs cgo or another system",
	"fixedbugs/issue42076.go":    "needs cgo or another system",
	"fixedbugs/issue46903.go":    "needs cgo or another system",
	"fixedbugs/issue51733.go":    "needs cgo or another system",
	"closure.go":                 "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue15277.go":    "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue15281.go":    "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue27518b.go":   "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue32477.go":    "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue4618.go":     "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue4667.go":     "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue46725.go":    "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue57823.go":    "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue24491b.go":   "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue45045.go":    "counts allocations, or what the collector frees, in compiled code",
	"typeparam/chans.go":         "counts allocations, or what the collector frees, in compiled code",
	"heapsampling.go":            "counts allocations, or what the collector frees, in compiled code",
	"stackobj.go":                "counts allocations, or what the collector frees, in compiled code",
	"stackobj3.go":               "counts allocations, or what the collector frees, in compiled code",
	"fixedbugs/issue8606b.go":    "asks where the compiled program's memory is",
	"nilptr.go":                  "asks where the compiled program's memory is",
	"fixedbugs/bug347.go":        "looks for compiled functions and files in stack traces",
	"fixedbugs/bug348.go":        "looks for compiled functions and files in stack traces",
	"fixedbugs/issue22083.go":    "looks for compiled functions and files in stack traces",
	"fixedbugs/issue27201.go":    "looks for compiled functions and files in stack traces",
	"fixedbugs/issue4562.go":     "looks for compiled functions and files in stack traces",
	"fixedbugs/issue5856.go":     "looks for compiled functions and files in stack traces",
	"fixedbugs/issue30116u.go":   "wants indices past the largest int in the texts of panics",
	"typeparam/nested.go":        "wants the compiler's own numbers in the names of types that are declared in functions",
	"fixedbugs/issue7690.go":     "looks for compiled functions and files in stack traces",
	"abi/uglyfib.go":             "computes for minutes where compiled code does in a second",
	"divmod.go":                  "computes for minutes where compiled code does in a second",
	"fixedbugs/issue79186.go":    "computes for minutes where compiled code does in a second",
}
