package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// hessian is the quadratic that a sweep of coordinate descent goes down, with
// its coordinates in the order in which the sweep visits them.
type hessian struct {
	k, ld int
	l2    float64
	g     []float64 // ld x ld
	inv   []float64 // inverses of g's diagonal
}

func newHessian(k, ld int, l2 float64) hessian {
	return hessian{k: k, ld: ld, l2: l2, g: alignedSlice(ld * ld), inv: alignedSlice(ld)}
}

// set makes it gram + l2 I, in the given order (nil: as it stands).
func (q *hessian) set(gram []float64, order []int) {
	if order == nil {
		copy(q.g, gram)
	} else {
		for s, t := range order {
			for r, u := range order {
				q.g[s*q.ld+r] = gram[t*q.ld+u]
			}
		}
	}
	for t := range q.k {
		q.g[t*q.ld+t] += q.l2
		// A component that is zero, or so small that its inverse overflows,
		// stays as it is.
		if q.inv[t] = 1 / q.g[t*q.ld+t]; math.IsInf(q.inv[t], 0) {
			q.inv[t] = 0
		}
	}
}

// laneBlock is some rows of a factor while they are swept over, side by side
// as kern.Descend takes them.
type laneBlock struct {
	ld         int
	products   []float64 // scratch of side.product
	w, b       []float64 // ld x kern.Lanes
	spare      []float64 // the same, for another order
	violations []float64 // by lane
}

func newLaneBlock(s *side) laneBlock {
	lanes := func() []float64 { return alignedSlice(s.t.ld * kern.Lanes) }
	return laneBlock{s.t.ld, s.scratch(), lanes(), lanes(), lanes(), alignedSlice(kern.Lanes)}
}

// take sets dst to rows, their coordinates in the given order.
func (s *laneBlock) take(dst, rows []float64, order []int) {
	if order == nil {
		kern.ToLanes(dst, rows, s.ld)
		return
	}
	kern.ToLanes(s.spare, rows, s.ld)
	for to, from := range order {
		copy(dst[to*kern.Lanes:][:kern.Lanes], s.spare[from*kern.Lanes:])
	}
}

// give is the inverse of take.
func (s *laneBlock) give(rows, src []float64, order []int) {
	if order == nil {
		kern.FromLanes(rows, src, s.ld)
		return
	}
	for to, from := range order {
		copy(s.spare[from*kern.Lanes:][:kern.Lanes], src[to*kern.Lanes:])
	}
	kern.FromLanes(rows, s.spare, s.ld)
}
