package kern

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// numbers returns n of which many are zero, and some denormal.
func numbers(rng *rand.Rand, n int) []float64 {
	a := make([]float64, n)
	for i := range a {
		switch rng.IntN(8) {
		case 0, 1, 2:
		case 3:
			a[i] = 5e-324 * float64(rng.IntN(100))
		default:
			a[i] = rng.ExpFloat64()
		}
	}
	return a
}

// odd returns a copy of a at an address that is no multiple of 16.
func odd(a []float64) []float64 {
	for skip := 0; ; skip++ {
		b := make([]float64, len(a)+skip+1)[1+skip:]
		copy(b, a)
		return b[:len(a):len(a)]
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= 1e-12*scale) {
			t.Fatalf("%s: [%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}

// eachSet runs f for every instruction set of this processor but the generic
// one, which is the reference, and for rows of many lengths.
func eachSet(t *testing.T, f func(t *testing.T, s set, rng *rand.Rand, ld int)) {
	for _, s := range available()[1:] {
		for ld := Line; ld <= 26*Line; ld += Line {
			t.Run(fmt.Sprintf("%s/%d", s.name, ld), func(t *testing.T) {
				f(t, s, rand.New(rand.NewPCG(1, uint64(ld))), ld)
			})
		}
	}
}

func TestMulSparse(t *testing.T) {
	eachSet(t, func(t *testing.T, s set, rng *rand.Rand, ld int) {
		f := odd(numbers(rng, 40*ld))
		for n := range 30 {
			val, idx := odd(numbers(rng, n)), make([]int32, n)
			for p := range idx {
				idx[p] = int32(rng.IntN(40))
			}
			got, want := odd(numbers(rng, ld)), make([]float64, ld)
			s.mulSparse(got, val, idx, f)
			mulSparseGeneric(want, val, idx, f)
			near(t, fmt.Sprint(n, " entries"), got, want)
		}
	})
}

func TestMulDense(t *testing.T) {
	eachSet(t, func(t *testing.T, s set, rng *rand.Rand, ld int) {
		for rows := 1; rows < 11; rows++ {
			for _, depth := range []int{0, 1, 7, 300} {
				stride := depth + rng.IntN(3)
				x, f := odd(numbers(rng, rows*stride+depth)), odd(numbers(rng, depth*ld))
				start := numbers(rng, rows*ld)
				got, want := odd(start), append([]float64(nil), start...)
				s.mulDense(got, x, stride, 1, depth, f, ld)
				mulDenseGeneric(want, x, stride, 1, depth, f, ld)
				near(t, fmt.Sprintf("%d x %d", rows, depth), got, want)
				// Stored by columns, it is the same.
				byCols := make([]float64, rows*depth)
				for r := range rows {
					for p := range depth {
						byCols[p*rows+r] = x[r*stride+p]
					}
				}
				again := odd(start)
				s.mulDense(again, byCols, 1, rows, depth, f, ld)
				near(t, fmt.Sprintf("%d x %d by columns", rows, depth), again, want)
				// A row alone has the bits that it has among others.
				for r := range rows {
					alone := append([]float64(nil), start[r*ld:][:ld]...)
					s.mulDense(alone, x[r*stride:], stride, 1, depth, f, ld)
					for i, v := range alone {
						if v != got[r*ld+i] {
							t.Fatalf("row %d of %d: [%d] = %v alone, %v among others", r, rows, i, v, got[r*ld+i])
						}
					}
				}
			}
		}
	})
}

func TestGram(t *testing.T) {
	eachSet(t, func(t *testing.T, s set, rng *rand.Rand, ld int) {
		for rows := range 9 {
			a := odd(numbers(rng, rows*ld))
			got, want := odd(numbers(rng, ld*ld)), make([]float64, ld*ld)
			s.gram(got, a, ld)
			gramGeneric(want, a, ld)
			near(t, fmt.Sprint(rows, " rows"), got, want)
		}
	})
}

func TestTranspose(t *testing.T) {
	for _, s := range available() {
		rng := rand.New(rand.NewPCG(5, 5))
		for rows := range 19 {
			for cols := range 27 {
				dstStride, srcStride := rows+rng.IntN(3), cols+rng.IntN(3)
				src := odd(numbers(rng, rows*srcStride+cols))
				dst := odd(numbers(rng, cols*dstStride+rows))
				want := append([]float64(nil), dst...)
				for r := range rows {
					for c := range cols {
						want[c*dstStride+r] = src[r*srcStride+c]
					}
				}
				s.transpose(dst, dstStride, src, srcStride, rows, cols)
				for i, v := range dst {
					if v != want[i] {
						t.Fatalf("%s: %d x %d: [%d] = %v, want %v", s.name, rows, cols, i, v, want[i])
					}
				}
			}
		}
	}
}

func TestLanes(t *testing.T) {
	const ld = 3 * Line
	for rows := 1; rows <= Lanes; rows++ {
		rng := rand.New(rand.NewPCG(6, uint64(rows)))
		src, lanes, back := odd(numbers(rng, rows*ld)), odd(numbers(rng, ld*Lanes)), make([]float64, rows*ld)
		ToLanes(lanes, src, ld)
		for i, v := range lanes {
			want := 0.0
			if l := i % Lanes; l < rows {
				want = src[l*ld+i/Lanes]
			}
			if v != want {
				t.Fatalf("%d rows: lane %d has %v at %d, want %v", rows, i%Lanes, v, i/Lanes, want)
			}
		}
		FromLanes(back, lanes, ld)
		for i, v := range back {
			if v != src[i] {
				t.Fatalf("%d rows: %v came back as %v", rows, src[i], v)
			}
		}
	}
}

func TestDotRows(t *testing.T) {
	eachSet(t, func(t *testing.T, s set, rng *rand.Rand, ld int) {
		f, w := odd(numbers(rng, 40*ld)), odd(numbers(rng, ld))
		for n := range 30 {
			idx := make([]int32, n)
			for p := range idx {
				idx[p] = int32(rng.IntN(40))
			}
			got, want := odd(numbers(rng, n)), make([]float64, n)
			s.dotRows(got, w, idx, f)
			dotRowsGeneric(want, w, idx, f)
			near(t, fmt.Sprint(n, " rows"), got, want)
		}
	})
}

func TestDivide(t *testing.T) {
	for _, s := range available() {
		for n := range 40 {
			rng := rand.New(rand.NewPCG(7, uint64(n)))
			x, y := odd(numbers(rng, n)), odd(numbers(rng, n))
			want := make([]float64, n)
			for i := range want {
				want[i] = x[i] / max(y[i], 1e-7)
			}
			s.divide(y, x, 1e-7)
			near(t, fmt.Sprint(s.name, n), y, want)
		}
	}
}

func TestDescend(t *testing.T) {
	eachSet(t, func(t *testing.T, s set, rng *rand.Rand, ld int) {
		a := numbers(rng, 3*ld*ld)
		gram, inv := make([]float64, ld*ld), make([]float64, ld)
		gramGeneric(gram, a, ld)
		for i := range inv {
			if gram[i*ld+i] > 1e-9 {
				inv[i] = 1 / gram[i*ld+i]
			}
		}
		b, w := odd(numbers(rng, ld*Lanes)), numbers(rng, ld*Lanes)
		for i := range b {
			b[i] += rng.Float64() // or rounding decides what is zero
		}
		got, want := odd(w), append([]float64(nil), w...)
		gotV, wantV := odd(make([]float64, Lanes)), make([]float64, Lanes)
		for range 3 {
			s.descend(got, b, gram, inv, gotV)
			descendGeneric(want, b, gram, inv, wantV)
		}
		near(t, "w", got, want)
		near(t, "violations", gotV, wantV)
		for i, v := range got {
			if v < 0 || math.Signbit(v) {
				t.Fatalf("w[%d] = %v", i, v)
			}
		}
	})
}

func TestDot(t *testing.T) {
	for _, s := range available()[1:] {
		for n := range 200 {
			rng := rand.New(rand.NewPCG(3, uint64(n)))
			x, y := odd(numbers(rng, n)), odd(numbers(rng, n))
			near(t, fmt.Sprint(s.name, n), []float64{s.dot(x, y)}, []float64{dotGeneric(x, y)})
		}
	}
}

// The generic loops against sums written out.
func TestGeneric(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const ld, rows = Line, 5
	f := numbers(rng, rows*ld)
	val, idx := []float64{2, 0, 3}, []int32{4, 1, 0}
	got := make([]float64, ld)
	mulSparseGeneric(got, val, idx, f)
	for i, v := range got {
		if want := 2*f[4*ld+i] + 3*f[i]; math.Abs(v-want) > 1e-15*want {
			t.Errorf("mulSparse: [%d] = %v, want %v", i, v, want)
		}
	}
	g := make([]float64, ld*ld)
	gramGeneric(g, f, ld)
	for i := range ld {
		for j := range ld {
			want := 0.0
			for r := range rows {
				want += f[r*ld+i] * f[r*ld+j]
			}
			if math.Abs(g[i*ld+j]-want) > 1e-14*want {
				t.Errorf("gram: [%d,%d] = %v, want %v", i, j, g[i*ld+j], want)
			}
		}
	}
	if d := dotGeneric([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{1, 1, 1, 1, 1, 1, 1, 1, 2}); d != 54 {
		t.Errorf("dot = %v, want 54", d)
	}
}
