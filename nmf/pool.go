package nmf

import (
	"sync"
	"sync/atomic"
)

// pool runs blocks of work on goroutines that live as long as a fit, so that
// an iteration starts none and allocates nothing. Which worker runs a block
// is left to chance; results do not depend on it, since each block writes to
// places of its own and sums over blocks are taken in the order of blocks.
type pool struct {
	workers int
	fn      func(worker, block int)
	blocks  int64
	next    atomic.Int64
	wake    []chan struct{} // one for each worker but the caller
	done    sync.WaitGroup
}

func newPool(workers int) *pool {
	p := &pool{workers: workers, wake: make([]chan struct{}, workers-1)}
	for i := range p.wake {
		p.wake[i] = make(chan struct{}, 1)
		go func() {
			for range p.wake[i] {
				p.drain(i + 1)
				p.done.Done()
			}
		}()
	}
	return p
}

// run calls fn(worker, block) for each block from 0 to blocks-1 and returns
// when all are done. Workers count from 0.
func (p *pool) run(blocks int, fn func(worker, block int)) {
	p.fn, p.blocks = fn, int64(blocks)
	p.next.Store(0)
	helpers := min(len(p.wake), blocks-1)
	for i := range helpers {
		p.done.Add(1)
		p.wake[i] <- struct{}{}
	}
	p.drain(0)
	p.done.Wait()
}

func (p *pool) drain(worker int) {
	for {
		b := p.next.Add(1) - 1
		if b >= p.blocks {
			return
		}
		p.fn(worker, int(b))
	}
}

// close ends the goroutines. The pool must be idle.
func (p *pool) close() {
	for _, c := range p.wake {
		close(c)
	}
}
