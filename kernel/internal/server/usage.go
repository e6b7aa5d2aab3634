package server

import (
	"os"
	"runtime"
	"sync"
	"time"

	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/wire"
)

// meter remembers what was used when it was last asked.
type meter struct {
	mu   sync.Mutex
	last time.Time
	cpu  time.Duration
}

// usage tells what the kernel and its session use, as far as the system says so.
func (k *Kernel) usage(*request) (any, error) {
	host, err := os.Hostname()
	if err != nil {
		k.log.Print(err) // a name that is missing is no reason to say nothing
	}
	reply := wire.UsageReply{Status: wire.StatusOK, Hostname: host, PID: os.Getpid(), Processors: runtime.NumCPU()}
	if m, ok := proc.HostMemory(); ok {
		reply.HostMemory = &wire.HostMemory{
			Total: m.Total, Available: m.Available, Free: m.Free,
			Used: m.Total - m.Available, Percent: 100 * float64(m.Total-m.Available) / float64(m.Total),
		}
	}
	var total proc.Usage
	known := false
	for _, pid := range []int{os.Getpid(), k.worker.PID()} {
		if u, ok := proc.UsageOf(pid); ok && pid > 0 {
			total.Memory += u.Memory
			total.CPU += u.CPU
			known = true
		}
	}
	if !known {
		return reply, nil
	}
	reply.Memory = total.Memory
	k.meter.mu.Lock()
	defer k.meter.mu.Unlock()
	now := time.Now()
	if elapsed := now.Sub(k.meter.last); !k.meter.last.IsZero() && elapsed > 0 {
		percent := max(0, 100*float64(total.CPU-k.meter.cpu)/float64(elapsed)) // less than nothing, if the session is another one
		reply.CPU = &percent
	}
	k.meter.last, k.meter.cpu = now, total.CPU
	return reply, nil
}
