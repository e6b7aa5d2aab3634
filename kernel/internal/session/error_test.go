package session

import (
	"fmt"
	"strings"
	"testing"

	"gonmf/kernel/internal/session/explain"
)

// Whole messages, as a notebook shows them.
func TestTracebacks(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"syntax", "x := 1\ny := = 2", `
In [1], line 2: expected operand, found '='
    y := = 2
         ^`},
		{"end in the middle", "for i := range 3 {\n\tprintln(i)\n", `
In [1], line 2: the cell ends in the middle of a statement: expected '}', found the end of the cell
    	println(i)
    	          ^`},
		{"end after an operator", "x :=", `
In [1], line 1: the cell ends in the middle of a statement: expected operand, found the end of the cell
    x :=
        ^`},
		{"stray bracket", "x := 1\n}\ny := 2", `
In [1], line 2: "}" closes nothing
    }
    ^`},
		{"open comment", "x := 1 /* one", `
In [1], line 1: the comment does not end
    x := 1 /* one
           ^`},
		{"several errors", "a := undef1\nfunc f() int { return \"\" }\nb := 1 + \"x\"\n", `
In [1], line 1: undefined: undef1
    a := undef1
         ^
In [1], line 2: cannot use "" (untyped string constant) as int value in return statement
    func f() int { return "" }
                          ^
In [1], line 3: invalid operation: 1 + "x" (mismatched types untyped int and untyped string): fmt.Sprint makes a string of a number, strconv.Atoi a number of a string
    b := 1 + "x"
         ^`},
		{"tab and wide letters", "\tx := \"é\" + 1", `
In [1], line 1: invalid operation: "é" + 1 (mismatched types untyped string and untyped int): fmt.Sprint makes a string of a number, strconv.Atoi a number of a string
    	x := "é" + 1
    	     ^`},
		{"missing import", `strings.ToUpper("a")`, `
In [1], line 1: undefined: strings: add import "strings"
    strings.ToUpper("a")
    ^`},
		{"two packages of one name", `rand.Int()`, `
In [1], line 1: undefined: rand: add import "math/rand" or import "crypto/rand" or import "math/rand/v2"
    rand.Int()
    ^`},
		{"misspelt name", "counter := 1\ncuonter + 1", `
In [1], line 2: undefined: cuonter; did you mean counter?
    cuonter + 1
    ^`},
		{"misspelt method", "import \"strings\"\nvar sb strings.Builder\nsb.WriteSting(\"x\")", `
In [1], line 3: sb.WriteSting undefined (type strings.Builder has no field or method WriteSting); did you mean WriteString?
    sb.WriteSting("x")
       ^`},
		{"said once", "var s string = 5\nstrings.ToUpper(strings.ToLower(s))", `
In [1], line 1: cannot use 5 (untyped int constant) as string value in variable declaration
    var s string = 5
                   ^
In [1], line 2: undefined: strings: add import "strings"
    strings.ToUpper(strings.ToLower(s))
    ^`},
		{"return at the top", "x := 1\nreturn x", `
In [1], line 2: too many return values
	have (int)
	want ()
	a cell is no function: its value is its last expression, without return
    return x
           ^`},
		{"package that no kernel has", `import "net/rpc"`, `
In [1], line 1: the package "net/rpc" cannot be used in a cell: it calls methods by their number, which for a type of a cell would end the session; use net/http
    import "net/rpc"
           ^`},
		{"misspelt member", "import \"fmt\"\nfmt.Printn(1)", `
In [1], line 2: undefined: fmt.Printn; did you mean fmt.Print or fmt.Printf or fmt.Println?
    fmt.Printn(1)
        ^`},
		{"misspelt import", `import "string"`, `
In [1], line 1: the package "string" is not compiled into this kernel; did you mean "strings"?
    import "string"
           ^`},
		{"module not compiled in", "import \"github.com/some/module\"", `
In [1], line 1: the package "github.com/some/module" is not compiled into this kernel. To build one that has it, and install it: gonmf build -with github.com/some/module@latest -o gonmf-plus && ./gonmf-plus install
    import "github.com/some/module"
           ^`},
		{"panic", "func f(n int) {\n\tpanic(\"boom\")\n}\nf(1)", `
panic: boom
In [1], line 2, in f
    	panic("boom")
In [1], line 4
    f(1)`},
		{"panic in a method and a closure", "type T struct{}\nfunc (*T) M() { var a []int; a[1] = 0 }\nfunc() { new(T).M() }()", `
panic: runtime error: index out of range [1] with length 0
In [1], line 2, in (*T).M
    func (*T) M() { var a []int; a[1] = 0 }
In [1], line 3, in a function literal
    func() { new(T).M() }()
In [1], line 3
    func() { new(T).M() }()`},
		{"panic in compiled code", "import \"strings\"\nstrings.Repeat(\"a\", -1)", `
panic: strings: negative Repeat count
In [1], line 2
    strings.Repeat("a", -1)`},
		{"panic under compiled code", "import \"slices\"\nimport \"sort\"\nsort.Slice([]int{1, 2}, func(i, j int) bool {\n\tpanic(\"less\")\n})", `
panic: less
In [1], line 4, in a function literal
    	panic("less")`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			_, err := b.Eval(t.Context(), 1, c.src)
			if err == nil {
				t.Fatal("no error")
			}
			if got := "\n" + err.Error(); got != c.want {
				t.Errorf("got:%s\nwant:%s", got, c.want)
			}
		})
	}
}

func TestPanicShowsFramesOfOtherCells(t *testing.T) {
	b := newBench(t)
	b.want("func f() {\n\tpanic(1)\n}", "")
	_, err := b.Eval(t.Context(), 7, "\nf()")
	want := "panic: int(1)\nIn [1], line 2, in f\n    \tpanic(1)\nIn [7], line 2\n    f()"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestManyErrorsAreCutOff(t *testing.T) {
	b := newBench(t)
	var src strings.Builder
	for i := range 14 {
		fmt.Fprintf(&src, "a%d := nothing%d\n", i, i)
	}
	_, err := b.Eval(t.Context(), 1, src.String())
	if err == nil {
		t.Fatal("no error")
	}
	if n := strings.Count(err.Error(), "undefined"); n != explain.MaxErrors {
		t.Errorf("%d errors are listed, want %d", n, explain.MaxErrors)
	}
	if !strings.HasSuffix(err.Error(), "and 4 more") {
		t.Errorf("the rest is not counted: %s", err)
	}
}

func TestDeepRecursionIsCutShort(t *testing.T) {
	b := newBench(t)
	_, err := b.Eval(t.Context(), 1, "func down(n int) int { if n == 0 { panic(\"bottom\") }; return down(n-1) + 1 }\ndown(500)")
	if err == nil {
		t.Fatal("no error")
	}
	want := "panic: bottom\nIn [1], line 1, in down (64 times)\n    func down(n int) int { if n == 0 { panic(\"bottom\") }; return down(n-1) + 1 }"
	if err.Error() != want {
		t.Errorf("got:\n%s\nwant:\n%s", err, want)
	}
}
