package worker

import (
	"maps"
	"sync"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
)

// groups are the processes that cells have started. Each is in a group of its own, so that an interrupt can end it, and
// so is not ended with this process.
type groups struct {
	mu   sync.Mutex
	live map[proc.Group]bool
}

func (g *groups) set(pid int, live bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.live == nil {
		g.live = map[proc.Group]bool{}
	}
	g.live[proc.Group(pid)] = live
	maps.DeleteFunc(g.live, func(_ proc.Group, live bool) bool { return !live })
}

func (g *groups) kill() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for group := range g.live {
		group.Kill()
	}
}

// child notes a process, and tells the kernel, who ends it should this process not be able to.
func (w *worker) child(pid int, ended bool) {
	w.groups.set(pid, !ended)
	// If the pipe is gone, so is the kernel, and the reader ends all.
	_ = w.out.WriteJSON(pipe.KindChild, pipe.Child{PID: pid, Ended: ended})
}
