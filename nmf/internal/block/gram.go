package block

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// gramSums holds the partial sums of A'A.
type gramSums[T kern.Float] struct {
	a     *Factor[T]
	parts [][]T
	total []float64
	fn    func(worker, block int)
	step  int
}

const (
	gramRows  = 256 // least rows of a partial sum
	gramParts = 64  // most partial sums
)

// of sets g (ld x ld) to a'a: fixed blocks of rows, summed in their order.
func (s *gramSums[T]) of(pool *par.Pool, g []T, a *Factor[T]) {
	s.a = a
	if len(s.parts) > 0 && len(s.parts[0]) != a.LD*a.LD {
		s.parts, s.total = nil, nil // the last factor was of another width
	}
	s.step = max(gramRows, (a.Rows+gramParts-1)/gramParts)
	blocks := (a.Rows + s.step - 1) / s.step
	for len(s.parts) < blocks {
		s.parts = append(s.parts, Aligned[T](a.LD*a.LD))
	}
	if s.total == nil {
		s.total = make([]float64, a.LD*a.LD)
	}
	if s.fn == nil {
		s.fn = s.block
	}
	pool.Run(blocks, s.fn)
	clear(s.total)
	for _, part := range s.parts[:blocks] {
		for i, v := range part {
			s.total[i] += float64(v)
		}
	}
	for i, v := range s.total {
		g[i] = T(v)
	}
}

func (s *gramSums[T]) block(_, b int) {
	lo, hi := b*s.step, min((b+1)*s.step, s.a.Rows)
	kern.Gram(s.parts[b], s.a.A[lo*s.a.LD:hi*s.a.LD], s.a.LD)
}
