package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// write writes files, each after a line "-- name".
func write(t *testing.T, text string) {
	t.Helper()
	for _, part := range strings.Split(text, "-- ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(body), 0o666); err != nil {
			t.Fatal(err)
		}
		// Written twice within the clock's grain, it would look as it was.
		now := time.Now()
		if err := os.Chtimes(name, now, now); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, `-- helpers/a.go
// Package helpers helps.
package helpers

import (
	"errors"
	"fmt"
	"slices"

	"helpers/deeper"
)

// Count counts calls.
var Count = deeper.Base()

// ErrOdd is for odd numbers.
var ErrOdd = errors.New("odd")

// A Pair is two numbers.
type Pair struct{ A, B int }

func (p Pair) String() string { return fmt.Sprintf("<%d|%d>", p.A, p.B) }

// Half halves n.
func Half(n int) (int, error) {
	Count++
	if n%2 != 0 {
		return 0, fmt.Errorf("%d: %w", n, ErrOdd)
	}
	return n / 2, nil
}

// Last returns the greatest.
func Last[T int | float64](list ...T) T {
	slices.Sort(list)
	return list[len(list)-1]
}

// A Stack is a generic type with methods.
type Stack[T any] struct{ list []T }

func (s *Stack[T]) Push(x T)     { s.list = append(s.list, x) }
func (s Stack[T]) String() string { return fmt.Sprint("stack ", s.list) }

type hidden struct{}

func (hidden) String() string { return "hidden" }

func Hidden() fmt.Stringer { return hidden{} }

// Fail panics.
func Fail(list []int) int {
	return list[3]
}
-- helpers/a_test.go
package helpers_test
-- helpers/other_plan9.go
package nothere
-- helpers/deeper/d.go
package deeper

func Base() int { return 100 }
-- broken/b.go
package broken

func F() int { return undefinedName }
func G() { x := 1 }
-- syntax/s.go
package syntax

func F( {
-- program/main.go
package main

func main() {}
-- cycle/c.go
package cycle

import _ "cycle"
`)
	b := newBench(t)
	steps := []struct{ src, want string }{
		{`import ("helpers"; "errors"; "fmt"); h, err := helpers.Half(8); fmt.Println(h, err)`, "4 <nil>\n"},
		{`_, err = helpers.Half(7); errors.Is(err, helpers.ErrOdd)`, "=> true"},
		{`helpers.Count`, "=> 102"},
		{`p := helpers.Pair{1, 2}; fmt.Printf("%v %T\n", p, p)`, "<1|2> helpers.Pair\n"},
		{`helpers.Last(3, 9, 2)`, "=> 9"},
		{`type Own struct{ helpers.Pair }; fmt.Println(Own{p})`, "<1|2>\n"},
		{`import h2 "./helpers"; h2.Count++; helpers.Count`, "=> 103"},
		{`func f() int { n, _ := helpers.Half(4); return n }; f()`, "=> 2"},
		{`s := helpers.Stack[string]{}; s.Push("a"); fmt.Println(s, helpers.Hidden())`, "stack [a] hidden\n"},
		{`helpers.Nope`, "! CompileError: In [10], line 1: undefined: helpers.Nope"},
		{`import "broken"; x := 1`, `! CompileError: In [11], line 1: the package in broken does not compile: broken/b.go, line 3: undefined: undefinedName`},
		{`x`, "! CompileError: In [12], line 1: undefined: x"},
		{`import "./syntax"`, `! CompileError: In [13], line 1: the package in syntax does not compile: syntax/s.go, line 3: expected ')', found '{'`},
		{`import "program"`, `! CompileError: In [14], line 1: program is a program, which cannot be imported: run it with %run`},
		{`import "cycle"`, `! CompileError: In [15], line 1: the package in cycle does not compile: cycle/c.go, line 3: could not import cycle (cycle imports itself)`},
		{`import "./nothing"`, `! CompileError: In [16], line 1: there are no .go files in ` + mustAbs(t, "nothing")},
		{`import "nothing"`, `! CompileError: In [17], line 1: the package "nothing" is not compiled into this kernel, and there is no folder of that name with .go files`},
	}
	for _, s := range steps {
		b.want(s.src, s.want)
	}

	_, err := b.Eval(t.Context(), 20, "func g() int { return helpers.Fail(nil) }\ng()")
	want := `panic: runtime error: index out of range [3] with length 0
helpers/a.go, line 52, in helpers.Fail
    	return list[3]
In [20], line 1, in g
    func g() int { return helpers.Fail(nil) }
In [20], line 2
    g()`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}

	// Changed, it is another package; what there is stays as it was.
	write(t, "-- helpers/a.go\npackage helpers\n\nimport \"helpers/deeper\"\n\nvar Count = deeper.Base()\n\ntype Pair struct{ X string }\n\nfunc New() string { return \"new\" }\n")
	b.want(`helpers.New()`, "=> new")
	b.want(`helpers.Count`, "=> 100")
	b.want(`q := helpers.Pair{"x"}; fmt.Sprint(p, q, f())`, "=> <1|2> {x} 2")
	write(t, "-- helpers/deeper/d.go\npackage deeper\n\nfunc Base() int { return 200 }\n")
	b.want(`helpers.Count`, "=> 200")
	write(t, "-- helpers/a.go\npackage helpers\n\nfunc New() string { return 1 }\n")
	if got := b.run(`helpers.New()`); !strings.Contains(got, "does not compile: helpers/a.go, line 3: cannot use 1") {
		t.Errorf("broken meanwhile: %s", got)
	}
	b.want(`1 + 1`, "=> 2")
}

func TestFolderOfModule(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, `-- go.mod
module example.com/study

go 1.26
-- go.sum
-- tools/t.go
package tools

// Name is what it says.
const Name = "tools"
-- notebooks/n.go
package n
`)
	t.Chdir("notebooks")
	b := newBench(t)
	b.want(`import "example.com/study/tools"; tools.Name`, "=> tools")
	if h, ok := b.Inspect("tools.Name", 10); !ok || h.Doc != "Name is what it says." {
		t.Errorf("help is %+v", h)
	}
	if got := b.Complete("tools.N", 7); len(got.Matches) != 1 || got.Matches[0].Text != "Name" {
		t.Errorf("completion: %+v", got)
	}
	write(t, "-- near/n.go\npackage near\n")
	if got := b.Complete(`import "ne`, 10); len(got.Matches) == 0 || got.Matches[0].Text != "near" {
		t.Errorf("completion of a folder: %+v", got)
	}
	if got := b.Complete(`import "./ne`, 12); len(got.Matches) != 1 || got.Matches[0].Text != "./near" {
		t.Errorf("completion of a folder: %+v", got)
	}
}

func mustAbs(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
