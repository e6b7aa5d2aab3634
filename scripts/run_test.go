package scripts_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/scripts"
)

// script writes a package main with the given imports and declarations into a
// file main.go and returns its name. The package clause is line 1.
func script(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRunGivesArgumentsAndFlags(t *testing.T) {
	for _, n := range []string{"7", "8"} { // a second run registers the same flags again
		out := filepath.Join(t.TempDir(), "out.json")
		if err := scripts.Run(t.Context(), "testdata/args.go", []string{"-out", out, "--n=" + n, "a b", "c"}); err != nil {
			t.Fatal(err)
		}
		want := `{"args":["-out","` + strings.ReplaceAll(out, `\`, `\\`) + `","--n=` + n + `","a b","c"],"n":` + n + `,"rest":["a b","c"]}`
		if got := read(t, out); got != want {
			t.Errorf("the script saw %s, want %s", got, want)
		}
	}
}

func TestRunFolder(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	if err := scripts.Run(t.Context(), "testdata/two", []string{out}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, out); got != "2 3" {
		t.Errorf("the script wrote %q, want %q", got, "2 3")
	}
}

func TestRunFolderTellsWhere(t *testing.T) {
	err := scripts.Run(t.Context(), "testdata/two", nil) // os.Args[1] is missing
	var e *scripts.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if want := filepath.Join("testdata", "two", "main.go"); e.File != want || e.Line != 11 {
		t.Errorf("the place is %s:%d, want %s:11", e.File, e.Line, want)
	}
}

func TestRunExitStatus(t *testing.T) {
	tests := []struct {
		name, text string
		args       []string
		want       int
	}{
		{"returns", "package main\nfunc main() {}", nil, 0},
		{"exit 0", "package main\nimport \"os\"\nfunc main() { os.Exit(0) }", nil, 0},
		{"exit 3", "package main\nimport \"os\"\nfunc main() { os.Exit(3) }", nil, 3},
		{"no deferred function runs", "package main\nimport \"os\"\nfunc main() { defer func() { panic(1) }(); os.Exit(4) }", nil, 4},
		{"nothing can recover", "package main\nimport \"os\"\nfunc f() { defer func() { recover() }(); os.Exit(5) }\nfunc main() { f() }", nil, 5},
		{"from a goroutine", "package main\nimport \"os\"\nfunc main() { go os.Exit(6); select {} }", nil, 6},
		{"log.Fatal", "package main\nimport \"log\"\nfunc main() { log.Fatal(\"end\") }", nil, 1},
		{"log.Fatalf", "package main\nimport \"log\"\nfunc main() { log.Fatalf(\"end %d\", 1) }", nil, 1},
		{"-h", "package main\nimport \"flag\"\nfunc main() { flag.Parse() }", []string{"-h"}, 0},
		{"unknown flag", "package main\nimport \"flag\"\nfunc main() { flag.Parse() }", []string{"-nope"}, 2},
		{"own usage", "package main\nimport (\"flag\"; \"os\")\nfunc main() { flag.Usage = func() { os.Exit(7) }; flag.Parse() }", []string{"-h"}, 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := scripts.Run(t.Context(), script(t, tt.text), tt.args)
			var exit *scripts.ExitError
			switch {
			case tt.want == 0 && err != nil:
				t.Errorf("got %v, want no error", err)
			case tt.want != 0 && !errors.As(err, &exit):
				t.Errorf("got %v, want an ExitError", err)
			case tt.want != 0 && exit.Code != tt.want:
				t.Errorf("exit status %d, want %d", exit.Code, tt.want)
			}
		})
	}
}

func TestRunTellsWhere(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
		in, msg    string // the line's text; a part of the message
	}{
		{
			name: "index out of range",
			text: "package main\nfunc main() {\n\tx := []int{1}\n\ti := 0\n\tfor i < 9 {\n\t\tx[i]++\n\t\ti++\n\t}\n}",
			line: 6, in: "x[i]++", msg: "index out of range",
		},
		{
			name: "in a called function",
			text: "package main\nimport \"fmt\"\nfunc f(m map[string]int) {\n\tfmt.Print()\n\tm[\"a\"] = 1\n}\nfunc main() {\n\tvar m map[string]int\n\tf(m)\n}",
			line: 5, in: `m["a"] = 1`, msg: "nil map",
		},
		{
			name: "in a function literal",
			text: "package main\nfunc main() {\n\tf := func(a, b int) int {\n\t\treturn a / b\n\t}\n\tf(1, 0)\n}",
			line: 4, in: "return a / b", msg: "divide by zero",
		},
		{
			name: "in a compiled function",
			text: "package main\nimport \"gonum.org/v1/gonum/mat\"\nfunc main() {\n\tvar c mat.Dense\n\tc.Mul(mat.NewDense(2, 3, nil), mat.NewDense(2, 3, nil))\n}",
			line: 5, in: "c.Mul(mat.NewDense(2, 3, nil), mat.NewDense(2, 3, nil))", msg: "mat: dimension mismatch",
		},
		{
			name: "a deferred function has run since",
			text: "package main\nimport \"fmt\"\nfunc f() {\n\tdefer func() {\n\t\tfmt.Print()\n\t}()\n\tpanic(1)\n}\nfunc main() {\n\tf()\n}",
			line: 4, in: "defer func() {", msg: "panic: 1",
		},
		{
			name: "an earlier panic was recovered",
			text: "package main\nfunc f() {\n\tpanic(1)\n}\nfunc g() {\n\tdefer func() { recover() }()\n\tf()\n}\nfunc main() {\n\tg()\n\tpanic(2)\n}",
			line: 11, in: "panic(2)", msg: "panic: 2",
		},
		{
			name: "in a case",
			text: "package main\nfunc main() {\n\tx := []int{}\n\tswitch len(x) {\n\tcase 0:\n\t\tx[0] = 1\n\t}\n}",
			line: 6, in: "x[0] = 1", msg: "index out of range",
		},
		{
			name: "undefined name",
			text: "package main\nfunc main() {\n\tx := nope\n\t_ = x\n}",
			line: 3, in: "x := nope", msg: "undefined: nope",
		},
		{
			name: "range over an integer",
			text: "package main\nfunc main() {\n\tfor range 3 {\n\t}\n}",
			line: 3, in: "for range 3 {", msg: "cannot range over an integer",
		},
		{
			name: "range over an integer variable",
			text: "package main\nfunc main() {\n\tx := []int{1}\n\tn := len(x)\n\tfor i := range n {\n\t\t_ = i\n\t}\n}",
			line: 5, in: "for i := range n {", msg: "cannot range over an integer",
		},
		{
			name: "range over what another package returns",
			text: "package main\nimport \"gonum.org/v1/gonum/mat\"\nfunc main() {\n\tr, _ := mat.NewDense(2, 3, nil).Dims()\n\tfor i := range r {\n\t\t_ = i\n\t}\n}",
			line: 5, in: "for i := range r {", msg: "most likely one over an integer",
		},
		{
			name: "range over a function",
			text: "package main\nfunc f(yield func(int) bool) { yield(1) }\nfunc main() {\n\tfor range f {\n\t}\n}",
			line: 4, in: "for range f {", msg: "cannot range over a function",
		},
		{
			name: "a literal declared beside a call",
			text: "package main\nfunc main() {\n\tvar a, b = make([]int, 3), []int{1}\n\tprintln(len(a), len(b))\n}",
			line: 3, in: "var a, b = make([]int, 3), []int{1}", msg: "beside a composite literal",
		},
		{
			name: "min",
			text: "package main\nfunc main() {\n\tprintln(min(1, 2))\n}",
			line: 3, in: "println(min(1, 2))", msg: "no built-in function min",
		},
		{
			name: "syntax error",
			text: "package main\nfunc main() {\n\tx := := 1\n}",
			line: 3, in: "x := := 1", msg: "expected operand",
		},
		{
			name: "unknown import",
			text: "package main\nimport (\n\t\"example.org/nope\"\n)\nfunc main() { nope.F() }",
			line: 3, in: `"example.org/nope"`, msg: "is not linked in",
		},
		{
			name: "not a main package",
			text: "package study\nfunc main() {}",
			line: 1, in: "package study", msg: "this is package study",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := script(t, tt.text)
			err := scripts.Run(t.Context(), name, nil)
			var e *scripts.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v (%T), want an *Error", err, err)
			}
			if e.File != name || e.Line != tt.line || e.Text != tt.in {
				t.Errorf("the place is %s:%d, in %q; want line %d, in %q", e.File, e.Line, e.Text, tt.line, tt.in)
			}
			if !strings.Contains(err.Error(), tt.msg) {
				t.Errorf("%q does not say %q", err, tt.msg)
			}
		})
	}
}

func TestRunUnwrapsWhatWasPanicked(t *testing.T) {
	name := script(t, "package main\nimport \"os\"\nfunc main() {\n\t_, err := os.ReadFile(os.Args[1])\n\tpanic(err)\n}")
	err := scripts.Run(t.Context(), name, []string{filepath.Join(t.TempDir(), "none")})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not unwrap to fs.ErrNotExist", err)
	}
}

func TestRunWhatIsNoScript(t *testing.T) {
	empty := t.TempDir()
	text := filepath.Join(empty, "notes.txt")
	if err := os.WriteFile(text, []byte("notes"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"missing file", filepath.Join(empty, "none.go"), "there is no file or folder"},
		{"missing name", "nope", "there is no file or folder nope"},
		{"another file", text, "is not a .go file"},
		{"empty folder", empty, "there are no Go files in"},
		{"no main", script(t, "package main\nfunc f() {}"), "has no function main"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := scripts.Run(t.Context(), tt.path, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestRunMissingIsNotExist(t *testing.T) {
	if err := scripts.Run(t.Context(), "nope", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want an fs.ErrNotExist", err)
	}
}

func TestNames(t *testing.T) {
	names := scripts.Names()
	for _, want := range []string{"study", "fit", "cluster", "coverage"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among the scripts that come with gonmf, %q", want, names)
		}
	}
}

// A script found by its name alone, from a folder that has no such thing.
func TestRunByName(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"study", "cluster", "coverage"} {
		t.Run(name, func(t *testing.T) {
			if err := scripts.Run(t.Context(), name, []string{"-h"}); err != nil {
				t.Error(err)
			}
			var exit *scripts.ExitError
			if err := scripts.Run(t.Context(), name, []string{"-nope"}); !errors.As(err, &exit) || exit.Code != 2 {
				t.Errorf("an unknown flag: got %v, want exit status 2", err)
			}
		})
	}
}

func TestRunCancelled(t *testing.T) {
	cause := errors.New("enough")

	t.Run("a script that listens can save", func(t *testing.T) {
		dir := t.TempDir()
		started, saved := filepath.Join(dir, "started"), filepath.Join(dir, "saved")
		name := script(t, `package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.WriteFile(os.Args[1], nil, 0o644)
	<-ctx.Done()
	os.WriteFile(os.Args[2], []byte("all of it"), 0o644)
	os.Exit(130)
}`)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			for _, err := os.Stat(started); err != nil && ctx.Err() == nil; _, err = os.Stat(started) {
				time.Sleep(time.Millisecond)
			}
			cancel(cause)
		}()
		err := scripts.Run(ctx, name, []string{started, saved})
		var exit *scripts.ExitError
		if !errors.As(err, &exit) || exit.Code != 130 {
			t.Errorf("got %v, want exit status 130", err)
		}
		if got := read(t, saved); got != "all of it" {
			t.Errorf("saved %q", got)
		}
	})

	t.Run("any other is stopped", func(t *testing.T) {
		name := script(t, "package main\nfunc main() {\n\tfor {\n\t}\n}")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { cancel(cause) })
		if err := scripts.Run(ctx, name, nil); !errors.Is(err, cause) {
			t.Errorf("got %v, want an error that wraps the cause", err)
		}
	})
}

// Yaegi by itself leaves what is declared beside a composite literal zero.
func TestRunDeclaresSeveral(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	name := script(t, `package main

import (
	"fmt"
	"os"
)

func f() []bool { return make([]bool, 3) }

func main() {
	a, b, c := f(), make([]int, 4), []int{1}
	d, a := []string{"x", "y"}, make([]bool, 5)
	for i := 0; i < 2; i++ {
		b, _ := make([]int, i+1), []int{}
		c = append(c, len(b))
	}
	os.WriteFile(os.Args[1], []byte(fmt.Sprint(len(a), len(b), c, d)), 0o644)
}
`)
	if err := scripts.Run(t.Context(), name, []string{out}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, out); got != "5 4 [1 1 2] [x y]" {
		t.Errorf("the script found %q", got)
	}
}

// The folder that a script has written, which has the script's name, does not
// hide it.
func TestAFolderWithoutGoFilesHidesNoScript(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("coverage", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := scripts.Run(t.Context(), "coverage", []string{"-h"}); err != nil {
		t.Error(err)
	}
}
