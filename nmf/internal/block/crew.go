package block

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// crew is the workers of a carrier, and what they do with factors alone.
type crew[T kern.Float] struct {
	pool *par.Pool
	gram *gramSums[T]
}

func newCrew[T kern.Float](pool *par.Pool) crew[T] { return crew[T]{pool, &gramSums[T]{}} }

// Close ends the workers.
func (c crew[T]) Close() { c.pool.Close() }

func (c crew[T]) Gram(g []T, a *Factor[T]) { c.gram.of(c.pool, g, a) }

func (c crew[T]) Know(k *Known[T]) { k.look(c.pool, c.gram) }

func (c crew[T]) Times(t, a *Factor[T], b []T) {
	const rows = 64
	c.pool.Run((a.Rows+rows-1)/rows, func(_, block int) {
		lo, hi := block*rows, min((block+1)*rows, a.Rows)
		clear(t.A[lo*t.LD : hi*t.LD])
		kern.MulDense(t.A[lo*t.LD:hi*t.LD], a.A[lo*a.LD:], a.LD, a.K, b, t.LD, t.K)
	})
}
