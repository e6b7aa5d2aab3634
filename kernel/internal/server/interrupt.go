package server

import (
	"context"
	"sync"
	"time"

	"gonmf/kernel/internal/pipe"
)

// patience is how long an interrupted cell may take to end before the user is told that a second interrupt will end the
// session. Compiled code that does not look at its context cannot be stopped in any other way.
const patience = 3 * time.Second

// interrupter follows the interrupts of the cell that runs.
type interrupter struct {
	mu     sync.Mutex
	stop   context.CancelFunc // nil: none runs
	cell   int
	first  time.Time // of the first interrupt of this run
	notice *time.Timer
}

// begin returns the context that interrupts end from here on.
func (i *interrupter) begin(cell int) context.Context {
	i.mu.Lock()
	defer i.mu.Unlock()
	ctx, stop := context.WithCancel(context.Background())
	i.stop, i.cell, i.first = stop, cell, time.Time{}
	return ctx
}

func (i *interrupter) end() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop()
	i.stop = nil
	if i.notice != nil {
		i.notice.Stop()
		i.notice = nil
	}
}

// noCell is the cell of calls that run none.
const noCell = 0

// call has the worker do something that is no cell and that an interrupt ends.
func (s *shell) call(kind pipe.Kind, request, reply any) error {
	ctx := s.stopper.begin(noCell)
	defer s.stopper.end()
	return s.k.worker.Call(ctx, kind, request, reply)
}

// interrupt ends the cells that run, as far as they let themselves be ended.
func (k *Kernel) interrupt() {
	for _, s := range k.shells.all() {
		s.interrupt()
	}
}

// interrupt ends the cell that the shell runs.
func (s *shell) interrupt() {
	i, k := &s.stopper, s.k
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.stop == nil:
		return
	case i.first.IsZero():
		i.first = time.Now()
		cell := i.cell
		i.notice = time.AfterFunc(patience, func() {
			k.Output(cell, true, []byte("The cell has not stopped yet. Interrupt it again to end its session: variables will be gone, history and files kept.\n"))
		})
	case time.Since(i.first) >= patience:
		k.worker.Kill("the cell did not stop when interrupted, so its session was ended")
		return
	}
	i.stop()
}
