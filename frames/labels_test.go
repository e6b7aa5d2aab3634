package frames

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/series"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

func TestLabelOrder(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   string
		want string
		kind series.Type
	}{
		{"integers", "10 9 -3 0", "-3 0 9 10", series.Int},
		{"past 64 bits", "18446744073709551616 9223372036854775807 -18446744073709551616 5", "-18446744073709551616 5 9223372036854775807 18446744073709551616", series.String},
		{"equal integers by their text", "7 007 +7 6 -0 0", "-0 0 6 +7 007 7", series.String},
		{"underscores", "1_000 999 1001", "999 1_000 1001", series.String},
		{"two underscores are text", "1__0 9 10", "10 1__0 9", series.String},
		{"underscore at the end is text", "1_ 9 10", "10 1_ 9", series.String},
		{"digits of other scripts", "٣ 2 10", "2 ٣ 10", series.String},
		{"digits past the first plane", "𝟡 10 𝟘", "𝟘 𝟡 10", series.String},
		{"one text makes all text", "10 9 x", "10 9 x", series.String},
		{"fractions are text", "10.5 9", "10.5 9", series.String},
		{"a sign alone is text", "- 10 9", "- 10 9", series.String},
		{"bytewise", "b é a Z ab 日", "Z a ab b é 日", series.String},
		{"words gota takes for missing", "NaN NA null", "NA NaN null", series.String},
	} {
		t.Run(tc.name, func(t *testing.T) {
			names, want := strings.Fields(tc.in), strings.Fields(tc.want)
			l, place, err := newLabels(names)
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Strings(); !slices.Equal(got, want) {
				t.Fatalf("got %q, want %q", got, want)
			}
			for from, name := range names {
				if l.At(place[from]) != name {
					t.Errorf("%q is said to be at %d", name, place[from])
				}
				if i, ok := l.Index(name); !ok || i != place[from] {
					t.Errorf("Index(%q) = %d, %v; want %d", name, i, ok, place[from])
				}
			}
			for _, absent := range []string{"", "absent", "12345", "00010"} {
				if i, ok := l.Index(absent); ok || i != -1 {
					t.Errorf("Index(%q) = %d", absent, i)
				}
			}
			s := l.Series("id")
			if s.Type() != tc.kind || s.Name != "id" || s.HasNaN() || !slices.Equal(s.Records(), want) {
				t.Errorf("series %s of %v: %q", s.Name, s.Type(), s.Records())
			}
		})
	}
}

func TestLabelOrderDoesNotDependOnInput(t *testing.T) {
	names := strings.Fields("7 007 +7 12 100 -5 0 18446744073709551616 99999999999999999999")
	want, _, err := newLabels(names)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		rng.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		if got, _, err := newLabels(names); err != nil || !slices.Equal(got.Strings(), want.Strings()) {
			t.Fatalf("%q sorted as %q", names, got.Strings())
		}
	}
}

func TestPositions(t *testing.T) {
	l, place, err := newPositions([]string{"2", "0"})
	if err != nil || !slices.Equal(place, []int{2, 0}) {
		t.Fatal(place, err)
	}
	if !slices.Equal(l.Strings(), []string{"0", "1", "2"}) || l.Len() != 3 {
		t.Errorf("got %q", l.Strings())
	}
	for label, want := range map[string]int{"0": 0, "2": 2, "3": -1, "-1": -1, "01": -1, "x": -1, "": -1} {
		if i, ok := l.Index(label); ok != (want >= 0) || i != want {
			t.Errorf("Index(%q) = %d, %v", label, i, ok)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("At(3) of three labels did not panic")
		}
	}()
	l.At(3)
}

func TestLabelsDescribed(t *testing.T) {
	few, _, err := newLabels([]string{"<b>", "a&b"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := few.HTML(), "<p><b>2 labels</b>: <code>&lt;b&gt;</code>, <code>a&amp;b</code></p>"; got != want {
		t.Errorf("HTML is %s, want %s", got, want)
	}
	if got, want := few.String(), `2 labels: "<b>", "a&b"`; got != want {
		t.Errorf("String is %s, want %s", got, want)
	}
	many := &Labels{n: 1_234_567}
	if got := many.String(); !strings.HasPrefix(got, `1,234,567 labels: "0", "1"`) || !strings.HasSuffix(got, `"9", …`) {
		t.Errorf("String is %s", got)
	}
}

func TestLabelsSHA256(t *testing.T) {
	hash := func(names ...string) string {
		t.Helper()
		l, _, err := newLabels(names)
		if err != nil {
			t.Fatal(err)
		}
		return l.SHA256()
	}
	// printf '\001\0\0\0\0\0\0\0a\002\0\0\0\0\0\0\0bc' | sha256sum
	const want = "9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21"
	if got := hash("bc", "a"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if hash("ab", "c") == hash("a", "bc") {
		t.Error("other labels have the same hash")
	}
}

func TestNewLabels(t *testing.T) {
	names := []string{"b", "10", "a", "9"}
	l, err := NewLabels(names)
	if err != nil {
		t.Fatal(err)
	}
	names[0] = "changed"
	if got := l.Strings(); !slices.Equal(got, []string{"b", "10", "a", "9"}) {
		t.Errorf("%q", got)
	}
	for want, name := range []string{"b", "10", "a", "9"} {
		if i, ok := l.Index(name); !ok || i != want {
			t.Errorf("%q is at %d, %v", name, i, ok)
		}
	}
	if i, ok := l.Index("c"); ok || i != -1 {
		t.Errorf("c is at %d", i)
	}
	if _, err := NewLabels([]string{"a", ""}); !errors.Is(err, ErrMissing) {
		t.Errorf("an empty label: %v", err)
	}
	if _, err := NewLabels([]string{"a", "b", "a"}); !errors.Is(err, ErrArgument) || !strings.Contains(err.Error(), "labels 0 and 2") {
		t.Errorf("a label twice: %v", err)
	}
}

// A matrix keeps its rows and columns of zeros, and their order.
func TestLabel(t *testing.T) {
	x, err := sparse.FromTriplets(3, 2, []int{2}, []int{0}, []float64{5})
	if err != nil {
		t.Fatal(err)
	}
	genes, err := NewLabels([]string{"z", "y", "x"})
	if err != nil {
		t.Fatal(err)
	}
	table, err := Label(x, genes, nil)
	if err != nil || table.X != x || table.Items != genes || table.Users.At(1) != "1" || table.Users.Len() != 2 {
		t.Errorf("%v, %v", table, err)
	}
	if _, err := Label(x, nil, genes); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("3 labels of 2 columns: %v", err)
	}
	if _, err := Label(nil, nil, nil); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("no matrix: %v", err)
	}
}
