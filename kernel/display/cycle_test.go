package display

import (
	"strings"
	"testing"
)

type ring struct {
	Name string
	Next []*ring
	Any  any
}

// TestSelfContaining shows values that contain themselves, which end where they repeat.
func TestSelfContaining(t *testing.T) {
	slice := []any{nil, 1}
	slice[0] = slice
	m := map[string]any{"a": 1}
	m["m"] = m
	type list []list
	l := list{nil}
	l[0] = l
	r := ring{Name: "r"}
	r.Any = []any{&r}
	s := ring{Name: "s"}
	s.Any = map[string]any{"in": m}
	long := make([]any, maxElements+1)
	long[0] = long
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"slice", slice, "[[itself] 1]"},
		{"map", m, "map[itself]"},
		{"recursive type", l, "[[itself]]"},
		{"struct", s, "{Name:s Next:[] Any:map[in:map["},
		{"pointer", &m, "map[itself]"},
		{"a pointer is an address", &r, "&{Name:r Next:[] Any:[0x"},
		{"long", long, "… 1,001 in all]"},
		{"twice is not itself", []any{m["a"], []int{1}, []int{1}}, "[1 [1] [1]]"},
		{"shared", func() any { x := []any{1}; return []any{x, x} }(), "[[1] [1]]"},
	} {
		d, ok := Values([]any{c.value})
		if text, _ := d.Data[MIMETypeText].(string); !ok || !strings.Contains(text, c.want) {
			t.Errorf("%s: %.200q does not contain %q", c.name, text, c.want)
		}
	}
}
