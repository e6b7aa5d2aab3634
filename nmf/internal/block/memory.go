package block

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// Memory is a [Carrier] of what lies in memory, whose blocks are handed to the
// workers of a pool.
type Memory[T kern.Float] struct {
	X    *Entries[T]
	pool *par.Pool
	gram *gramSums[T]
}

// NewMemory returns a carrier of x with some workers. It is to be closed.
func NewMemory[T kern.Float](x *Entries[T], workers int) *Memory[T] {
	return &Memory[T]{x, par.NewPool(workers), &gramSums[T]{}}
}

// Close ends the workers.
func (m *Memory[T]) Close() { m.pool.Close() }

// Forget drops X and what is kept for the next step, to make room.
func (m *Memory[T]) Forget() { m.X, m.gram = nil, nil }

// With returns a carrier of another x that has the same workers.
func With[T, S kern.Float](m *Memory[S], x *Entries[T]) *Memory[T] {
	return &Memory[T]{x, m.pool, &gramSums[T]{}}
}

func (m *Memory[T]) Whole() Whole {
	return Whole{Rows: m.X.Rows, Cols: m.X.Cols, Mean: m.X.Mean(), SumSq: m.X.SumSq, Weighted: m.X.Weights != nil}
}

func (m *Memory[T]) Rows(w, ht *Factor[T]) *Side[T] { return rowSide(m.X, w, ht) }
func (m *Memory[T]) Cols(ht, w *Factor[T]) *Side[T] { return colSide(m.X, ht, w) }

func (m *Memory[T]) Slice(lo, hi int) Carrier[T] {
	return &Memory[T]{m.X.slice(lo, hi), m.pool, m.gram}
}

func (m *Memory[T]) Map(s *Side[T], h *Hands[T]) (total Sums) {
	h.Hand(m.pool.Workers() - 1)
	blocks := len(s.Chunks) - 1
	if len(h.sums) < blocks {
		h.sums = make([]Sums, blocks)
	}
	s.form(m.pool)
	h.side = s
	m.pool.Run(blocks, h.fn)
	for _, sum := range h.sums[:blocks] {
		total.Moved += sum.Moved
		total.Term += sum.Term
	}
	return total
}

func (m *Memory[T]) Gram(g []T, a *Factor[T]) { m.gram.of(m.pool, g, a) }

func (m *Memory[T]) Know(k *Known[T]) { k.look(m.pool, m.gram) }

// Times sets t to a b, for a small matrix b of a.K rows that are as long as t's.
func (m *Memory[T]) Times(t, a *Factor[T], b []T) {
	const rows = 64
	m.pool.Run((a.Rows+rows-1)/rows, func(_, block int) {
		lo, hi := block*rows, min((block+1)*rows, a.Rows)
		clear(t.A[lo*t.LD : hi*t.LD])
		kern.MulDense(t.A[lo*t.LD:hi*t.LD], a.A[lo*a.LD:], a.LD, a.K, b, t.LD, t.K)
	})
}
