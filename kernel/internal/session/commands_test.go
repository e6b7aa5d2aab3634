package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gonmf/kernel/internal/session/source"
)

// note returns a command for the Go after the first mark that notes when it runs.
func note(b *bench, src, mark string, log *[]string, wrap bool) source.Command {
	b.t.Helper()
	start := strings.Index(src, mark)
	if start < 0 {
		b.t.Fatalf("%q is not in %q", mark, src)
	}
	c := source.Command{Start: start, Code: start + len(mark), End: start + len(mark)}
	c.Before = func(context.Context) error { *log = append(*log, mark+" "+b.printed()); return nil }
	if wrap {
		c.End = len(src)
		c.After = func(context.Context) error { *log = append(*log, mark+" ends "+b.printed()); return nil }
	}
	return c
}

func TestCommandsRunInTheirPlace(t *testing.T) {
	b := newBench(t)
	var log []string
	src := "import \"fmt\"\nfmt.Print(1)\n%one\nfmt.Print(2)\n%two x := 3; fmt.Print(x)\nx * 7"
	res, err := b.Eval(t.Context(), 1, src, note(b, src, "%one", &log, false), note(b, src, "%two", &log, true))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%q", log); got != `["%one 1" "%two 2" "%two ends 3"]` {
		t.Errorf("ran as %s", got)
	}
	if !res.Has || res.Values[0] != 21 {
		t.Errorf("the value is %v", res)
	}
	if got := b.run("x"); got != "=> 3" {
		t.Errorf("x is %s", got)
	}
	if src = "5\n%one"; true {
		res, err = b.Eval(t.Context(), 2, src, note(b, src, "%one", &log, false))
		if res.Has || err != nil {
			t.Errorf("an expression that is not last has the value %v, %v", res, err)
		}
	}
}

func TestRepeatedStatements(t *testing.T) {
	b := newBench(t)
	b.run("n := 0")
	src := "%rep y := n; n++; y + 1\nn"
	res, err := b.Eval(t.Context(), 2, src, source.Command{Code: 5, End: strings.Index(src, "\n"), Repeat: func(_ context.Context, f func(int)) error {
		f(3)
		f(4)
		return nil
	}})
	if err != nil || !res.Has || res.Values[0] != 7 {
		t.Errorf("got %v, %v", res, err)
	}
	if got := b.run("y"); !strings.Contains(got, "undefined: y") {
		t.Errorf("y is the cell's: %s", got)
	}
}

func TestCommandsThatFail(t *testing.T) {
	b := newBench(t)
	src := "x := 1\n  %no\nx = 2"
	start := strings.Index(src, "%")
	c := source.Command{Start: start, Code: start + 3, End: start + 3}
	c.Before = func(context.Context) error { return errors.New("it did not work") }
	_, err := b.Eval(t.Context(), 1, src, c)
	want := "it did not work\nIn [1], line 2\n      %no"
	if e, ok := errors.AsType[*Error](err); !ok || e.Name != CommandError || e.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if got := b.run("x"); got != "=> 1" {
		t.Errorf("the cell went on: %s", got)
	}
	c.Err = errors.New("no such command")
	_, err = b.Eval(t.Context(), 2, src, c)
	want = "In [2], line 2: no such command\n      %no\n      ^"
	if e, ok := errors.AsType[*Error](err); !ok || e.Name != CompileError || e.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestInterruptedCommand(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := source.Command{Code: 2, End: 2, Before: func(ctx context.Context) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}}
	_, err := b.Eval(ctx, 1, "!x", c)
	if e, ok := errors.AsType[*Error](err); !ok || e.Name != Interrupted {
		t.Errorf("got %v", err)
	}
}

func TestInAndOut(t *testing.T) {
	b := newBench(t)
	runAll := func(cells ...string) (last string) {
		for _, src := range cells {
			b.SetInput(b.cell+1, src)
			last = b.run(src)
		}
		return last
	}
	runAll(
		`2 + 3`, // 1
		`type point struct{ x, y int }; func (p point) sum() int { return p.x + p.y }; point{1, 2}`, // 2
		`import "os"; func() (string, error) { return "first", nil }()`,                             // 3
		`func() (int, string) { return 1, "b" }()`,                                                  // 4
		`var err error = os.ErrNotExist; err`,                                                       // 5
		`import "fmt"; fmt.Println("printed")`,                                                      // 6
		`z := 1`,                                                                                    // 7
	)
	cases := []struct{ src, want string }{
		{`Out[1] * 2`, "=> 10"},
		{`_1 * 3`, "=> 15"},
		{`Out[2].sum() + Out[2].y`, "=> 5"},
		{`len(Out[3]) + len(_3)`, "=> 10"},
		{`Out[4][1]`, "=> b"},
		{`Out[5].Error()`, "=> file does not exist"},
		{`v, ok := Out[6]; fmt.Sprint(v, ok)`, "=> <nil> false"},
		{`Out[7] == nil`, "=> true"},
		{`i := 1; Out[i]`, "=> 5"},
		{`func f() int { return Out[1] + _1 }; f()`, "=> 10"},
		{`f()`, "=> 10"},
		{`In[1]`, "=> 2 + 3"},
		{`In[7]`, "=> z := 1"},
		{`len(In)`, "=> 8"},
	}
	for _, c := range cases {
		if got := b.run(c.src); got != c.want {
			t.Errorf("%s: %s, want %s", c.src, got, c.want)
		}
	}
	if got := b.Complete("Out[2].s", 8); len(got.Matches) != 1 || got.Matches[0].Text != "sum" {
		t.Errorf("completion of a value: %+v", got)
	}
	if got := b.run(`Out := []int{1, 2}; Out[1]`); got != "=> 2" {
		t.Errorf("the user's own Out: %s", got)
	}
	if got := b.run(`_1 := "own"; _1`); got != "=> own" {
		t.Errorf("the user's own _1: %s", got)
	}
}

func TestOldOutputsGo(t *testing.T) {
	b := newBench(t)
	for i := range maxOut + 10 {
		b.keepOutput(i+1, universeAny, []any{i})
	}
	if _, ok := b.Output(10); ok || len(b.past.out) != maxOut || len(b.past.kept) != maxOut {
		t.Errorf("%d are kept", len(b.past.out))
	}
	b.ForgetOutputs()
	if got := b.run("len(Out)"); got != "=> 0" {
		t.Errorf("forgotten, but %s", got)
	}
}

func TestReset(t *testing.T) {
	b := newBench(t)
	if _, err := b.Eval(t.Context(), preludeCell, `import "strings"; var Up = strings.ToUpper`); err != nil {
		t.Fatal(err)
	}
	b.run(`import "fmt"; type T int; func (T) M() {}; x := fmt.Sprint(1); ctx := 5; Up := 7`)
	b.run(`x`)
	b.Reset()
	for src, want := range map[string]string{
		`Up(strings.TrimSpace(" a"))`: "=> A", `ctx.Err() == nil`: "=> true", `x`: "undefined: x", `T(1)`: "undefined: T",
		`fmt.Sprint()`: "undefined: fmt", `_2`: "undefined: _2",
	} {
		if got := b.run(src); !strings.Contains(got, want) {
			t.Errorf("%s: %s", src, got)
		}
	}
	if names := b.Names(); len(names) != 1 || names[0].Name != "Up" {
		t.Errorf("names %+v", names)
	}
	if got := b.run(`type T string; T("again")`); got != "=> again" {
		t.Errorf("declared again: %s", got)
	}
}
