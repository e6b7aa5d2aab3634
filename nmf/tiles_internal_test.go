package nmf

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonmf/nmf/internal/kern"
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
	in, err := (&Config{}).input(x)
	if err != nil {
		t.Fatal(err)
	}
	p := newProblem[T](in, Config{Components: k, Workers: 2})
	defer p.close()
	for e := range p.ht.a {
		p.ht.a[e] = T(rng.Float64())
	}
	for e := range p.w.a {
		p.w.a[e] = T(rng.Float64())
	}
	for name, s := range map[string]*side[T]{"rows": p.rows(), "columns": p.cols()} {
		all := func() (products []T) {
			buf, part := s.scratch(), piece[T]{}
			for i := 0; i < s.t.rows; {
				n := s.product(i, s.t.rows, buf, &part)
				products = append(products, buf[:n*s.t.ld]...)
				i += n
			}
			return products
		}
		want := all()
		for _, step := range []int{1, 7, 64, 1000} {
			s.tileBy(step)
			for range 2 {
				s.form(p.pool)
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
		in, err := (&Config{}).input(x)
		if err != nil {
			t.Fatal(err)
		}
		p := newProblem[float64](in, Config{Components: k, Workers: 1})
		defer p.close()
		s := p.rows()
		if s.tile(); (s.tiles != nil) != want {
			t.Errorf("%d columns: tiles %v, want %v", cols, s.tiles != nil, want)
		}
		s = p.cols()
		if s.tile(); s.tiles != nil {
			t.Errorf("%d columns: a factor of %d rows is taken in parts", cols, rows)
		}
	}
}
