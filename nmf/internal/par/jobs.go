package par

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// errSibling is why a job's context ends when another job has failed.
var errSibling = errors.New("another fit failed")

// Jobs calls job(ctx, i, inner) for each i below n, several at a time, and
// then done(i) from the goroutine that called it, in the order in which jobs
// end. Of the given workers (0: GOMAXPROCS) each job may use inner. If a job
// fails, the others are cancelled, and the error is that of the first of those
// that failed by themselves.
func Jobs(ctx context.Context, workers, n int, job func(ctx context.Context, i, inner int) error, done func(i int)) error {
	if n == 0 {
		return nil
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	outer := max(1, min(workers, n)) // of a negative number the job complains
	inner := workers / outer
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	type result struct {
		i   int
		err error
	}
	results := make(chan result)
	var next atomic.Int64
	var running sync.WaitGroup
	for range outer {
		running.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				results <- result{i, job(ctx, i, inner)}
			}
		})
	}
	go func() {
		running.Wait()
		close(results)
	}()

	failed, at := error(nil), n
	for r := range results {
		switch {
		case r.err == nil:
			done(r.i)
		case !errors.Is(r.err, errSibling) && r.i < at:
			failed, at = r.err, r.i
			cancel(errSibling)
		}
	}
	if failed == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return failed
}
