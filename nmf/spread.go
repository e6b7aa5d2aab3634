package nmf

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// spread is how a half-step forms the products of a dense side of few, long
// rows: the workers take parts of the depth, and what these give is added in
// their order.
type spread[T kern.Float] struct {
	sums  []T           // the products, a row of ld for each row of the side
	parts []deepPart[T] // the first adds to sums itself
	add   func(worker, part int)
}

// deepPart is a part of the depth of all rows.
type deepPart[T kern.Float] struct {
	side[T]
	sums, scratch []T
}

const (
	// spreadChunks is the number of chunks up to which rows are too few to be
	// shared evenly.
	spreadChunks = 4
	// spreadDepth is how deep a part is at least, and mostParts how many there
	// are at most.
	spreadDepth = 1024
	mostParts   = 32
)

// spreadOut makes the side form its products by parts of their depth if that
// pays: they are to be formed by [side.form] before they are taken.
func (s *side[T]) spreadOut() {
	if count := min(s.depth/spreadDepth, mostParts); s.csr == nil && len(s.chunks)-1 <= spreadChunks && count > 2*spreadChunks {
		s.spreadBy(count)
	}
}

func (s *side[T]) spreadBy(count int) {
	size := s.t.rows * s.t.ld
	w := &spread[T]{sums: alignedSlice[T](size)}
	for p := range count {
		lo, hi := s.depth*p/count, s.depth*(p+1)/count
		q := deepPart[T]{side: *s, sums: w.sums, scratch: s.scratch()}
		if p > 0 {
			q.sums = alignedSlice[T](size)
		}
		q.depth = hi - lo
		q.f = &factor[T]{hi - lo, s.f.k, s.f.ld, s.f.a[lo*s.f.ld:]}
		if s.alongCol {
			q.dense = s.dense[lo*s.stride:]
		} else {
			q.dense = s.dense[lo:]
		}
		w.parts = append(w.parts, q)
	}
	w.add = func(_, p int) {
		q := &w.parts[p]
		for i := 0; i < q.t.rows; {
			n := q.product(i, q.t.rows, q.scratch, nil)
			copy(q.sums[i*q.t.ld:], q.scratch[:n*q.t.ld])
			i += n
		}
	}
	s.spread = w
}

func (w *spread[T]) form(pool *par.Pool) {
	pool.Run(len(w.parts), w.add)
	for _, q := range w.parts[1:] {
		for i, v := range q.sums {
			w.sums[i] += v
		}
	}
}
