package kern

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkMulDense reports the speed of the dense product, its matrices in
// caches.
func BenchmarkMulDense(b *testing.B) {
	for _, k := range []int{20, 100} {
		for _, depth := range []int{20, 128, 2000} {
			rng := rand.New(rand.NewPCG(1, 1))
			ld := (k + 7) / 8 * 8
			const rows = 32
			x, f, dst := make([]float64, rows*depth), make([]float64, depth*ld), make([]float64, rows*ld)
			for i := range x {
				x[i] = rng.Float64()
			}
			for i := range f {
				f[i] = rng.Float64()
			}
			for _, cols := range []bool{false, true} {
				b.Run(fmt.Sprintf("k=%d/depth=%d/cols=%v", k, depth, cols), func(b *testing.B) {
					for b.Loop() {
						if cols {
							MulDenseT(dst, x, rows, depth, f, ld, k, nil, 0)
						} else {
							MulDense(dst, x, depth, depth, f, ld, k)
						}
					}
					b.ReportMetric(2*float64(rows*depth*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOPS")
				})
			}
		}
	}
}
