package solve

import (
	"math"

	"gonmf/nmf/internal/block"
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
	return hessian[T]{k: k, ld: ld, l2: l2, g: block.Aligned[T](ld * ld), diag: block.Aligned[T](ld)}
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
