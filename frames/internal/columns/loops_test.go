package columns

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestLoopsAreMaths compares the loops with the functions of package math: to the bit where
// compilers join no product with a sum.
func TestLoopsAreMaths(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := []float64{0, math.Copysign(0, -1), 1, -1, -2, -0.2, math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, math.MaxFloat64,
		math.Sqrt2 - 1, math.Nextafter(math.Sqrt2-1, 0), math.Nextafter(math.Sqrt2-1, 1), math.Sqrt2, 1.0 / (1 << 29), 1 << 53, 1<<53 - 1, 0.41421356, 3, 7, 1<<40 - 1}
	for k := range 40 {
		for d := -3.0; d <= 3; d++ {
			u := math.Ldexp(1, k)
			x = append(x, u-1+d*(math.Nextafter(u, 2*u)-u))
		}
	}
	for range 200_000 {
		x = append(x, rng.ExpFloat64(), math.Exp(80*(rng.Float64()-0.5)), rng.NormFloat64(), math.Float64frombits(rng.Uint64()))
	}
	out := make([]float64, len(x))
	for name, loop := range loops {
		loop(out, x)
		for i, v := range x {
			want := reals[name](v)
			bits := int64(math.Float64bits(out[i]) - math.Float64bits(want))
			if bits == 0 || out[i] != out[i] && want != want || runtime.GOARCH != "amd64" && max(bits, -bits) <= 1 {
				continue
			}
			t.Fatalf("%s(%v) = %v, want %v", name, v, out[i], want)
		}
	}
}
