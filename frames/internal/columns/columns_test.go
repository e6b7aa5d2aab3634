package columns

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// random makes columns of every type, with values that repeat and some that
// are missing.
func random(n int) []series.Series {
	r := rand.New(rand.NewPCG(1, 2))
	floats, ints, texts, bools := make([]Cell[float64], n), make([]Cell[int], n), make([]Cell[string], n), make([]Cell[bool], n)
	whole, dates := make([]Cell[int], n), make([]Cell[string], n)
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324, -1.5}
	for i := range n {
		na := func() bool { return r.IntN(10) == 0 }
		floats[i] = Cell[float64]{V: float64(r.IntN(20)) / 4}
		if r.IntN(5) == 0 {
			floats[i].V = special[r.IntN(len(special))]
		}
		if na() {
			floats[i] = Cell[float64]{math.NaN(), true}
		}
		ints[i] = Cell[int]{V: r.IntN(30) - 15}
		if r.IntN(50) == 0 {
			ints[i].V = []int{math.MaxInt, math.MinInt}[r.IntN(2)]
		}
		if na() {
			ints[i] = Cell[int]{NA: true}
		}
		whole[i].V = r.IntN(9)
		texts[i] = Cell[string]{V: []string{"", "NaN", "and_chr", "and_uc", "Ärger", "firefox", "firefox 2"}[r.IntN(7)]}
		if na() {
			texts[i] = Cell[string]{NA: true}
		}
		dates[i].V = fmt.Sprintf("2024-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))
		bools[i] = Cell[bool]{V: r.IntN(2) == 0}
		if na() {
			bools[i] = Cell[bool]{NA: true}
		}
	}
	return []series.Series{Series("f", floats), Series("i", ints), Series("s", texts), Series("b", bools), Series("w", whole), Series("d", dates)}
}

func texts(s series.Series) []string {
	out := make([]string, s.Len())
	for i := range out {
		out[i] = fmt.Sprint(s.Elem(i).IsNA(), s.Elem(i))
	}
	return out
}

// TestGotaIsKnown fails when another version of gota keeps its columns in
// another way: then all works still, and slower.
func TestGotaIsKnown(t *testing.T) {
	if !sharing {
		t.Error("gota's columns are not laid out as package columns knows them: see sharing")
	}
}

// TestSharedAndCopied compares what is done in gota's memory with what is done
// by its methods.
func TestSharedAndCopied(t *testing.T) {
	defer func() { sharing = true }()
	made := random(2000)
	df := Frame(made)
	if rows, cols := df.Dims(); rows != 2000 || cols != len(made) || df.Err != nil {
		t.Fatalf("%d x %d, %v", rows, cols, df.Err)
	}
	rows := []int{5, 3, 3, -1, 1999}
	shared := TakeRows(df, rows)
	sharing = false
	copied := TakeRows(df, rows)
	again := Frame(All(df))
	sharing = true
	for c, s := range All(shared) {
		if other := All(copied)[c]; s.Name != other.Name || !slices.Equal(texts(s), texts(other)) {
			t.Errorf("%s: shared %v, copied %v", s.Name, texts(s), texts(other))
		}
	}
	for c, s := range All(df) {
		if !slices.Equal(texts(s), texts(All(again)[c])) {
			t.Errorf("%s is not what it was", s.Name)
		}
		if got := texts(df.Col(s.Name)); !slices.Equal(got, texts(s)) {
			t.Errorf("%s: gota sees %v", s.Name, got[:9])
		}
	}
	two := dataframe.New(series.New([]string{"a"}, series.String, "x"), series.New([]string{"b"}, series.String, "y"))
	if err := two.SetNames("x", "x"); err != nil {
		t.Fatal(err)
	}
	if names := Frame(All(two)).Names(); !slices.Equal(names, []string{"x", "x"}) {
		t.Errorf("equal names became %v", names)
	}
}

// less compares two cells of a column as Order should.
func less(s series.Series, a, b int) bool {
	x, y := s.Elem(a), s.Elem(b)
	switch {
	case x.IsNA() || y.IsNA():
		return !x.IsNA() && y.IsNA()
	case s.Type() == series.String:
		return x.String() < y.String()
	case s.Type() == series.Int:
		v, _ := x.Int()
		w, _ := y.Int()
		return v < w
	default:
		return x.Float() < y.Float()
	}
}

func TestOrder(t *testing.T) {
	for _, n := range []int{0, 1, 100, 3*grain + 17} {
		made := random(n)
		for _, keys := range [][]int{{0}, {2, 1}, {1}, {2}, {3}, {4, 0}}[:map[bool]int{true: 2, false: 6}[n > grain]] {
			for _, down := range []bool{false, true} {
				var by []series.Series
				for _, k := range keys {
					by = append(by, made[k])
				}
				descending := make([]bool, len(by))
				descending[0] = down
				got := Order(by, descending)
				want := make([]int, n)
				for i := range want {
					want[i] = i
				}
				slices.SortStableFunc(want, func(a, b int) int {
					for k, s := range by {
						na, nb := s.Elem(a).IsNA(), s.Elem(b).IsNA()
						flip := descending[k] && !na && !nb
						if less(s, a, b) {
							return map[bool]int{false: -1, true: 1}[flip]
						}
						if less(s, b, a) {
							return map[bool]int{false: 1, true: -1}[flip]
						}
					}
					return 0
				})
				if !slices.Equal(got, want) {
					t.Errorf("%d rows by %v, down %v: not in order", n, keys, down)
				}
			}
		}
	}
}

func TestGroups(t *testing.T) {
	for _, n := range []int{1, 100, 3*grain + 17} {
		made := random(n)
		for c := range made {
			keys := []series.Series{made[c], made[(c+1)%len(made)]}
			g := GroupRows(keys)
			known := make(map[string]int)
			for r := range n {
				key := func(s series.Series) string { // 0 and -0 are one number
					if s.Type() == series.Float && !s.Elem(r).IsNA() {
						return fmt.Sprint(s.Elem(r).Float() + 0)
					}
					return fmt.Sprint(s.Elem(r).IsNA(), s.Elem(r))
				}
				text := key(keys[0]) + "|" + key(keys[1])
				group, ok := known[text]
				if !ok {
					group = len(known)
					known[text] = group
					if g.First[group] != r {
						t.Fatalf("%d rows by %s: group %d begins in row %d, want %d", n, keys[0].Name, group, g.First[group], r)
					}
				}
				if g.Of[r] != group {
					t.Fatalf("%d rows by %s: row %d is in group %d, want %d", n, keys[0].Name, r, g.Of[r], group)
				}
			}
			if len(g.First) != len(known) {
				t.Errorf("%d groups, want %d", len(g.First), len(known))
			}
			sorted := SortedGroups(keys)
			if order := Order([]series.Series{Take(keys[0], sorted.First), Take(keys[1], sorted.First)}, nil); !slices.IsSorted(order) {
				t.Errorf("%d rows by %s: sorted groups are not in order", n, keys[0].Name)
			}
		}
	}
}

// TestVectorsAnswerAsTheMachine computes expressions both ways.
func TestVectorsAnswerAsTheMachine(t *testing.T) {
	made := random(10_000)
	for _, source := range []string{
		"f > 1", "f >= 1.25", "f < w", "f <= w", "f == w", "f != 1", "w == 3", "w != 3", "w > 2 && f < 4", "w > 2 || f < 4", "!(w > 2)", "not (w > 2)",
		"w + 1", "w - w * 2", "w / 4", "w % 3", "w ** 2", "-w", "-f", "+f", "f + w", "f - 2", "f * f", "f / 2", "2 - w", "2.5 * w", "abs(-w)", "abs(f)",
		"i + 1", "i > 3", "i < 3", "sqrt(w)", "log1p(w)", "exp(f)", "ceil(f)", "floor(f)", "round(f)", "int(w)", "float(w)", "string(w)",
		"s == 'and_chr'", "s != 'and_chr'", "s < 'b'", "s <= 'b'", "s > 'b'", "s >= 'b'", "s contains 'e'", "s startsWith 'and_'", "s endsWith 'x'",
		"s matches '^f.*x$'", "s + '!'", "s + d", "upper(s)", "lower(s)", "trim(s)", "len(s)", "len(d)", "split(s, '_')[0]", "split(s, ' ')[0] == 'firefox'",
		"s in ['and_uc', 'firefox']", "s not in ['and_uc']", "w in [1, 2, 3]", "f not in [1, 2.5]", "w > 3 ? 'many' : 'few'", "w > 3 ? w : 0", "w > 3 ? f : 0", "w > 3 ? true : w > 1",
		"year(d)", "month(d) == 2", "day(d)", "weekday(d)", "hour(d)", "minute(d)", "missing(f)", "missing(s) || missing(i)", `missing(col("b"))`, `col("w") + 1`,
		"true", "1", "1.5", "'x'", "w == 1 == true", "(w > 1) != (w > 2)",
	} {
		e, err := Compile(source, made)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if !e.vector.known() {
			t.Errorf("%s is left to the machine", source)
		}
		got, err := e.Column("")
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		condition := e.vector.b != nil
		var rows, rowsByMachine []int
		if condition {
			if rows, err = e.Rows(); err != nil {
				t.Errorf("%s: %v", source, err)
			}
		}
		e.vector = node{}
		want, err := e.Column("")
		if err != nil {
			t.Errorf("%s, by the machine: %v", source, err)
			continue
		}
		if condition {
			if rowsByMachine, err = e.Rows(); err != nil || !slices.Equal(rows, rowsByMachine) {
				// The machine takes what is said of a missing text for missing, and
				// != is true of it.
				if err != nil || !reflect.DeepEqual(e.used, []int{2}) {
					t.Errorf("%s: %d rows, the machine has %d, %v", source, len(rows), len(rowsByMachine), err)
				}
			}
		}
		for r := range made[0].Len() {
			x, y := got.Elem(r), want.Elem(r)
			if condition && y.IsNA() {
				continue
			}
			if x.IsNA() != y.IsNA() || !x.IsNA() && x.Float() != y.Float() && x.String() != y.String() {
				t.Errorf("%s: row %d: %v, the machine has %v (%v, %v, %v)", source, r, x, y, made[0].Elem(r), made[2].Elem(r), made[4].Elem(r))
				break
			}
		}
	}
}

func TestTheMachineKnowsTheRest(t *testing.T) {
	made := random(100)
	for _, source := range []string{"split(s, '_')[-1]", "w in 1..3", "let x = w + 1; x * x", "b ? 1 : 2", "max(w, 3)", "get(split(d, '-'), 5) ?? 'none'", "len(filter([1, 2, w], # > 1))"} {
		e, err := Compile(source, made)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if e.vector.known() {
			t.Errorf("%s: who does this?", source)
		}
		if s, err := e.Column("x"); err != nil || s.Len() != 100 || s.Name != "x" {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestSortedNumbers(t *testing.T) {
	for _, s := range random(5000)[:2] {
		got := SortedNumbers(s)
		want := slices.DeleteFunc(Numbers(s), math.IsNaN)
		slices.Sort(want)
		if len(got) != len(want) {
			t.Fatalf("%d numbers, want %d", len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%s: number %d is %v, want %v", s.Name, i, got[i], want[i])
			}
		}
	}
}

func TestNear(t *testing.T) {
	names := []string{"item_id", "user_id", "weight"}
	for name, want := range map[string]string{"wieght": "weight", "Weight": "weight", "item": "item_id", "user": "user_id", "xyz": "", "w": "", "": "", "weights": "weight"} {
		if got := Near(name, names); got != want {
			t.Errorf("Near(%q) = %q, want %q", name, got, want)
		}
	}
}
