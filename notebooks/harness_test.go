package notebooks

import (
	"encoding/json"
	"testing"

	"gonmf/scripts/notebook"
)

func TestParse(t *testing.T) {
	got, err := parse("\x1e1\x1f"+printed+"\x1fa\n\x1e2\x1f"+printed+"\x1f\x1e2\x1ftext/html\x1f<b>\x1e2\x1f"+printed+"\x1fb\n", 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []shown{{printed: "a\n"}, {printed: "b\n", "text/html": "<b>"}}
	if d := differences(got, want); len(d) > 0 {
		t.Error(d)
	}
	for _, bad := range []string{"\x1e1", "\x1e3\x1fa\x1fb", "\x1e0\x1fa\x1fb", "\x1ex\x1fa\x1fb"} {
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
	var c notebook.Cell
	err := json.Unmarshal([]byte(`{"outputs": [
		{"output_type": "stream", "name": "stdout", "text": ["fit  10%\rfit 100%\n", "a\n"]},
		{"output_type": "stream", "name": "stdout", "text": "b\n"},
		{"output_type": "display_data", "data": {"image/svg+xml": ["<svg", ">"], "image/png": "AA=="}}]}`), &c)
	if err != nil {
		t.Fatal(err)
	}
	got, err := shows(&c)
	if err != nil {
		t.Fatal(err)
	}
	if d := differences([]shown{got}, []shown{{printed: "a\nb\n", "image/svg+xml": "<svg>"}}); len(d) > 0 {
		t.Error(d)
	}
	c.Outputs = append(c.Outputs, &notebook.Output{Kind: "error", Ename: "Panic", Evalue: "no"})
	if _, err := shows(&c); err == nil {
		t.Error("a cell that failed is no error")
	}
}

func TestTidy(t *testing.T) {
	var outputs []*notebook.Output
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
		`{"data":{"image/png":["AA=="],"image/svg+xml":["\u003csvg\u003e"]},"execution_count":null,"metadata":{},"output_type":"execute_result"}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
