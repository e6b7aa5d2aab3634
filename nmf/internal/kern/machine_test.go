package kern

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// BenchmarkMachine reports what this processor gives at most to the loops of a
// fit, on one thread and on all: the bounds that nmf/calibrate.md compares
// with. A reading of memory is one of both operands of Dot, a gathered row one
// of 448 bytes (k = 50) at a random place, by MulSparse.
func BenchmarkMachine(b *testing.B) {
	threads := slices.Compact([]int{1, runtime.GOMAXPROCS(0)})
	for _, c := range []struct {
		name, unit string
		amount     float64       // of work, in what unit counts a second
		ready      func() func() // for one thread
	}{
		{"multiply-adds in cache", "GFLOPS", 2 * 32 * 128 * 24 / 1e9, func() func() {
			x, f, dst := ones(32*128), ones(128*24), make([]float64, 32*24)
			return func() { MulDense(dst, x, 128, 128, f, 24, 24) }
		}},
		{"divisions in cache", "Gdivisions/s", 1024 / 1e9, func() func() {
			x, y := ones(1024), ones(1024)
			return func() { Divide(y, x, 0.5) }
		}},
		{"reading of memory", "GB/s", 2 * 8 * streamed / 1e9, func() func() {
			x, y := ones(streamed), ones(streamed)
			return func() { Dot(x, y) }
		}},
		{"rows gathered from 128 KiB", "Mrows/s", gathered / 1e6, gather(1 << 17)},
		{"rows gathered from 8 MiB", "Mrows/s", gathered / 1e6, gather(1 << 23)},
		{"rows gathered from 512 MiB", "Mrows/s", gathered / 1e6, gather(1 << 29)},
	} {
		for _, n := range threads {
			b.Run(fmt.Sprintf("%s/threads=%d", c.name, n), func(b *testing.B) {
				work := make([]func(), n)
				for i := range work {
					work[i] = c.ready()
				}
				b.ResetTimer()
				var all sync.WaitGroup
				for _, f := range work {
					all.Go(func() {
						for range b.N {
							f()
						}
					})
				}
				all.Wait()
				b.ReportMetric(c.amount*float64(n)*float64(b.N)/b.Elapsed().Seconds(), c.unit)
			})
		}
	}
}

const (
	streamed = 1 << 24 // float64s, beyond any cache
	gathered = 1 << 20 // rows
)

func gather(bytes int) func() func() {
	return func() func() {
		const ld = 56
		rows := bytes / (8 * ld)
		rng := rand.New(rand.NewPCG(2, 2))
		idx := make([]int32, gathered)
		for i := range idx {
			idx[i] = int32(rng.IntN(rows))
		}
		val, f, dst := ones(gathered), ones(rows*ld), make([]float64, ld)
		return func() { MulSparse(dst, val, idx, f) }
	}
}

func ones(n int) []float64 {
	a := make([]float64, n)
	for i := range a {
		a[i] = 1
	}
	return a
}
