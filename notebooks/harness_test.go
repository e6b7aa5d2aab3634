package notebooks

import (
	"encoding/json"
	"strings"
	"testing"
)

// cellsOf makes code cells of sources; those that end in a line "// result" have
// one.
func cellsOf(sources ...string) []cell {
	var cells []cell
	for _, source := range sources {
		c := cell{Kind: "code", Source: text(source)}
		if strings.HasSuffix(source, "// result") {
			c.Outputs = []output{{Kind: "execute_result"}}
		}
		cells = append(cells, c)
	}
	return cells
}

func TestProgram(t *testing.T) {
	source, err := program(cellsOf(
		"import (\n\t\"fmt\"\n\t\"math\"\n)\n\nvar base = 2.0\n",
		"func square(x float64) float64 {\n\treturn math.Pow(x, base)\n}\n\na, err := square(3), error(nil)\na // result",
		"b, err := square(4), err\nerr := err\nfor i := 0; i < 2; i++ {\n\tfmt.Println(i, b)\n}",
	))
	if err != nil {
		t.Fatal(err)
	}
	main := string(source)
	for _, want := range []string{
		`"math"`,
		"square := func(x float64) float64 {",
		"startCell(2)",
		"result(a)",
		"b, err := square(4), err",
		"err = err",
		"_ = square",
	} {
		if !strings.Contains(main, want) {
			t.Errorf("the program has no %s:\n%s", want, main)
		}
	}
	if n := strings.Count(main, `"fmt"`); n != 1 {
		t.Errorf("fmt is imported %d times", n)
	}

	for name, source := range map[string]string{
		"a method":     "type a int\n\nfunc (a) b() {}",
		"no Go":        "a := := 1",
		"open literal": "a := \"1",
	} {
		if _, err := program(cellsOf(source)); err == nil || !strings.Contains(err.Error(), "cell 1") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestParse(t *testing.T) {
	got, err := parse("\x1e0\x1f"+printed+"\x1fa\n\x1e1\x1f"+printed+"\x1f\x1e1\x1ftext/html\x1f<b>\x1e1\x1f"+printed+"\x1fb\n", 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []shown{{printed: "a\n"}, {printed: "b\n", "text/html": "<b>"}}
	if d := differences(got, want); len(d) > 0 {
		t.Error(d)
	}
	for _, bad := range []string{"\x1e0", "\x1e2\x1fa\x1fb", "\x1ex\x1fa\x1fb"} {
		if _, err := parse(bad, 2); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}

func TestDifferences(t *testing.T) {
	saved := []shown{{printed: "k = 4\n", "text/plain": "4"}}
	for _, tc := range []struct {
		name string
		got  shown
		want int
	}{
		{"the same", shown{printed: "k = 4\n", "text/plain": "4"}, 0},
		{"another number", shown{printed: "k = 5\n", "text/plain": "4"}, 1},
		{"nothing", shown{}, 1},
		{"something more", shown{printed: "k = 4\n", "text/html": "4"}, 1},
		{"what is not compared", shown{printed: "k = 4\n", "text/plain": "6 <nil>"}, 0},
	} {
		if d := differences([]shown{tc.got}, saved, "text/plain"); len(d) != tc.want {
			t.Errorf("%s: %q", tc.name, d)
		}
	}
}

func TestShows(t *testing.T) {
	var c cell
	err := json.Unmarshal([]byte(`{"outputs": [
		{"output_type": "stream", "name": "stdout", "text": ["fit  10%\rfit 100%\n", "a\n"]},
		{"output_type": "stream", "name": "stdout", "text": "b\n"},
		{"output_type": "display_data", "data": {"image/svg+xml": ["<svg", ">"], "image/png": "AA=="}}]}`), &c)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.shows()
	if err != nil {
		t.Fatal(err)
	}
	if d := differences([]shown{got}, []shown{{printed: "a\nb\n", "image/svg+xml": "<svg>"}}); len(d) > 0 {
		t.Error(d)
	}
	c.Outputs = append(c.Outputs, output{Kind: "error", Ename: "Panic", Evalue: "no"})
	if _, err := c.shows(); err == nil {
		t.Error("a cell that failed is no error")
	}
}

func TestTidy(t *testing.T) {
	var outputs []any
	err := json.Unmarshal([]byte(`[
		{"output_type": "stream", "name": "stdout", "text": ["fit  10%"]},
		{"output_type": "stream", "name": "stdout", "text": ["\rfit 100%\n", "a\n"]},
		{"output_type": "stream", "name": "stderr", "text": ["\rfit 100%\n"]},
		{"output_type": "execute_result", "data": {"image/svg+xml": ["<svg>"], "image/png": "AA=="}}]`), &outputs)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(tidy(outputs))
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"name":"stdout","output_type":"stream","text":["a\n"]},` +
		`{"data":{"image/svg+xml":["\u003csvg\u003e"]},"output_type":"execute_result"}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
