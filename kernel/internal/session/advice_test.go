package session

import (
	"strings"
	"testing"
)

// What those are told who are new to Go.
func TestAdvice(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"net/http\"; \"os\"; \"go/ast\")\ns, xs, v, n := \"größe\", []float64{1}, any(1), 3\ntype House struct { Rooms int; price float64 }\nfunc (h *House) Price() float64 { return h.price }\nfunc two() (a, b int) { return }", "")
	for _, c := range []struct{ src, advice string }{
		{`House{Room: 3}`, "did you mean Rooms?"},
		{`1 << 70`, "as int value (overflows)"},
		{`House{K: 3}`, "its fields are Rooms, price"},
		{`var h = &House{Kitchen: 3}`, "its fields are Rooms, price"},
		{`var h House; h.Prize()`, "did you mean Price or price?"},
		{`http.Client{timeout: 3}`, "but does have Timeout"},
		{`http.Client{Timeouts: 3}`, "did you mean Timeout?"},
		{`var h http.FileSystem = "dir"`, "write http.Dir{}"},
		{`var f fmt.Stringer = xs`, "(missing method String)"},
		{`f := os.Open("x")`, "it gives 2 values, so write f, err := ..."},
		{`var f = os.Open("x")`, "it gives 2 values, so write f, err := ..."},
		{`a := two()`, "it gives 2 values, so write a, _ := ..."},
		{`a := two() + 1`, "it gives 2 values, which have to be assigned first"},
		{`xs[0] / n`, "write float64(n)"},
		{`k := n * (xs[0] + 1)`, "write float64(n)"},
		{`var i32 int32 = 1; n + i32`, "write int(i32)"},
		{`s + 'a'`, "\"a\" is a string and 'a' a character"},
		{`s + 1`, "fmt.Sprint makes a string of a number"},
		{`v + 1`, "say what type the any has, as in v.(int)"},
		{`s[0] = 'G'`, "[]byte(s)"},
		{`xs.append(2)`, "append is a function: xs = append(xs, ...)"},
		{`s.split(",")`, "write strings.Split(s, ...)"},
		{"if true {\n\tinner := 1\n\t_ = inner\n}\ninner", "the one in line 2 is only known in its block"},
		{`lost := nothing`, "undefined: nothing"},
		{`lost + 1`, "declares it, but did not compile"},
		{`None`, "Go's word is nil"},
		{`True`, "Go's word is true"},
		{`ast.Printer`, "undefined: ast.Printer"},
		{`http.Strip`, "did you mean http.StripPrefix?"},
		{"func f() int { return 1 }\nfunc f() int { return 2 }", "it is declared in line 1, too"},
		{`for i in range(10) { fmt.Println(i) }`, "for i := range 10 { ... }"},
		{"if n == 3:\n    fmt.Println(n)", "a block stands in braces"},
		{`def f(x): return x`, "a function is func f"},
		{`while true { }`, "Go's while is for"},
		{`n = [1, 2, 3]`, "[]float64{1, 2, 3}"},
		{`d := {"a": 1}`, "map[string]int{"},
		{`import numpy`, "the path stands in quotes"},
		{`from numpy import array`, "an import is import"},
		{`'abc' + "d"`, "text stands in double quotes"},
		{`type Pt struct{ X int }; m := map[string]Pt{}; m["a"].X = 1`, "take the value out of the map"},
		{`n ** 2`, "math.Pow"},
		{`k := *n`, "cannot indirect"},
		{`func h() { return 1 }`, "the function says of no result"},
		{"import \"time\"\nn * time.Second", "write time.Duration(n)"},
		{`if n = 3 { }`, "equality is =="},
		{`y := 3 if n > 2 else 4`, "no expression with a condition"},
		{`y := n > 2 ? 3 : 4`, "no expression with a condition"},
		{`++n`, "stand behind the variable"},
		{`fmt.Println(f"{n}")`, "fmt.Sprintf"},
		{`func nothing()`, "nothing has no body"},
		{"func Sum[T any](xs ...T) {}\nSum()", "line 1)"},
		{`n : = 5`, ":= is one word"},
	} {
		b.cell++
		_, err := b.Eval(t.Context(), b.cell, c.src)
		if err == nil || !strings.Contains(err.Error(), c.advice) || !strings.Contains(err.Error(), "In [") {
			t.Errorf("%s\ngot %v\nwant %q", c.src, err, c.advice)
		}
	}
	b.want("lost := 1\nlost", "=> 1")
	_, err := b.Eval(t.Context(), 99, "go fmt.Println")
	if err == nil || strings.Contains(err.Error(), "in the middle") {
		t.Error(err)
	}
}

// What compiles and means something else elsewhere is remarked on.
func TestRemarks(t *testing.T) {
	b := newBench(t)
	b.want("n, flags := 7, 5", "")
	for src, want := range map[string]string{
		"x := n // 2":              "line 1: // 2 is a comment; integers are divided by /, as in n / 2",
		"y := 1\nn ^ 2":            "line 2: ^ is exclusive or; a power is math.Pow(n, 2)",
		"z := n // two":            "",
		"s := \"a\" // 2":          "",
		"flags ^ 4":                "",
		"url := `http://x.org//2`": "",
	} {
		if got := b.run(src); strings.Contains(got, "note: ") != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", src, got, want)
		}
	}
}
