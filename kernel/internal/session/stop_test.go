package session_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/session"
)

// A step of compiled code that takes its time, and tells the cell of it, still hands
// back what it has.
func TestInterruptWaitsForCompiledCode(t *testing.T) {
	const step = 150 * time.Millisecond
	fit := func(ctx context.Context, progress func()) (n int) {
		for ; ctx.Err() == nil; n++ {
			for begin := time.Now(); time.Since(begin) < step; {
			}
			progress()
		}
		return n
	}
	s, err := session.New(session.Options{Packages: map[string]map[string]reflect.Value{"gonmf/test/slow/slow": {"Fit": reflect.ValueOf(fit)}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for cell, src := range []string{
		"import (\"gonmf/test/slow\"; \"time\")",
		"n := slow.Fit(ctx, func() {})",
		"n := slow.Fit(ctx, func() { time.Sleep(100 * time.Millisecond) })",
		"n := slow.Fit(ctx, func() { for range 1000 { time.Sleep(time.Microsecond) } })",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(step+step/3, cancel) // in the second step
		begin := time.Now()
		_, err := s.Eval(ctx, cell, src)
		took := time.Since(begin)
		timer.Stop()
		if cell == 0 {
			continue
		}
		if e, ok := errors.AsType[*session.Error](err); !ok || e.Name != session.Interrupted {
			t.Errorf("%s: %v", src, err)
		}
		if limit := time.Duration(float64(2*time.Second) * kerneltest.Busy()); took > limit {
			t.Errorf("%s: it takes %v, the limit is %v", src, took, limit)
		}
		if n, ok := s.Value("n"); !ok || n == 0 {
			t.Errorf("%s: n is %v", src, n)
		}
	}
}
