package kerneltest

import (
	"runtime"
	"sync"
	"time"
)

// Busy returns by how much what else the machine does slows this process down:
// 1 on an idle machine. Limits of time hold for such a one; a test multiplies
// them by this.
func Busy() float64 {
	// Every processor works through many short pieces of work. The shortest
	// was not interrupted; the mean is what work gets.
	const pieces = 100
	slowest, spun := 1.0, uint64(0)
	var mu sync.Mutex
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			shortest, total, sum := time.Hour, time.Duration(0), uint64(0)
			for range pieces {
				start := time.Now()
				sum += spin()
				took := time.Since(start)
				shortest, total = min(shortest, took), total+took
			}
			mu.Lock()
			defer mu.Unlock()
			slowest = max(slowest, float64(total)/float64(pieces*shortest))
			spun += sum
		})
	}
	done.Wait()
	runtime.KeepAlive(spun)
	return slowest
}

// spin works for about a millisecond.
func spin() (x uint64) {
	for i := range uint64(1_000_000) {
		x ^= x<<7 + i
	}
	return x
}
