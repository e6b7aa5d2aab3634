package session

import (
	"context"
	"fmt"
	"runtime"
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
	exit    int      // os.Exit
	goexit  struct{} // runtime.Goexit
	stopped struct{} // an interrupt
)

func (e exit) Error() string  { return fmt.Sprintf("exit status %d", int(e)) }
func (goexit) Error() string  { return "runtime.Goexit was called" }
func (stopped) Error() string { return "interrupted" }

// A run is one run of a cell.
type run struct {
	id   int64
	cell int
	in   *ixgo.Interp
	ctx  *cellContext
	stop chan struct{} // closed when the cell has to stop

	commands []source.Command

	// resumed is set once a deferred function runs after an abort: the rest of the
	// way out is a panic, and no code may be aborted any more.
	resumed atomic.Bool

	result atomic.Pointer[Result]
}

// label tells the goroutine of this run from all others.
func (r *run) label() string { return strconv.FormatInt(r.id, 10) }

var runs atomic.Int64

// execute runs a compiled cell until it ends or ctx does.
func (s *Session) execute(ctx context.Context, p *program) (Result, *Error) {
	r := &run{id: runs.Add(1), cell: p.unit.cell, in: p.in, ctx: newCellContext(), stop: make(chan struct{}), commands: p.commands}
	s.lastCell.Store(int64(r.cell))
	s.interps.add(p.in)
	for _, note := range p.notes {
		s.out.write(r.cell, Stderr, []byte(note))
	}

	done := make(chan *Error, 1)
	go func() {
		setOrigin(&origin{s: s, cell: r.cell, run: r, ctx: r.ctx})
		done <- s.runCell(r)
	}()
	var err *Error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = s.interrupt(r, context.Cause(ctx), done)
	}
	p.seal()
	s.stdio.drain()
	s.out.flush()
	if res := r.result.Load(); res != nil {
		return *res, err
	}
	return Result{}, err
}

// runCell runs the initializers of packages new to the session and the
// statements of the cell.
func (s *Session) runCell(r *run) (err *Error) {
	defer func() {
		if e := recover(); e != nil {
			err = s.panicError(r.cell, e)
		}
	}()
	_, e := r.in.RunFunc("init")
	if e == nil {
		_, e = r.in.RunFunc(entry)
	}
	if e != nil {
		return s.panicError(r.cell, e)
	}
	return nil
}

// interrupt stops a running cell: first it may end by itself, if it looks at ctx;
// then its code is aborted, and at last its goroutine is abandoned.
func (s *Session) interrupt(r *run, cause error, done <-chan *Error) *Error {
	begin := time.Now()
	r.ctx.cancel(cause)
	if (r.ctx.noticed.Load() || r.computes()) && s.endsByItself(r, done) {
		close(r.stop)
		return interruptedError(r.cell, cause, "")
	}
	close(r.stop)
	s.numeric.stopping.Add(1)
	defer s.numeric.stopping.Add(-1)
	s.abort(r.in)
	ended := waitFor(done, abortCell)
	if !ended && !r.blocked() {
		// It runs code of earlier cells, or deferred functions.
		if !r.resumed.Load() {
			s.interps.each(s.abort)
		}
		ended = waitFor(done, max(abandonLast, abandon-time.Since(begin)))
	}
	s.interps.each(s.unabort)
	if !ended {
		return interruptedError(r.cell, cause, "; the cell was waiting for something that cannot be stopped, and its goroutine was left behind")
	}
	return interruptedError(r.cell, cause, "")
}

// endsByItself waits for a cell that was told to end by its ctx, for longer if compiled
// code looks at that and has yet to notice.
func (s *Session) endsByItself(r *run, done <-chan *Error) bool {
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

func waitFor(done <-chan *Error, d time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}

func interruptedError(cell int, cause error, more string) *Error {
	text := "interrupted"
	if cause != nil && cause != context.Canceled && cause.Error() != text {
		text += ": " + cause.Error()
	}
	err := newError(Interrupted, "%s%s", text, more)
	err.Cell = cell
	return err
}

// abort makes the interpreted functions of in return at once, unabort lets them
// run again. ixgo has no abort for one goroutine: another that runs code of the same
// cell just then is ended, too.
func (s *Session) abort(in *ixgo.Interp)   { atomic.StoreInt32(exitedFlag(in), 1) }
func (s *Session) unabort(in *ixgo.Interp) { atomic.StoreInt32(exitedFlag(in), 0) }

// resume is called before the deferred functions of a cell: on the way out of an
// abort they have to run.
func (s *Session) resume() {
	o := currentOrigin()
	if o == nil || o.run == nil {
		return
	}
	select {
	case <-o.run.stop:
		o.run.resumed.Store(true)
		s.interps.each(s.unabort)
	default:
	}
}

// checkpoint is called when the goroutine may have been blocked: if the cell was
// interrupted meanwhile, what is left of it must not run.
func (s *Session) checkpoint() {
	select {
	case <-s.stopSignal():
		panic(stopped{})
	default:
	}
}

// stopSignal is closed when the calling goroutine is one that runs a cell and the
// cell was interrupted.
func (s *Session) stopSignal() <-chan struct{} {
	if o := currentOrigin(); o != nil && o.run != nil {
		return o.run.stop
	}
	return nil
}

// sleep is time.Sleep for cells.
func (s *Session) sleep(d time.Duration) {
	stop := s.stopSignal()
	if stop == nil {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-stop:
		panic(stopped{})
	}
}

// afterFunc is time.AfterFunc for cells: f works for the cell that asked, and may
// panic.
func (s *Session) afterFunc(d time.Duration, f func()) *time.Timer {
	o := s.offspring()
	return time.AfterFunc(d, func() { s.spawned(o, f) })
}

// contextAfterFunc is context.AfterFunc for cells.
func (s *Session) contextAfterFunc(ctx context.Context, f func()) (stop func() bool) {
	o := s.offspring()
	return context.AfterFunc(ctx, func() { s.spawned(o, f) })
}

// waitGroupGo is (*sync.WaitGroup).Go for cells.
func (s *Session) waitGroupGo(wg *sync.WaitGroup, f func()) {
	o := s.offspring()
	wg.Go(func() { s.spawned(o, f) })
}

// installControl gives the cells of ctx functions that end or start goroutines
// without ending the process.
func (s *Session) installControl(ctx *ixgo.Context) {
	for name, fn := range map[string]any{
		"os.Exit":              func(code int) { panic(exit(code)) },
		"runtime.Goexit":       func() { panic(goexit{}) },
		"runtime.GC":           runtime.GC,
		"time.Sleep":           s.sleep,
		"time.AfterFunc":       s.afterFunc,
		"context.AfterFunc":    s.contextAfterFunc,
		"context.Background":   func() context.Context { return s.context },
		"context.TODO":         func() context.Context { return s.context },
		"(*sync.WaitGroup).Go": s.waitGroupGo,
		hooksPath + ".Before":  s.commandBefore,
		hooksPath + ".After":   s.commandAfter,
		hooksPath + ".Repeat":  s.commandRepeat,
		hooksPath + ".Result":  result,
		hooksPath + ".Printed": printed,
		hooksPath + ".ResultChecked": func(v ...any) {
			s.lookAtLast(v...)
			result(v...)
		},
		hooksPath + ".PrintedChecked": func(v ...any) {
			s.lookAtLast(v...)
			printed(v...)
		},
		hooksPath + ".Unread":  s.lookAt,
		hooksPath + ".Dropped": s.lookAtLast,
	} {
		ctx.RegisterExternal(name, fn)
	}
}

// result keeps what a cell ends with.
func result(v ...any) {
	if o := currentOrigin(); o != nil && o.run != nil {
		o.run.result.Store(&Result{Has: true, Values: v})
	}
}

// printed is result for a call that is made for what it prints.
func printed(v ...any) {
	if !isPrintResult(v) {
		result(v...)
	}
}

// isPrintResult says whether v is what a print function returns: a count and no
// error.
func isPrintResult(v []any) bool {
	if len(v) != 2 || v[1] != nil {
		return false
	}
	switch v[0].(type) {
	case int, int64:
		return true
	}
	return false
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
