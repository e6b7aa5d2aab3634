package session

import (
	"os"
	"testing"
)

// What only notebooks do: run a cell once more, go on from an earlier cell's declarations
// with new ones, or do to the process what a program may.
var notebookCases = []struct {
	name  string
	steps []step
}{
	{"types made of an earlier cell's", []step{
		{"type A int", ""},
		{"type B A\ntype C = A\ntype _ A\nB(1) + 2", "=> 3"},
		{"type D B\ntype E = C\nvar e E = A(3)\ne", "=> 3"},
		{"func (a A) String() string { return \"A!\" }\nA(1)", "=> A!"},
		{"type F A\nF(1)", "=> 1"},
		{"type G[T any] struct{ v T }", ""},
		{"type H G[A]\nH{v: 2}", "=> {2}"},
	}},
	{"unnamed types of two cells are the same", []step{
		{"type B struct{ x int }\nfunc (b B) I() int { return b.x }\nrows := []struct{ B; want int }{{B{1}, 1}}\nvar is []interface{ I() int }", ""},
		{"rows = append(rows, []struct{ B; want int }{{B{2}, 2}}...)\nis = []interface{ I() int }{rows[0], &rows[1]}\nis[0].I() + is[1].I()", "=> 3"},
		{"f := func(r struct{ B; want int }, i interface{ I() int }) int { return r.I() + i.I() }", ""},
		{"f = func(r struct{ B; want int }, i interface{ I() int }) int { return 10 * (r.I() + i.I()) }\nf(rows[0], is[1])", "=> 30"},
	}},
	{"interfaces of a type declared again", []step{
		{"type Msg struct{ code int }\ntype Consumer interface{ Consume(Msg) int }\ntype Printer struct{ k int }\nfunc (p Printer) Consume(m Msg) int { return p.k + m.code }\nvar c Consumer = Printer{1}\nc.Consume(Msg{2})", "=> 3"},
		{"type Msg struct{ code int }\ntype Consumer interface{ Consume(Msg) int }\ntype Printer struct{ k int }\nfunc (p Printer) Consume(m Msg) int { return p.k + m.code }\nvar c Consumer = Printer{1}\nc.Consume(Msg{2})", "=> 3"},
		{"type Msg struct{ text string }\nvar d interface{ Consume(Msg) int }\n_, ok := any(Printer{}).(interface{ Consume(Msg) int })\nok", "=> false"},
	}},
	{"flags", []step{
		{"import (\"flag\"; \"os\")\nn := flag.Int(\"n\", 3, \"how many\")\nlen(os.Args)", "=> 1"},
		{"n := flag.Int(\"n\", 3, \"how many\")\nflag.Parse()\n*n + flag.NArg()", "=> 3"},
		{"os.Args = []string{\"prog\", \"-n=5\", \"x\"}\nflag.Parse()\n*n + flag.NArg()", "=> 6"},
		{"a := flag.Int(\"m\", 3, \"\")\nb := flag.Int(\"m\", 3, \"\")", "! Panic: panic: " + os.Args[0] + " flag redefined: m"},
		{"flag.CommandLine.SetOutput(os.Stderr)\nos.Args = []string{\"prog\", \"-nosuch\"}\nflag.Usage = func() {}\nflag.Parse()", "flag provided but not defined: -nosuch\n! ExitStatus: exit status 2 (the session goes on)"},
		{"fs := flag.NewFlagSet(\"fs\", flag.ExitOnError)\nfs.Usage = func() {}\nfs.Parse([]string{\"-h\"})", "! ExitStatus: exit status 0 (the session goes on)"},
	}},
	{"a program's own builtin", []step{
		{"package main\nfunc println(a ...any) {}\nfunc main() { println(1) }", ""},
		{`println("y")`, "y\n"},
		{"func println(a ...any) int { return len(a) }", ""},
		{`println("y", 1)`, "=> 2"},
	}},
	{"a dot import after a declaration", []step{
		{"type T struct{}\nvar Short = 1", ""},
		{"import . \"testing\"\nfunc test(t *T) { t.Log(Short()) }", ""},
		{"var t T\nt.Failed()", "=> false"},
		{"type T int\nT(3)", "=> 3"},
	}},
	{"constants once more", []step{
		{"const ( a = iota; b; c )\na + b + c", "=> 3"},
		{"var a = 7\na + b", "=> 8"},
		{"const ( a = iota; b; c )\na + b + c", "=> 3"},
		{`a`, "=> 0"},
	}},
	{"embedding", []step{
		{"import _ \"embed\"\n//go:embed a.txt\nvar s string", "! CompileError: In [1], line 2: go:embed is for the compiler, which puts the file into the program: read it with os.ReadFile, or os.DirFS for several"},
		{"s := `\n//go:embed a.txt\n` // go:embed\nlen(s)", "=> 18"},
	}},
	{"a function that others call is declared again", []step{
		{"func f() int { return 1 }\nfunc g() int { return f() + 1 }\ntype T int\nfunc (T) M() int { return f() }", ""},
		{"h := f() + g()\nfunc k() int { return g() }", ""},
		{"func f() int { return 2 }", "note: T.M (In [1]), g (In [1]) go on calling the f of In [1]; declare them again to have the new one called\n"},
		{`g()`, "=> 2"},
		{"func f() int { return 2 }", ""},
		{"func g() int { return f() + 1 }\ng()", "note: k (In [2]) goes on calling the g of In [1]; declare it again to have the new one called\n=> 3"},
		{"func f() int { return 3 }", "note: g (In [6]) goes on calling the f of In [5]; declare it again to have the new one called\n"},
		{"func g() int { return f() + 1 }\nfunc k() int { return g() }\nk()", "=> 4"},
	}},
	{"values of a type declared again", []step{
		{"type T struct{ a int }\ny, ys := T{1}, []T{{2}}\nfunc take(t T) int { return t.a }\ntype G[V any] struct{ v V }\ng := G[int]{1}", ""},
		{"type T struct{ b string }\ntype G[V any] struct{ w V }", ""},
		{"var z T = y", "! CompileError: In [3], line 1: cannot use y (variable of struct type T) as T value in variable declaration: the value was made before T was declared again, with the one of In [1]; run the cell that makes it again"},
		{"m := map[string]T{\"a\": y}", "! CompileError: In [4], line 1: cannot use y (variable of struct type T) as T value in map literal: the value was made before T was declared again, with the one of In [1]; run the cell that makes it again"},
		{"func other(ts ...T) {}\nother(y)", "! CompileError: In [5], line 2: cannot use y (variable of struct type T) as T value in argument to other: the value was made before T was declared again, with the one of In [1]; run the cell that makes it again"},
		{"take(T{})", "! CompileError: In [6], line 1: cannot use T{} (value of struct type T) as T value in argument to take: take was compiled with the type T of In [1]; run the cell that makes it again"},
		{"var h G[int] = g", "! CompileError: In [7], line 1: cannot use g (variable of struct type G[int]) as G[int] value in variable declaration: the value was made before G was declared again, with the one of In [1]; run the cell that makes it again"},
		{"ys[0] = T{}", "! CompileError: In [8], line 1: cannot use T{} (value of struct type T) as T value in assignment: this has the type T of In [1], which has been declared again since; run the cell that makes it again"},
		{"func (g G[V]) Get() V { return g.w }\nold := G[int]{4}\nold.Get()", "=> 4"},
		{"func (g G[V]) Got() V { return g.w }", ""},
		{"old.Got()", "! CompileError: In [11], line 1: old.Got undefined (type G[int] has no field or method Got): the value was made before G got that method; run the cell that makes it again"},
	}},
	{"the end of the goroutine", []step{
		{"import (\"fmt\"; \"runtime\")\ndefer fmt.Print(\"deferred\")\nruntime.Goexit()\nfmt.Print(\"not here\")", "deferred"},
		{`1`, "=> 1"},
	}},
}

func TestNotebook(t *testing.T) {
	for _, c := range notebookCases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			for _, s := range c.steps {
				b.want(s.src, s.want)
			}
		})
	}
}
