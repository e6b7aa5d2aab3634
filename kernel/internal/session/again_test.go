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
