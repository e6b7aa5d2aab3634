package machine

import (
	"context"
	"sync/atomic"
	"time"
)

// A cellContext is the context of one run of a cell, which an interrupt cancels. It
// notices whether anyone looks at it.
type cellContext struct {
	context.Context
	cancel  context.CancelCauseFunc
	noticed atomic.Bool
}

func newCellContext() *cellContext {
	c := new(cellContext)
	c.Context, c.cancel = context.WithCancelCause(context.Background())
	return c
}

// A following is what cells have as ctx, context.Background() and context.TODO(): for
// each goroutine the context of the run that it works for. One that a cell has kept, as
// in
//
//	var ctx = context.Background()
//
// thus stops what later cells do with it, and not what earlier ones have started.
type following struct{ m *Machine }

var never = context.Background()

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
func (f following) Done() <-chan struct{}                   { return f.at().Done() }
func (f following) Err() error                              { return f.at().Err() }
func (f following) Value(key any) any                       { return f.at().Value(key) }
func (f following) String() string                          { return "context.Background" }
