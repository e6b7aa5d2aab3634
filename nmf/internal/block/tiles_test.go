package block

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/sparse"
)

// TestTiles compares products formed by tiles with the others, to the bit.
func TestTiles(t *testing.T) {
	testTiles[float64](t)
	testTiles[float32](t)
}

func testTiles[T kern.Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const rows, cols, k = 70, 90, 5
	var i, j []int
	var v []float64
	for range 600 {
		i, j, v = append(i, rng.IntN(rows-1)), append(j, rng.IntN(cols)), append(v, rng.Float64())
	}
	x, err := sparse.FromTriplets(rows, cols, i, j, v) // one row is empty
	if err != nil {
		t.Fatal(err)
	}
	in := entriesOf[T](x)
	pool := par.NewPool(2)
	defer pool.Close()
	w, ht := NewFactor[T](rows, k), NewFactor[T](cols, k)
	for e := range ht.A {
		ht.A[e] = T(rng.Float64())
	}
	for e := range w.A {
		w.A[e] = T(rng.Float64())
	}
	for name, s := range map[string]*Side[T]{"rows": rowSide(in, w, ht), "columns": colSide(in, ht, w)} {
		all := func() (products []T) {
			buf, part := s.Scratch(), Piece[T]{}
			for i := 0; i < s.Free.Rows; {
				n := s.Product(i, s.Free.Rows, buf, &part)
				products = append(products, buf[:n*s.Free.LD]...)
				i += n
			}
			return products
		}
		want := all()
		for _, step := range []int{1, 7, 64, 1000} {
			s.tileBy(step)
			for range 2 {
				s.form(pool)
				if got := all(); !slices.Equal(got, want) {
					t.Errorf("%s in tiles of %d: %v, want %v", name, step, got, want)
				}
			}
		}
	}
}

// TestTilesWherePaying sees which factors are taken in parts.
func TestTilesWherePaying(t *testing.T) {
	const rows, perRow, k = 60, 500, 256
	for cols, want := range map[int]bool{3_000: false, 20_000: true} {
		ptr, idx, val := []int{0}, []int32{}, []float64{}
		for range rows {
			for j := range perRow {
				idx, val = append(idx, int32(j*cols/perRow)), append(val, 1)
			}
			ptr = append(ptr, len(idx))
		}
		x, err := sparse.FromCSR(rows, cols, ptr, idx, val)
		if err != nil {
			t.Fatal(err)
		}
		in := entriesOf[float64](x)
		w, ht := NewFactor[float64](rows, k), NewFactor[float64](cols, k)
		s := rowSide(in, w, ht)
		if s.Tile(); (s.tiles != nil) != want {
			t.Errorf("%d columns: tiles %v, want %v", cols, s.tiles != nil, want)
		}
		s = colSide(in, ht, w)
		if s.Tile(); s.tiles != nil {
			t.Errorf("%d columns: a factor of %d rows is taken in parts", cols, rows)
		}
	}
}

// entriesOf returns x in the precision of T.
func entriesOf[T kern.Float](x *sparse.CSR) *Entries[T] {
	ptr, idx, val := x.Raw()
	rows, cols := x.Dims()
	e := &Entries[float64]{Rows: rows, Cols: cols, CSR: &Compressed[float64]{Ptr: ptr, Idx: idx, Val: val}}
	if in, ok := any(e).(*Entries[T]); ok {
		return in
	}
	return any(Rounded(e)).(*Entries[T])
}
