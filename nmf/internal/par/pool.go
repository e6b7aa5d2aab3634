// Package par has who does the work of a fit: a [Pool] of workers for blocks of
// one iteration, and [Jobs] for whole fits side by side. It knows nothing of
// matrices, and imports the standard library only. Neither changes a result:
// see the order in which each takes what comes back.
package par

import (
	"sync"
	"sync/atomic"
)

// Pool runs blocks of work on goroutines that live as long as a fit, so that
// an iteration starts none and allocates nothing. Which worker runs a block
// is left to chance; results do not depend on it, since each block writes to
// places of its own and sums over blocks are taken in the order of blocks.
type Pool struct {
	workers int
	fn      func(worker, block int)
	blocks  int64
	next    atomic.Int64
	helpers []helper // the workers but the caller
	done    sync.WaitGroup
}

// helper is a worker. To put it to sleep and to wake it takes longer than half
// an iteration of a small fit, so it looks out for work a while before it
// sleeps, and work that is done before it has woken up is not for it.
type helper struct {
	state  atomic.Int32
	asleep atomic.Bool
	wake   chan struct{}
	_      [6]int64 // a cache line of its own
}

// The states of a helper.
const (
	waiting int32 = iota
	called
	working
	dismissed
)

// patience is how many times a worker looks before it sleeps: for about 20
// microseconds.
const patience = 1 << 16

// NewPool returns a pool of some workers, of which the caller of [Pool.Run] is
// one. It is to be closed.
func NewPool(workers int) *Pool {
	p := &Pool{workers: workers, helpers: make([]helper, workers-1)}
	for i := range p.helpers {
		p.helpers[i].wake = make(chan struct{}, 1)
		go p.help(i)
	}
	return p
}

// Run calls fn(worker, block) for each block from 0 to blocks-1 and returns
// when all are done. Workers count from 0.
func (p *Pool) Run(blocks int, fn func(worker, block int)) {
	p.fn, p.blocks = fn, int64(blocks)
	p.next.Store(0)
	helpers := p.helpers[:max(0, min(len(p.helpers), blocks-1))]
	p.done.Add(len(helpers))
	for i := range helpers {
		helpers[i].call(called)
	}
	p.drain(0)
	for i := range helpers {
		h := &helpers[i]
		if h.state.CompareAndSwap(called, waiting) {
			p.done.Done() // it comes too late
			continue
		}
		for range patience {
			if h.state.Load() == waiting {
				break
			}
		}
	}
	p.done.Wait()
	p.fn = nil // what it works on may go
}

func (h *helper) call(state int32) {
	h.state.Store(state)
	if h.asleep.Load() {
		select {
		case h.wake <- struct{}{}:
		default: // it is about to wake up
		}
	}
}

// help is the life of helper i.
func (p *Pool) help(i int) {
	h := &p.helpers[i]
	for {
		for range patience {
			if h.state.Load() != waiting {
				break
			}
		}
		switch {
		case h.state.CompareAndSwap(called, working):
			p.drain(i + 1)
			p.done.Done()
			h.state.CompareAndSwap(working, waiting) // it may have been called again
		case h.state.Load() == dismissed:
			return
		default:
			h.asleep.Store(true)
			if h.state.Load() == waiting {
				<-h.wake
			}
			h.asleep.Store(false)
		}
	}
}

// Workers returns the number of workers.
func (p *Pool) Workers() int { return p.workers }

func (p *Pool) drain(worker int) {
	for {
		b := p.next.Add(1) - 1
		if b >= p.blocks {
			return
		}
		p.fn(worker, int(b))
	}
}

// Close ends the goroutines. The pool must be idle.
func (p *Pool) Close() {
	for i := range p.helpers {
		p.helpers[i].call(dismissed)
	}
}
