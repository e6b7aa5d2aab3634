package block

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// Memory is a [Carrier] of what lies in memory, whose blocks are handed to the
// workers of a pool.
type Memory[T kern.Float] struct {
	X *Entries[T]
	crew[T]
}

// NewMemory returns a carrier of x with some workers. It is to be closed.
func NewMemory[T kern.Float](x *Entries[T], workers int) *Memory[T] {
	return &Memory[T]{x, newCrew[T](par.NewPool(workers))}
}

// Forget drops X and what is kept for the next step, to make room.
func (m *Memory[T]) Forget() { m.X, m.gram = nil, nil }

// With returns a carrier of another x that has the same workers.
func With[T, S kern.Float](m *Memory[S], x *Entries[T]) *Memory[T] {
	return &Memory[T]{x, newCrew[T](m.pool)}
}

func (m *Memory[T]) Whole() Whole {
	return Whole{Rows: m.X.Rows, Cols: m.X.Cols, Mean: m.X.Mean(), SumSq: m.X.SumSq, Weighted: m.X.Weights != nil}
}

func (m *Memory[T]) Rows(w, ht *Factor[T]) *Side[T] { return rowSide(m.X, w, ht) }
func (m *Memory[T]) Cols(ht, w *Factor[T]) *Side[T] { return colSide(m.X, ht, w) }

func (m *Memory[T]) Slice(lo, hi int) Carrier[T] {
	return &Memory[T]{m.X.slice(lo, hi), m.crew}
}

// Failed returns nil: what is in memory is there.
func (m *Memory[T]) Failed() error { return nil }

func (m *Memory[T]) Map(s *Side[T], h *Hands[T]) Sums {
	h.Hand(m.pool.Workers() - 1)
	sums := h.room(len(s.Chunks) - 1)
	s.form(m.pool)
	h.side = s
	m.pool.Run(len(sums), h.fn)
	return addUp(sums)
}
