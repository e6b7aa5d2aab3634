package machine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goplus/ixgo"
)

// sleep is time.Sleep for cells.
func (m *Machine) sleep(d time.Duration) {
	stop := m.stopSignal()
	if stop == nil {
		time.Sleep(d)
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-stop:
		panic(Stopped{})
	}
}

// afterFunc is time.AfterFunc for cells: f works for the cell that asked, and may
// panic.
func (m *Machine) afterFunc(d time.Duration, f func()) *time.Timer {
	o := m.offspring()
	return time.AfterFunc(d, func() { m.spawned(o, f) })
}

// contextAfterFunc is context.AfterFunc for cells.
func (m *Machine) contextAfterFunc(ctx context.Context, f func()) (stop func() bool) {
	o := m.offspring()
	return context.AfterFunc(ctx, func() { m.spawned(o, f) })
}

// waitGroupGo is (*sync.WaitGroup).Go for cells.
func (m *Machine) waitGroupGo(wg *sync.WaitGroup, f func()) {
	o := m.offspring()
	wg.Go(func() { m.spawned(o, f) })
}

// installControl gives the cells of ctx functions that end or start goroutines
// without ending the process.
func (m *Machine) installControl(ctx *ixgo.Context) {
	for name, fn := range map[string]any{
		"os.Exit":              func(code int) { panic(Exit(code)) },
		"runtime.Goexit":       func() { panic(Goexit{}) },
		"runtime.GC":           runtime.GC,
		"time.Sleep":           m.sleep,
		"time.AfterFunc":       m.afterFunc,
		"context.AfterFunc":    m.contextAfterFunc,
		"context.Background":   func() context.Context { return m.Context },
		"context.TODO":         func() context.Context { return m.Context },
		"(*sync.WaitGroup).Go": m.waitGroupGo,
	} {
		ctx.RegisterExternal(name, fn)
	}
}

// checkpoint is called when the goroutine may have been blocked: if the cell was
// interrupted meanwhile, what is left of it must not run.
func (m *Machine) checkpoint() {
	select {
	case <-m.stopSignal():
		panic(Stopped{})
	default:
	}
}

// stopSignal is closed when the calling goroutine is one that runs a cell and the
// cell was interrupted.
func (m *Machine) stopSignal() <-chan struct{} {
	if o := currentOrigin(); o != nil && o.run != nil {
		return o.run.stop
	}
	return nil
}

// A following is what cells have as ctx, context.Background() and context.TODO(): for
// each goroutine the context of the run that it works for. One that a cell has kept, as
// in
//
//	var ctx = context.Background()
//
// thus stops what later cells do with it, and not what earlier ones have started.
type following struct{ m *Machine }

// at returns the context for the calling goroutine.
func (f following) at() context.Context {
	o := currentOrigin()
	if o == nil || o.m != f.m || o.ctx == nil {
		return never
	}
	o.ctx.noticed.Store(true)
	return o.ctx
}

func (f following) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (f following) Done() <-chan struct{} { return f.at().Done() }

func (f following) Err() error { return f.at().Err() }

func (f following) Value(key any) any { return f.at().Value(key) }

func (f following) String() string { return "context.Background" }

var never = context.Background()

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

// abort makes the interpreted functions of in return at once, unabort lets them
// run again. ixgo has no abort for one goroutine: another that runs code of the same
// cell just then is ended, too.
func (m *Machine) abort(in *ixgo.Interp) { atomic.StoreInt32(exitedFlag(in), 1) }

func (m *Machine) unabort(in *ixgo.Interp) { atomic.StoreInt32(exitedFlag(in), 0) }
