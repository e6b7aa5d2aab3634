package script

import (
	"context"
	"flag"
	"go/build"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
)

// A program runs in a process of its own: this binary once more, told so by the environment.
const programFile = "GONMF_SCRIPT_PROGRAM"

func TestMain(m *testing.M) {
	if file := os.Getenv(programFile); file != "" {
		os.Exit(runProgram(file, strings.HasSuffix(file, "_test.go")))
	}
	os.Exit(m.Run())
}

// runProgram runs a program, or the tests of a file.
func runProgram(file string, tests bool) int {
	text, err := os.ReadFile(file)
	if err != nil {
		os.Stderr.WriteString(err.Error())
		return 3
	}
	var p *Program
	if tests {
		p, err = CompileTests("it", []File{{file, text}}, Options{})
	} else {
		p, err = Compile([]File{{file, text}}, Options{})
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		return 1
	}
	os.Args = []string{file}
	flag.CommandLine = flag.NewFlagSet(file, flag.ExitOnError)
	p.Run()
	return 0
}

// run runs a program and returns what it prints on both streams.
func run(t *testing.T, file string, limit time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), programFile+"="+file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out) + err.Error() + "\n"
	}
	return string(out)
}

// notForScripts says why a test of the Go distribution does not hold for scripts that holds
// for cells.
var notForScripts = map[string]string{
	"fixedbugs/issue18149.go": "wants names of files that a line directive gives without their folder",
	"fixedbugs/issue22662.go": "wants names of files that a line directive gives without their folder",
}

// TestGoDistribution runs the tests of the language in Go's distribution that hold for cells
// as programs.
func TestGoDistribution(t *testing.T) {
	leftOut := kerneltest.Reasons(t, "../testdata/not-for-cells.txt")
	maps.Copy(leftOut, notForScripts)
	kerneltest.GoTests(t, 12, leftOut, func(t *testing.T, file, want string) { // others than those of cells
		if got := run(t, file, 3*time.Minute); got != want {
			t.Errorf("it prints\n%.2000s\nwant\n%.2000s", got, want)
		}
	})
}

// notExamples says why a file with examples of the standard library does not run alone, or
// not interpreted.
var notExamples = map[string]string{
	"context/example_test.go":                        "uses what another of its files declares",
	"crypto/rsa/example_test.go":                     "uses what another of its files declares",
	"go/types/example_test.go":                       "uses what another of its files declares",
	"net/http/cookiejar/example_test.go":             "uses what another of its files declares",
	"time/example_test.go":                           "wants the time zone that a test of its package sets",
	"embed/example_test.go":                          "go:embed is for the compiler",
	"encoding/json/jsontext/example_test.go":         "its package is an experiment",
	"encoding/json/v2/example_orderedobject_test.go": "its package is an experiment",
	"encoding/json/v2/example_test.go":               "its package is an experiment",
	"runtime/example_test.go":                        "wants the names that the compiler gives functions",
	"testing/slogtest/example_test.go":               "hands a handler of log/slog, which runs interpreted, to compiled code",
}

// TestExamplesOfTheStandardLibrary runs the examples of each file that is a package of its
// own, and compares what they print with what they say.
func TestExamplesOfTheStandardLibrary(t *testing.T) {
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("go env GOROOT: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "src")
	n := 0
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "cmd" || d.Name() == "testdata" || d.Name() == "vendor") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		base := filepath.Base(file)
		if !strings.HasPrefix(base, "example") || !strings.HasSuffix(base, "_test.go") {
			return nil
		}
		if match, err := build.Default.MatchFile(filepath.Dir(file), base); err != nil || !match {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil || !externalTest.Match(text) {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		if n++; os.Getenv(kerneltest.AllOfGo) == "" && n%25 != 12 || notExamples[filepath.ToSlash(name)] != "" {
			return nil
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := run(t, file, 3*time.Minute); !strings.Contains(got, "ok  \tit\t") && !strings.Contains(got, "[no test files]") {
				t.Errorf("%.2000s", got)
			}
		})
		return nil
	})
	if err != nil || n == 0 {
		t.Fatalf("%d files with examples in %s: %v", n, dir, err)
	}
}

var externalTest = regexp.MustCompile(`(?m)^package \w+_test$`)
