package par

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
	"weak"
)

func TestPoolRunsEachBlockOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 5} {
		p := NewPool(workers)
		var seen [7]atomic.Int64
		var inside [5]atomic.Bool
		fn := func(worker, block int) {
			if inside[worker].Swap(true) {
				t.Errorf("worker %d runs two blocks at a time", worker)
			}
			seen[block].Add(1)
			inside[worker].Store(false)
		}
		const turns = 20_000
		for turn := range turns {
			p.Run(turn%len(seen)+1, fn)
			if turn%4_000 == 0 {
				time.Sleep(time.Millisecond) // until the helpers sleep
			}
		}
		p.Close()
		for b := range seen {
			want := int64(0)
			for turn := range turns {
				if turn%len(seen) >= b {
					want++
				}
			}
			if got := seen[b].Load(); got != want {
				t.Errorf("%d workers: block %d ran %d times in %d turns, want %d", workers, b, got, turns, want)
			}
		}
	}
}

// TestPoolLetsGoOfItsWork is of memory that could not go while a fit makes its
// answer, or after it.
func TestPoolLetsGoOfItsWork(t *testing.T) {
	p := NewPool(2)
	defer p.Close()
	work := func() weak.Pointer[[1 << 16]byte] {
		var held [1 << 16]byte
		p.Run(8, func(_, block int) { held[block] = 1 })
		return weak.Make(&held)
	}()
	for range 10 {
		runtime.GC()
		if work.Value() == nil {
			return
		}
	}
	t.Error("what the last work was done on is still there")
}
