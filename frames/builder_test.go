package frames

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonmf/nmf"
)

// TestBuilder holds a table that is built row by row to the one that is read.
func TestBuilder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, weighted := range []bool{false, true} {
		var text strings.Builder
		text.WriteString("item_id,user_id,weight\n")
		opt := Columns{}
		if weighted {
			opt.Weight = "weight"
		}
		b := NewBuilder(opt)
		for r := range 150_000 {
			item, user, weight := fmt.Sprint(rng.IntN(900)), fmt.Sprintf("u%d", rng.IntN(5000)), 1.
			if weighted && r > 100_000 {
				weight = float64(rng.IntN(100)) / 8
			}
			fmt.Fprintf(&text, "%s,%s,%v\n", item, user, weight)
			var err error
			if r%2 == 0 {
				err = b.Add(item, user, weight)
			} else {
				err = b.AddText(item, user, fmt.Sprint(weight))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if b.Rows() != 150_000 {
			t.Errorf("%d rows", b.Rows())
		}
		got, err := b.Table()
		if err != nil {
			t.Fatal(err)
		}
		want, err := ReadInteractions(strings.NewReader(text.String()), opt)
		if err != nil {
			t.Fatal(err)
		}
		hash, err := nmf.HashData(got.X)
		if err != nil {
			t.Fatal(err)
		}
		if wantHash, err := nmf.HashData(want.X); err != nil || hash != wantHash || got.Items.SHA256() != want.Items.SHA256() || got.Users.SHA256() != want.Users.SHA256() {
			t.Errorf("weighted %v: built %v, read %v, %v", weighted, got, want, err)
		}
	}
}

func TestBuilderErrors(t *testing.T) {
	b := NewBuilder(Columns{Item: "sku", Weight: "n"})
	if _, err := b.Table(); !errors.Is(err, ErrEmpty) {
		t.Errorf("no rows: %v", err)
	}
	b = NewBuilder(Columns{Item: "sku", Weight: "n"})
	if err := b.Add("a", "x", 1); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		err  error
		is   error
		says string
	}{
		{b.Add("", "x", 1), ErrMissing, `row 2, column "sku": the label is missing`},
		{b.Add("a", "", 1), ErrMissing, `row 2, column "user_id": the label is missing`},
		{b.Add("a", "x", -1), nmf.ErrNegative, `row 2, column "n": -1 is negative`},
		{b.Add("a", "x", math.NaN()), nmf.ErrNotFinite, `row 2, column "n": NaN is not finite`},
		{b.AddText("a", "x", "many"), ErrNotNumber, `row 2, column "n": "many" is not a number`},
		{b.AddText("a", "x", ""), ErrMissing, `row 2, column "n": the value is missing`},
		{b.AddBytes([]byte("\xff"), []byte("x"), 1), ErrSyntax, `row 2, column "sku": byte 0xff is not UTF-8`},
	} {
		if !errors.Is(tc.err, tc.is) || !strings.Contains(tc.err.Error(), tc.says) {
			t.Errorf("%v, want %q", tc.err, tc.says)
		}
	}
	if got, err := b.Table(); err != nil || got.X.NNZ() != 1 {
		t.Errorf("%v, %v: a row with an error was added", got, err)
	}
}
