package server

import "sync"

// queue is an unbounded first-in, first-out queue of requests. It is unbounded because the kernel must go on reading
// from a front end that sends a whole notebook at once.
type queue struct {
	mu     sync.Mutex
	change sync.Cond
	items  []*request
	closed bool
}

func newQueue() *queue {
	q := new(queue)
	q.change.L = &q.mu
	return q
}

func (q *queue) push(r *request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, r)
	q.change.Signal()
}

// pop waits for the next request; false means that the queue was closed.
func (q *queue) pop() (*request, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.change.Wait()
	}
	if q.closed {
		return nil, false
	}
	r := q.items[0]
	q.items[0] = nil
	q.items = q.items[1:]
	return r, true
}

// takeAll empties the queue.
func (q *queue) takeAll() []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

// close ends the queue and forgets what waits in it.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.items = nil
	q.change.Broadcast()
}
