package block

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/par"
)

// TestSpread compares products that are formed by parts of their depth with the
// others.
func TestSpread(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const k = 5
	for _, shape := range [][2]int{{10_007, 21}, {21, 10_007}, {300, 200}} {
		x := mat.NewDense(shape[0], shape[1], nil)
		for e := range x.RawMatrix().Data {
			x.RawMatrix().Data[e] = rng.Float64()
		}
		raw := x.RawMatrix()
		in := &Entries[float64]{Rows: shape[0], Cols: shape[1], Dense: raw.Data, Stride: raw.Stride}
		var first [2][]float64
		for _, workers := range []int{1, 2, 5} {
			pool := par.NewPool(workers)
			defer pool.Close()
			w, ht := NewFactor[float64](in.Rows, k), NewFactor[float64](in.Cols, k)
			for _, f := range []*Factor[float64]{w, ht} {
				for i := range f.Rows {
					for t := range f.Row(i) {
						f.Row(i)[t] = float64((i+t)%11) / 11
					}
				}
			}
			for which, s := range []*Side[float64]{rowSide(in, w, ht), colSide(in, ht, w)} {
				all := func() (products []float64) {
					buf := s.Scratch()
					for i := 0; i < s.Free.Rows; {
						n := s.Product(i, s.Free.Rows, buf, nil)
						products = append(products, buf[:n*s.Free.LD]...)
						i += n
					}
					return products
				}
				want := all()
				s.Tile()
				if got, want := s.spread != nil, s.Depth > 10_000; got != want {
					t.Errorf("%v: spread %v, want %v", shape, got, want)
				}
				for range 2 {
					s.form(pool)
					got := all()
					if workers == 1 {
						first[which] = got
					} else if !slices.Equal(got, first[which]) {
						t.Errorf("%v: %d workers give other bits", shape, workers)
					}
					for e, v := range got {
						if diff := v - want[e]; diff > 1e-10 || diff < -1e-10 {
							t.Fatalf("%v: %v at %d, want %v", shape, v, e, want[e])
						}
					}
				}
			}
		}
	}
}
