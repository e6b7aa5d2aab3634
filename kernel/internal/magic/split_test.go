package magic

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/session/source"
)

func newCommands(t testing.TB) *Commands {
	t.Helper()
	s, err := session.New(session.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return New(Options{Session: s, Output: func(int, bool, []byte) {}}, pipe.Place{})
}

// show writes a cell with «» around what is not Go, and ‹› around the Go of a command.
func show(code string, commands []source.Command) string {
	var b strings.Builder
	last := 0
	for _, c := range commands {
		fmt.Fprintf(&b, "%s«%s»", code[last:c.Start], code[c.Start:c.Code])
		last = c.Code
		if c.End > c.Code {
			fmt.Fprintf(&b, "‹%s›", code[c.Code:c.End])
			last = c.End
		}
	}
	return b.String() + code[last:]
}

func TestWhereCommandsStand(t *testing.T) {
	m := newCommands(t)
	cases := []string{ // with the marks of show
		"x := 1",
		"«!ls»",
		"«!ls 'it»\nx := 1",
		"x := 1\n  «%who»\ny",
		"x := `\n%who\n!ls`\n«%who»",
		"/*\n%who\n*/ x // !a\n// %who",
		"x := \"%\"\n«%cd x»",
		"x := 7 %\n3",
		"x := a ||\n!b",
		"f(\n!b,\n!c)",
		"[]bool{\n!b,\n}",
		"func f() {\n!b\n%who\n}",
		"if x := f();\n!x { }",
		"for i := 0;\n!done; i++ { }\n«!done»",
		"x := 1; !b",
		"x.\nf()\n«!ls»",
		"{\n}\n«$ls»",
		"switch {\ncase a:\n!b\n}",
		"«x?»", "«x.y?»", "x y?",
		"«x.y?»\nz",
		"a := b\n«?b»\n«??b»",
		"«!a \\\n b»\nc",
		"«!a \\»",
		"«%time »‹x := f(1,\n2)›\ny",
		"«%time »‹a; b›\n«!c»\nd",
		"«%time »‹for range 3 {\n}›\n«%time »‹y›",
		"«%timeit -n 3 -r2 »‹x›",
		"«%timeit -n=3 »‹-x›",
		"«%time»\nx",
		"«%%bash\n!x\n%y»",
		"\n «%%time\n»‹x\ny›",
		"«%%time»",
		"x\n«%%time x»",
		"«%nope»\nx",
		"«%»",
		"x := '\\''\n«!ls»\r\ny",
		"x := \"open\n«!ls»",
	}
	for _, want := range cases {
		code := strings.NewReplacer("«", "", "»", "", "‹", "", "›", "").Replace(want)
		if got := show(code, m.Parse(code)); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for args, want := range map[string][]string{
		``: nil, ` a  b `: {"a", "b"}, `'a b' "c d"e`: {"a b", "c de"}, `a\ b \"c`: {"a b", `"c`}, `""`: {""}, `'\' "\""`: {`\`, `"`},
		`C:\dir\file`: {`C:\dir\file`}, "é\tü": {"é", "ü"},
	} {
		if got, err := words(args); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, %v", args, got, err)
		}
	}
	if _, err := words(`a "b`); err == nil || !strings.Contains(err.Error(), "not closed") {
		t.Errorf("error %v", err)
	}
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0 s", 3.2e-10: "0.32 ns", 1.5e-9: "1.5 ns", 999.7e-9: "1 µs", 12.34e-6: "12.3 µs", 0.02: "20 ms", 0.9999: "1e+03 ms", 1.5: "1.5 s", 75.04: "1m15s",
	} {
		if got := seconds(s); got != want {
			t.Errorf("%g is %q, want %q", s, got, want)
		}
	}
}

// FuzzParse holds what Parse makes of any cell to what the session relies on.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"x := 1\n%time y := x\n!ls\nz?", "%%bash\nx", "a ||\n!b", "`\n%x\n`\n!y \\\nz", "%timeit -n3 -r 2 f(\n)\n?x", "if a;\n!b {}"} {
		f.Add(s)
	}
	m := newCommands(f)
	f.Fuzz(func(t *testing.T, code string) {
		last, withGo := 0, false
		found := m.Parse(code)
		for _, c := range found {
			if c.Start < last || c.Code <= c.Start || c.End < c.Code || c.End > len(code) {
				t.Fatalf("%q: %d to %d to %d after %d", code, c.Start, c.Code, c.End, last)
			}
			if c.Err == nil && c.Before == nil && c.Repeat == nil {
				t.Fatalf("%q: nothing is run", code)
			}
			last = max(c.Code, c.End)
			withGo = withGo || c.End > c.Code
		}
		// Without its commands a cell has none, unless the Go of one looks like another.
		if again := m.Parse(source.Blank(code, found)); len(again) > 0 && !withGo {
			t.Fatalf("%q: %d commands are left", code, len(again))
		}
		for _, pos := range []int{0, len(code) / 2, len(code)} {
			m.Complete(code, pos)
			m.Inspect(code, pos)
		}
		m.IsComplete(code)
	})
}
