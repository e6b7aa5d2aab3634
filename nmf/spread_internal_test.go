package nmf

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
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
		in, err := (&Config{}).input(x)
		if err != nil {
			t.Fatal(err)
		}
		var first [2][]float64
		for _, workers := range []int{1, 2, 5} {
			p := newProblem[float64](in, Config{Components: k, Workers: workers})
			defer p.close()
			for _, f := range []*factor[float64]{p.w, p.ht} {
				for i := range f.rows {
					for t := range f.row(i) {
						f.row(i)[t] = float64((i+t)%11) / 11
					}
				}
			}
			for which, s := range []*side[float64]{p.rows(), p.cols()} {
				all := func() (products []float64) {
					buf := s.scratch()
					for i := 0; i < s.t.rows; {
						n := s.product(i, s.t.rows, buf, nil)
						products = append(products, buf[:n*s.t.ld]...)
						i += n
					}
					return products
				}
				want := all()
				s.tile()
				if got, want := s.spread != nil, s.depth > 10_000; got != want {
					t.Errorf("%v: spread %v, want %v", shape, got, want)
				}
				for range 2 {
					s.form(p.pool)
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
