package frames

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/nmf"
)

// table makes a DataFrame of item_id, user_id and weight.
func table(items, users, weights series.Series) dataframe.DataFrame {
	items.Name, users.Name, weights.Name = "item_id", "user_id", "weight"
	return dataframe.New(items, users, weights)
}

// dense writes a table out: its labels and all places.
func dense(t *Interactions) string {
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(t.Users.Strings(), " "))
	for i, item := range t.Items.Strings() {
		fmt.Fprint(&b, item, ":")
		for u := range t.Users.Len() {
			fmt.Fprint(&b, " ", t.X.At(i, u))
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func TestNewInteractions(t *testing.T) {
	weighted := Columns{Weight: "weight"}
	for _, tc := range []struct {
		name string
		df   dataframe.DataFrame
		opt  Columns
		want string
	}{
		{"text, no weights",
			table(series.Strings([]string{"b", "a", "b"}), series.Strings([]string{"y", "x", "x"}), series.Ints([]int{5, 6, 7})), Columns{},
			"x y\na: 1 0\nb: 1 1\n"},
		{"integers, summed",
			table(series.Ints([]int{10, 9, 10}), series.Ints([]int{2, 1, 2}), series.Floats([]float64{0.5, 1, 2})), weighted,
			"1 2\n9: 1 0\n10: 0 2.5\n"},
		{"floats as labels",
			table(series.Floats([]float64{10, 9, 1e15}), series.Floats([]float64{0.5, 2.25, 0.5}), series.Ints([]int{1, 2, 3})), weighted,
			"0.5 2.25\n9: 0 2\n10: 1 0\n1000000000000000: 3 0\n"},
		{"weights as text",
			table(series.Strings([]string{"007", "7"}), series.Bools([]bool{true, false}), series.Strings([]string{" 2.50 ", "1e2"})), weighted,
			"False True\n007: 0 2.5\n7: 100 0\n"},
		{"weights as bools",
			table(series.Strings([]string{"a", "b"}), series.Ints([]int{1, 1}), series.Bools([]bool{true, false})), weighted,
			"1\na: 1\nb: 0\n"},
		{"other columns",
			table(series.Strings([]string{"a", "b"}), series.Ints([]int{1, 1}), series.Ints([]int{3, 4})), Columns{Item: "weight", User: "item_id", Weight: "user_id"},
			"a b\n3: 1 0\n4: 0 1\n"},
		{"positions",
			table(series.Ints([]int{3, 1}), series.Strings([]string{"0", "2"}), series.Ints([]int{1, 1})), Columns{Positions: true},
			"0 1 2\n0: 0 0 0\n1: 0 0 1\n2: 0 0 0\n3: 1 0 0\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := NewInteractions(tc.df, tc.opt)
			if err != nil {
				t.Fatal(err)
			}
			if dense(got) != tc.want {
				t.Errorf("got\n%swant\n%s", dense(got), tc.want)
			}
		})
	}
}

// TestAwkwardLabels takes labels that gota would lose from a file to the
// matrix.
func TestAwkwardLabels(t *testing.T) {
	want := []string{"007", "7", "9007199254740993", "NA", "NaN", "a,b", "null", "say \"hi\"", "two\nlines"}
	text := "item_id,user_id\nNA,1\nNaN,1\nnull,1\n007,1\n7,1\n9007199254740993,1\n\"a,b\",1\n\"say \"\"hi\"\"\",1\n\"two\nlines\",1\n"
	it, err := NewInteractions(mustReadCSV(t, text), Columns{})
	if err != nil {
		t.Fatal(err)
	}
	if got := it.Items.Strings(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
	back := it.Items.Series("item_id")
	for r, label := range want {
		if e := back.Elem(r); e.IsNA() || e.String() != label {
			t.Errorf("%q is %v in a column", label, e)
		}
	}
}

func TestNewInteractionsErrors(t *testing.T) {
	two := []string{"a", "b"}
	weights := func(s series.Series) dataframe.DataFrame { return table(series.Strings(two), series.Strings(two), s) }
	weighted := Columns{Weight: "weight"}
	for _, tc := range []struct {
		name string
		df   dataframe.DataFrame
		opt  Columns
		want string
		is   error
	}{
		{"error inside", dataframe.New(), Columns{}, "carries an error: empty DataFrame", nil},
		{"no item column", weights(series.Ints([]int{1, 2})), Columns{Item: "Item"}, `no column "Item"; it has item_id, user_id, weight: did you mean item_id?`, ErrColumn},
		{"no user column", weights(series.Ints([]int{1, 2})), Columns{User: "u"}, `no column "u"`, ErrColumn},
		{"no weight column", weights(series.Ints([]int{1, 2})), Columns{Weight: "w"}, `no column "w"`, ErrColumn},
		{"no rows", weights(series.Ints([]int{1, 2})).Subset([]int{}), Columns{}, "no rows", ErrEmpty},
		{"missing item", table(series.Strings([]string{"a", "NaN"}), series.Strings(two), series.Ints([]int{1, 2})), Columns{}, `row 2, column "item_id": the label is missing`, ErrMissing},
		{"missing user", table(series.Strings(two), series.Ints([]string{"x", "1"}), series.Ints([]int{1, 2})), Columns{}, `row 1, column "user_id": the label is missing`, ErrMissing},
		{"empty user", table(series.Strings(two), series.Strings([]string{"x", ""}), series.Ints([]int{1, 2})), Columns{}, `row 2, column "user_id": the label is missing`, ErrMissing},
		{"missing weight", weights(series.Ints([]string{"1", "NaN"})), weighted, `row 2, column "weight": the value is missing`, ErrMissing},
		{"NaN weight", weights(series.Floats([]float64{math.NaN(), 1})), weighted, `row 1, column "weight": the value is missing`, ErrMissing},
		{"empty weight", weights(series.Strings([]string{"1", " "})), weighted, `row 2, column "weight": the value is missing`, ErrMissing},
		{"negative weight", weights(series.Ints([]int{1, -2})), weighted, `row 2, column "weight": -2 is negative`, nmf.ErrNegative},
		{"infinite weight", weights(series.Floats([]float64{1, math.Inf(1)})), weighted, `row 2, column "weight": +Inf is not finite`, nmf.ErrNotFinite},
		{"infinite weight as text", weights(series.Strings([]string{"1", "1e999"})), weighted, `row 2, column "weight": +Inf is not finite`, nmf.ErrNotFinite},
		{"nan weight as text", weights(series.Strings([]string{"1", "nan"})), weighted, `row 2, column "weight": NaN is not finite`, nmf.ErrNotFinite},
		{"word for a weight", weights(series.Strings([]string{"1", "lots"})), weighted, `row 2, column "weight": "lots" is not a number`, ErrNotNumber},
		{"hexadecimal weight", weights(series.Strings([]string{"1", "0x1p3"})), weighted, `"0x1p3" is not a number`, ErrNotNumber},
		{"text for a position", table(series.Strings(two), series.Ints([]int{0, 1}), series.Ints([]int{1, 2})), Columns{Positions: true}, `column "item_id": "a" is not a position`, ErrNotNumber},
		{"negative position", table(series.Ints([]int{0, -1}), series.Ints([]int{0, 1}), series.Ints([]int{1, 2})), Columns{Positions: true}, `"-1" is not a position`, ErrNotNumber},
		{"far position", table(series.Ints([]int{0, 1}), series.Ints([]int{0, 2_000_000_000}), series.Ints([]int{1, 2})), Columns{Positions: true}, `column "user_id": "2000000000" is not a position`, ErrNotNumber},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := NewInteractions(tc.df, tc.opt)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want an error with %q", err, tc.want)
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v does not wrap %v", err, tc.is)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		})
	}
}

func TestInteractionsDescribed(t *testing.T) {
	it, err := NewInteractions(mustReadCSV(t, "item_id,user_id\n<i>,1\nb,2\n"), Columns{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := it.String(), "2 items x 2 users, 2 entries (50%)"; got != want {
		t.Errorf("String is %s, want %s", got, want)
	}
	checkTags(t, it.HTML())
	checkTags(t, it.Items.HTML())
	if got := it.HTML(); !strings.Contains(got, "<code>&lt;i&gt;</code>, <code>b</code>") || strings.Contains(got, "<i>") {
		t.Errorf("HTML is %s", got)
	}
}
