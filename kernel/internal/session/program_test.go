package session

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Programs run in processes of their own: this binary once more, told so by the
// environment. What a program does to its process then fails the one case that it is.
const (
	programFile = "GONMF_SESSION_PROGRAM" // a Go program
	programWay  = "GONMF_SESSION_WAY"     // how it is run; see ways
)

func TestMain(m *testing.M) {
	if file := os.Getenv(programFile); file != "" {
		os.Exit(runProgram(file, os.Getenv(programWay)))
	}
	os.Exit(m.Run())
}

// ways are how a program is made into cells, each list being run in a session of its own.
var ways = map[string]func(src string) [][]string{
	"whole": func(src string) [][]string { return [][]string{{src}} },
	// A cell that is run again gives what it gave the first time.
	"twice": func(src string) [][]string { return [][]string{{src}, {src}} },
	"cut":   func(src string) [][]string { return [][]string{cut(src)} },
	// Each cell twice before the next would print twice: the whole notebook is run again.
	"cut, twice": func(src string) [][]string { c := cut(src); return [][]string{c, c} },
}

// runProgram runs a program as cells, prints what they print and returns its exit
// status. Where a way has several rounds, those but the first must print the same and
// print nothing here.
func runProgram(file, way string) (status int) {
	text, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	var printed strings.Builder
	s, err := New(Options{
		Output: func(_ int, _ Stream, p []byte) { printed.Write(p) },
		Async: func(_ int, err *Error) {
			if _, e := fmt.Sscanf(err.Value, "exit status %d", &status); err.Name != ExitStatus || e != nil {
				fmt.Println(err.Value)
				status = 2
			}
			os.Exit(status)
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	first, cell := "", 0
	for i, round := range ways[way](string(text)) {
		printed.Reset()
		status = 0
		for _, src := range round {
			cell++
			_, err := s.Eval(context.Background(), cell, src)
			e, _ := errors.AsType[*Error](err)
			if e == nil {
				continue
			}
			if _, err := fmt.Sscanf(e.Value, "exit status %d", &status); e.Name != ExitStatus || err != nil {
				printed.WriteString(e.Name + ": " + e.Value + "\n")
				status = 2
			}
			break
		}
		s.Flush()
		switch out := fmt.Sprintf("%sexit status %d\n", &printed, status); {
		case i == 0:
			first = out
		case out != first:
			fmt.Printf("round %d gives other output:\n%s", i+1, out)
			status = 4
		}
	}
	fmt.Print(strings.TrimSuffix(first, "exit status 0\n"))
	return status
}

// cells runs a program as cells and returns what it printed on both streams, and its
// exit status if that is not 0.
func cells(t *testing.T, file, way string, limit time.Duration) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), programFile+"="+file, programWay+"="+way)
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return string(out) + fmt.Sprintf("no end after %v\n", limit)
	}
	if e, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || e.ExitCode() > 127) {
		return string(out) + err.Error() + "\n"
	}
	return string(out)
}

// TestPrograms runs programs as cells. What they print is in the files beside them, which
// are what "go run" says of them; -update writes those anew.
func TestPrograms(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.go")
	more, other := filepath.Glob("testdata/programs/*/*.go")
	if files = append(files, more...); errors.Join(err, other) != nil || len(files) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".go"), func(t *testing.T) {
			t.Parallel()
			answer := strings.TrimSuffix(file, ".go") + ".out"
			if *update {
				if err := os.WriteFile(answer, []byte(compiled(t, file)), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(answer)
			if err != nil {
				t.Fatal(err)
			}
			if !testing.Short() {
				if truth := compiled(t, file); truth != string(want) {
					t.Errorf("%s is not what go run says: %s", answer, difference(truth, string(want)))
				}
			}
			for way := range ways {
				if got := cells(t, file, way, time.Minute); got != string(want) {
					t.Errorf("%s: %s", way, difference(got, string(want)))
				}
			}
		})
	}
}

var update = flag.Bool("update", false, "write what go run says of the programs in testdata")

// compiled returns what a program prints when it is compiled.
func compiled(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "run", file).CombinedOutput()
	if err != nil {
		t.Fatalf("go run %s: %v: %s", file, err, out)
	}
	return string(out)
}

// difference shows where two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			line := func(l []string) string {
				if i < len(l) {
					return l[i]
				}
				return "(end)"
			}
			return fmt.Sprintf("line %d is\n    %s\nwant\n    %s", i+1, line(g), line(w))
		}
	}
	return "no difference"
}
