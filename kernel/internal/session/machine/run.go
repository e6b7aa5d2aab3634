package machine

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/goplus/ixgo"

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

// What ends the goroutine of a cell, as panic values.
type (
	Exit    int      // os.Exit
	Goexit  struct{} // runtime.Goexit
	Stopped struct{} // an interrupt
)

func (e Exit) Error() string  { return fmt.Sprintf("exit status %d", int(e)) }
func (Goexit) Error() string  { return "runtime.Goexit was called" }
func (Stopped) Error() string { return "interrupted" }

// A Run is one run of a cell.
type Run struct {
	Of any // what the session keeps with it

	id   int64
	cell int
	in   *ixgo.Interp
	ctx  *cellContext
	stop chan struct{} // closed when the cell has to stop

	// resumed is set once a deferred function runs after an abort: the rest of the
	// way out is a panic, and no code may be aborted any more.
	resumed atomic.Bool
}

// An Interruption is what a run that was interrupted ends with.
type Interruption struct {
	Cause error
	Left  bool // the cell was waiting for what cannot be stopped, and its goroutine was left behind
}

func (i *Interruption) Error() string { return fmt.Sprintf("interrupted: %v", i.Cause) }

// label tells the goroutine of this run from all others.
func (r *Run) label() string { return strconv.FormatInt(r.id, 10) }

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
	p.seal()
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

// abort makes the interpreted functions of in return at once, unabort lets them
// run again. ixgo has no abort for one goroutine: another that runs code of the same
// cell just then is ended, too.
func (m *Machine) abort(in *ixgo.Interp)   { atomic.StoreInt32(exitedFlag(in), 1) }
func (m *Machine) unabort(in *ixgo.Interp) { atomic.StoreInt32(exitedFlag(in), 0) }

// resume is called before the deferred functions of a cell: on the way out of an
// abort they have to run.
func (m *Machine) resume() {
	o := currentOrigin()
	if o == nil || o.run == nil {
		return
	}
	select {
	case <-o.run.stop:
		o.run.resumed.Store(true)
		m.interps.each(m.unabort)
	default:
	}
}

// interps are the interpreters that may still run: those of earlier cells whose
// functions are still referred to.
type interps struct {
	mu   sync.Mutex
	list []weak.Pointer[ixgo.Interp]
	next int // length at which the list is cleared of the dead
}

func (l *interps) add(in *ixgo.Interp) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, weak.Make(in))
	if len(l.list) >= l.next {
		l.eachLocked(func(*ixgo.Interp) {})
		l.next = 2*len(l.list) + 64
	}
}

func (l *interps) each(f func(*ixgo.Interp)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.eachLocked(f)
}

func (l *interps) eachLocked(f func(*ixgo.Interp)) {
	live := l.list[:0]
	for _, w := range l.list {
		if in := w.Value(); in != nil {
			live = append(live, w)
			f(in)
		}
	}
	clear(l.list[len(live):])
	l.list = live
}
