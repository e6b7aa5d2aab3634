package chart

import (
	"math"
	"slices"
	"testing"

	"gonmf/frames/chart/internal/page"
	"pgregory.net/rapid"
)

func TestThin(t *testing.T) {
	for _, tc := range []struct {
		name string
		n    int
		rank []int
		gap  float64
		want []int
	}{
		{"all", 3, nil, 0.5, []int{0, 1, 2}},
		{"every third", 8, nil, 2.2, []int{0, 3, 6}},
		{"first of each group first", 8, []int{0, 1, 2, 0, 1, 2, 3, 4}, 2, []int{0, 3, 5, 7}},
		{"groups too close", 4, []int{0, 0, 0, 0}, 3, []int{0, 3}},
		{"none", 0, nil, 1, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := thin(tc.n, tc.rank, tc.gap); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestFitRows(t *testing.T) {
	for _, tc := range []struct {
		name  string
		pitch float64
		shown int
		size  float64
	}{
		{"roomy", 20, 100, page.TickSize},
		{"tight: smaller letters", 6.9, 100, 6.9 / leading},
		{"too tight: fewer labels", 2, 25, page.SmallSize + 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := fitRows(longNames(100), nil, tc.pitch, 1000)
			if len(l.at) != tc.shown || math.Abs(l.style.Size-tc.size) > 1e-9 {
				t.Errorf("%d labels of %g points, want %d of %g", len(l.at), l.style.Size, tc.shown, tc.size)
			}
		})
	}
}

func TestElide(t *testing.T) {
	style := page.TextStyle{Size: 8}
	rapid.Check(t, func(t *rapid.T) {
		s := page.Clean(rapid.String().Draw(t, "s"))
		width := rapid.Float64Range(0, 100).Draw(t, "width")
		for _, short := range []string{style.Elide(s, width), style.ElideMiddle(s, width)} {
			if w := style.Width(short); w > width {
				t.Fatalf("%q of %g points is longer than %g", short, w, width)
			}
			if style.Width(s) <= width && short != s {
				t.Fatalf("%q fits but became %q", s, short)
			}
		}
	})
	if got := style.Elide("a long label", 30); got != "a long…" {
		t.Errorf("got %q", got)
	}
	if got := style.ElideMiddle("a long label", 34); got != "a lo…bel" {
		t.Errorf("got %q", got)
	}
}

func TestElideKeepsLabelsApart(t *testing.T) {
	l := labels{style: page.TextStyle{Size: 8}, texts: longNames(3)}
	l.elideAll(80)
	if slices.Sort(l.texts); len(slices.Compact(l.texts)) != 3 {
		t.Errorf("labels cannot be told apart: %q", l.texts)
	}
}
