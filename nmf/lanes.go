package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// hessian is the quadratic that a sweep of coordinate descent goes down, with
// its coordinates in the order in which the sweep visits them.
type hessian[T kern.Float] struct {
	k, ld int
	l2    T
	g     []T // ld x ld
	diag  []T // g's diagonal, as kern.Descend takes it
}

func newHessian[T kern.Float](k, ld int, l2 T) hessian[T] {
	return hessian[T]{k: k, ld: ld, l2: l2, g: alignedSlice[T](ld * ld), diag: alignedSlice[T](ld)}
}

// set makes it gram + l2 I, in the given order (nil: as it stands).
func (q *hessian[T]) set(gram []T, order []int) {
	if order == nil {
		copy(q.g, gram)
	} else {
		for s, t := range order {
			for r, u := range order {
				q.g[s*q.ld+r] = gram[t*q.ld+u]
			}
		}
	}
	for t := range q.ld {
		if t < q.k {
			q.g[t*q.ld+t] += q.l2
		}
		// A component that is zero stays as it is.
		if q.diag[t] = q.g[t*q.ld+t]; q.diag[t] == 0 {
			q.diag[t] = T(math.Inf(1))
		}
	}
}

// laneBlock is some rows of a factor while they are swept over, side by side
// as kern.Descend takes them.
type laneBlock[T kern.Float] struct {
	ld         int
	products   []T // scratch of side.product
	part       piece[T]
	w, b       []T // ld x kern.Lanes
	spare      []T // the same, for another order
	violations []T // by lane
}

func newLaneBlock[T kern.Float](s *side[T]) laneBlock[T] {
	lanes := func() []T { return alignedSlice[T](s.t.ld * kern.Lanes) }
	return laneBlock[T]{ld: s.t.ld, products: s.scratch(), w: lanes(), b: lanes(), spare: lanes(), violations: alignedSlice[T](kern.Lanes)}
}

// take sets dst to rows, their coordinates in the given order.
func (s *laneBlock[T]) take(dst, rows []T, order []int) {
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
func (s *laneBlock[T]) give(rows, src []T, order []int) {
	if order == nil {
		kern.FromLanes(rows, src, s.ld)
		return
	}
	for to, from := range order {
		copy(s.spare[from*kern.Lanes:][:kern.Lanes], src[to*kern.Lanes:])
	}
	kern.FromLanes(rows, s.spare, s.ld)
}
