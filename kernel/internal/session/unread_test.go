package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gonmf/scripts/symbols"
)

// TestErrorsThatNobodyLooksAt runs cells one after the other. What a cell should give is
// written as run writes it.
func TestErrorsThatNobodyLooksAt(t *testing.T) {
	const fail = `! Error: open nope: no such file or directory`
	checkCells(t, newBench(t, symbols.Symbols), []cellCase{
		{"import (\"os\"; \"errors\"; \"fmt\"; \"strconv\")\nfunc two() (int, error) { return 7, errors.New(\"wrong\") }\nfunc last() error { return errors.New(\"at last\") }", ""},
		{"f, err := os.Open(\"nope\")", fail},
		{"f == nil", "=> true"}, // what was assigned is kept
		{"a := 1\nf, err := os.Open(\"nope\")\na = 2", fail},
		{"a", "=> 1"},
		{"var g, err2 = os.Open(\"nope\")", fail},
		{"f, err = os.Open(\"nope\")", fail}, // of an earlier cell

		// Looking at it, in any way, is the cell's own decision.
		{"f, err := os.Open(\"nope\")\nerr != nil", "=> true"},
		{"f, err := os.Open(\"nope\")\nfmt.Println(f == nil, err)", "true open nope: no such file or directory\n"},
		{"f, err := os.Open(\"nope\")\nif err != nil { fmt.Println(\"no\") }", "no\n"},
		{"f, _ := os.Open(\"nope\")\nf == nil", "=> true"},
		{"_, _ = os.Open(\"nope\")", ""},
		{"func() { if err != nil { fmt.Println(\"late\") } }()", "late\n"},
		{"var later error\ndefer func() { fmt.Println(\"deferred\", later) }()\nf, later = os.Open(\"nope\")", "deferred open nope: no such file or directory\n"},
		{"f, err := os.Open(\"nope\")\nlook := func() error { return err }\nlook() != nil", "=> true"},
		{"f, err := os.Open(\"nope\")\np := &err\n*p != nil", "=> true"},
		{"n, err := strconv.Atoi(\"x\")\nfor i := 0; i < 2; i++ { if err != nil { n-- } }\nn", "=> -2"},

		// Read before it is assigned again, or after: only the former counts.
		{"n, err := strconv.Atoi(\"x\")\nn, err = strconv.Atoi(\"5\")\nerr == nil", `! Error: strconv.Atoi: parsing "x": invalid syntax`},
		{"n, err := strconv.Atoi(\"x\")\nm, err := strconv.Atoi(\"5\")\nfmt.Println(m, err)", `! Error: strconv.Atoi: parsing "x": invalid syntax`},
		{"n, err := strconv.Atoi(\"x\")\nn, err = strconv.Atoi(fmt.Sprint(err == nil))\n_ = err", `=> `},
		{"n, err := strconv.Atoi(\"4\")\nn", "=> 4"},

		// Results that nobody takes.
		{"last()", "! Error: at last"},
		{"last()\n1", "! Error: at last"},
		{"two()", "! Error: wrong"},
		{"two()\nfmt.Println(\"not reached\")", "! Error: wrong"},
		{"_ = last()\nfmt.Println(\"reached\")", "reached\n"},
		{"strconv.Atoi(\"12\")", "=> 12, <nil>"},
		{"fmt.Println(\"printed\")", "printed\n"},
		{"fmt.Println(\"printed\")\n2", "printed\n=> 2"},

		// To make an error, or to ask for one, is no failure.
		{"var ErrMine = errors.New(\"mine\")", ""},
		{"ErrMine", "=> mine"},
		{"errors.New(\"shown\")", "=> shown"},
		{"e := fmt.Errorf(\"more: %w\", ErrMine)", ""},
		{"errors.Unwrap(e)", "=> mine"},
		{"ctx.Err()", "=> <nil>"},
		{"e = nil\ne = ErrMine", ""},
	})
}

// What carries an error is one.
func TestErrorsInsideValues(t *testing.T) {
	b := newBench(t, symbols.Symbols)
	checkCells(t, b, []cellCase{
		{"import (\"github.com/go-gota/gota/dataframe\"; \"github.com/go-gota/gota/series\")\ndf := dataframe.New(series.New([]int{1}, series.Int, \"n\"))\ndf.Nrow()", "=> 1"},
		{"bad := df.Select(\"nope\")", "! Error: can't select columns: can't select columns: column name \"nope\" not found"},
		{"df.Select(\"nope\")", "! Error: can't select columns: can't select columns: column name \"nope\" not found"},
		{"bad := df.Select(\"nope\")\nbad.Err != nil", "=> true"},
		{"bad := df.Select(\"nope\")\nbad.Error() != nil", "=> true"},
		{"bad := df.Select(\"nope\")\nbad.Nrow()", "! Error: can't select columns: can't select columns: column name \"nope\" not found"},
		{"col := df.Col(\"nope\")", "! Error: unknown column name"},
		{"good := df.Select(\"n\")\ngood.Nrow()", "=> 1"},
	})
}

type cellCase struct{ src, want string }

func checkCells(t *testing.T, b *bench, cases []cellCase) {
	t.Helper()
	for _, c := range cases {
		got := b.run(c.src)
		if c.want == "=> " {
			if strings.HasPrefix(got, "!") {
				t.Errorf("%s\n%s", c.src, got)
			}
			continue
		}
		if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(c.want, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestAnErrorThatStopsSaysWhere(t *testing.T) {
	b := newBench(t, symbols.Symbols)
	_, err := b.Eval(t.Context(), 3, "import \"os\"\n\nx := 1\nf, err := os.Open(\"nope\")\nx = 2")
	var failed *Error
	if !errors.As(err, &failed) {
		t.Fatalf("%v", err)
	}
	if failed.Cell != 3 || failed.Line != 4 {
		t.Errorf("cell %d, line %d", failed.Cell, failed.Line)
	}
	want := "open nope: no such file or directory\nIn [3], line 4\n    f, err := os.Open(\"nope\")\n" +
		"    (this cell does not look at err, so that it stops here: a look at it, or _ in its place, goes on)"
	if failed.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", failed.Error(), want)
	}
}

// A panic on nil says whose nil it is.
func TestNilSaysWhose(t *testing.T) {
	b := newBench(t, symbols.Symbols)
	for _, c := range []struct{ src, want string }{
		{"import \"errors\"\ntype table struct{ X int }\nfunc read() (*table, error) { return nil, errors.New(\"no such file\") }\ntable1, err := read()", "no such file"},
		{"table1.X", "(table1 is nil: In [1] assigned it together with the error: no such file)"},
		{"var p *int\n*p", "(p is nil)"},
		{"x := 1\nvar q *table\nx = q.X", "(q is nil)"},
		{"import (\"github.com/go-gota/gota/dataframe\"; \"github.com/go-gota/gota/series\")\ndf := dataframe.New(series.New([]int{1}, series.Int, \"weight\"))", ""},
		{`df.Col("wight").Mean()`, `(df has no column "wight"; it has weight: did you mean weight?)`},
		{`df.Select("nope").Col("nope").Float()`, `(df has no column "nope"; it has weight)`},
	} {
		b.cell++
		_, err := b.Eval(t.Context(), b.cell, c.src)
		if text := fmt.Sprint(err); !strings.Contains(text, c.want) {
			t.Errorf("%s\ngot\n%s\nwant %s", c.src, text, c.want)
		}
	}
}

// A cell that is stopped goes on from what its ctx has ended, to what it does then.
func TestAStoppedCellIsNotStoppedOnceMore(t *testing.T) {
	b := newBench(t)
	b.run("import (\"context\"; \"fmt\"; \"time\")\nfunc wait(ctx context.Context) (int, error) { <-ctx.Done(); return 7, context.Cause(ctx) }")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	got := b.runContext(ctx, "n, err := wait(ctx)\nfmt.Println(\"after\", n)")
	if !strings.Contains(got, "after 7") || !strings.Contains(got, "! Interrupted") {
		t.Error(got)
	}
}
