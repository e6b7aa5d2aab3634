package machine

import (
	"context"
	"sync/atomic"
	"time"

	"gonmf/kernel/internal/session/source"
)

const (
	// contextNotice is how long a cell that looks at ctx may take to end by
	// itself, so that what it was computing is assigned; contextGrace is what it
	// gets on top while it is in compiled code, such as an iteration of a fit, as
	// is seen each contextLook.
	contextNotice, contextGrace, contextLook = 100 * time.Millisecond, time.Second, 10 * time.Millisecond
	// abortCell is how long the running cell's own code is given to stop before
	// that of earlier cells, which it may be running, is stopped as well.
	abortCell = 20 * time.Millisecond
	// abandon is how long after the interrupt a cell is left that is blocked, or in
	// compiled code that does not look at ctx: its goroutine is left behind. abandonLast
	// is the least that its code is given to stop.
	abandon, abandonLast = 170 * time.Millisecond, 40 * time.Millisecond
)

var runs atomic.Int64

// Run runs a program that was built from a cell until it ends or ctx does. The error is
// one that Options.Failed has made, or an [*Interruption].
func (m *Machine) Run(ctx context.Context, p *Program, cell int, of any) error {
	r := &Run{Of: of, id: runs.Add(1), cell: cell, in: p.in, ctx: newCellContext(), stop: make(chan struct{})}
	m.lastCell.Store(int64(cell))
	m.interps.add(p.in)

	done := make(chan error, 1)
	go func() {
		setOrigin(&origin{m: m, cell: cell, run: r, ctx: r.ctx})
		done <- m.runCell(r)
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = m.interrupt(r, context.Cause(ctx), done)
	}
	m.stdio.drain()
	m.out.Flush()
	return err
}

// runCell runs the initializers of packages new to the session and the
// statements of the cell.
func (m *Machine) runCell(r *Run) (err error) {
	defer func() {
		if e := recover(); e != nil {
			err = m.Options.Failed(r.cell, e)
		}
	}()
	_, e := r.in.RunFunc("init")
	if e == nil {
		_, e = r.in.RunFunc(source.Entry)
	}
	if e != nil {
		return m.Options.Failed(r.cell, e)
	}
	return nil
}

// Running returns the run of a cell that the calling goroutine is, or nil.
func Running() *Run {
	if o := currentOrigin(); o != nil {
		return o.run
	}
	return nil
}

// Command runs what a command of the cell does. That looks at the context of the run are
// none of the cell's; the cell goes on unless it was interrupted meanwhile.
func (r *Run) Command(do func(ctx context.Context) error) error {
	noticed := r.ctx.noticed.Load()
	err := do(r.ctx.Context)
	r.ctx.noticed.Store(noticed) // the command looks at ctx no more
	if r.ctx.Context.Err() != nil {
		panic(Stopped{})
	}
	return err
}

// interrupt stops a running cell: first it may end by itself, if it looks at ctx;
// then its code is aborted, and at last its goroutine is abandoned.
func (m *Machine) interrupt(r *Run, cause error, done <-chan error) *Interruption {
	begin := time.Now()
	r.ctx.cancel(cause)
	if (r.ctx.noticed.Load() || r.computes()) && m.endsByItself(r, done) {
		close(r.stop)
		return &Interruption{Cause: cause}
	}
	close(r.stop)
	m.numeric.stopping.Add(1)
	defer m.numeric.stopping.Add(-1)
	m.abort(r.in)
	ended := waitFor(done, abortCell)
	if !ended && !r.blocked() {
		// It runs code of earlier cells, or deferred functions.
		if !r.resumed.Load() {
			m.interps.each(m.abort)
		}
		ended = waitFor(done, max(abandonLast, abandon-time.Since(begin)))
	}
	m.interps.each(m.unabort)
	if !ended {
		return &Interruption{cause, true}
	}
	return &Interruption{Cause: cause}
}

// endsByItself waits for a cell that was told to end by its ctx, for longer if compiled
// code looks at that and has yet to notice.
func (m *Machine) endsByItself(r *Run, done <-chan error) bool {
	if waitFor(done, contextNotice) {
		return true
	}
	for begin := time.Now(); r.ctx.noticed.Load() && time.Since(begin) < contextGrace && r.computes(); {
		if waitFor(done, contextLook) {
			return true
		}
	}
	return false
}

func waitFor(done <-chan error, d time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
