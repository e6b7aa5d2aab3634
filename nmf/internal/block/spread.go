package block

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
	Side[T]
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
// pays: they are to be formed by [Side.form] before they are taken.
func (s *Side[T]) spreadOut() {
	if count := min(s.Depth/spreadDepth, mostParts); s.CSR == nil && len(s.Chunks)-1 <= spreadChunks && count > 2*spreadChunks {
		s.spreadBy(count)
	}
}

func (s *Side[T]) spreadBy(count int) {
	size := s.Free.Rows * s.Free.LD
	w := &spread[T]{sums: Aligned[T](size)}
	for p := range count {
		lo, hi := s.Depth*p/count, s.Depth*(p+1)/count
		q := deepPart[T]{Side: *s, sums: w.sums, scratch: s.Scratch()}
		if p > 0 {
			q.sums = Aligned[T](size)
		}
		q.Depth = hi - lo
		q.Fixed = &Factor[T]{hi - lo, s.Fixed.K, s.Fixed.LD, s.Fixed.A[lo*s.Fixed.LD:]}
		if s.AlongCol {
			q.Dense = s.Dense[lo*s.Stride:]
		} else {
			q.Dense = s.Dense[lo:]
		}
		w.parts = append(w.parts, q)
	}
	w.add = func(_, p int) {
		q := &w.parts[p]
		for i := 0; i < q.Free.Rows; {
			n := q.Product(i, q.Free.Rows, q.scratch, nil)
			copy(q.sums[i*q.Free.LD:], q.scratch[:n*q.Free.LD])
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
