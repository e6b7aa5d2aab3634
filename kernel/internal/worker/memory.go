package worker

import (
	"errors"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"gonmf/kernel/internal/proc"
)

const (
	memoryCheck = 10 * time.Millisecond
	memoryRest  = 100 * time.Millisecond // between two checks while less than a quarter of the limit is in use
	memoryGrace = 2 * time.Second        // for an interrupted cell to give its memory back
)

// hardLimit is where the system itself refuses memory: above the limit that is watched, so that a cell is normally
// interrupted first, and low enough that one enormous allocation cannot take the machine down.
func hardLimit(limit int64) int64 { return limit + limit/4 + 256<<20 }

// memoryError interrupts a cell that uses too much.
type memoryError struct{ limit int64 }

func (e memoryError) Error() string {
	return fmt.Sprintf("out of memory: the cell needed more than the %s this kernel may use (raise it with GONMF_KERNEL_MEMORY, e.g. 8GiB)", size(e.limit))
}

func size(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// limitMemory keeps the process below limit bytes: the garbage collector works harder close to it, at the limit
// interrupt ends the cell that runs, and if that does not help the process ends, which the kernel reports.
func limitMemory(limit int64, interrupt func(cause error)) {
	debug.SetMemoryLimit(limit - limit/10)
	if err := proc.LimitMemory(hardLimit(limit)); err != nil && !errors.Is(err, proc.ErrNoLimit) {
		fmt.Fprintf(stderr, "worker: %v: the memory limit is watched, but not enforced by the system\n", err)
	}
	go func() {
		for {
			used := inUse()
			if used <= limit {
				pause := memoryCheck
				if used < limit/4 {
					pause = memoryRest
				}
				time.Sleep(pause)
				continue
			}
			interrupt(memoryError{limit})
			if !fallsBelow(limit) {
				fmt.Fprintf(stderr, "fatal error: %v\n", memoryError{limit})
				proc.EndSelf(1)
			}
		}
	}()
}

// fallsBelow waits for memory in use to fall below the limit.
func fallsBelow(limit int64) bool {
	for start := time.Now(); time.Since(start) < memoryGrace; time.Sleep(5 * memoryCheck) {
		debug.FreeOSMemory()
		switch used := inUse(); {
		case used <= limit:
			return true
		case used > hardLimit(limit):
			return false
		}
	}
	return false
}

// inUse returns the bytes that the Go runtime has from the system and has not given back.
func inUse() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
