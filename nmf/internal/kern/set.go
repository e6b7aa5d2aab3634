package kern

import (
	"math"
	"unsafe"
)

// Float is what factors are made of.
type Float interface{ float32 | float64 }

// lineBytes is the size of a cache line.
const lineBytes = 64

// Lanes is the number of rows that [Descend] takes at once. A block of them is
// stored by coordinate: coordinate t of lane l is at t*Lanes+l.
const Lanes = 16

// set is the loops for one instruction set.
type set[T Float] struct {
	name      string
	line      int // see [Line]
	addSparse func(dst, val []T, idx []int32, f []T)
	mulDense  func(dst, x []T, row, step, depth int, f []T, ld, width int, next []T, nextStride int)
	dotRows   func(dst, w []T, idx []int32, f []T)
	gram      func(g, a []T, ld int)
	transpose func(dst []T, dstStride int, src []T, srcStride, rows, cols int)
	descend   func(w, b, gram, diag, violations []T, k int)
	dot       func(x, y []T) float64
	divide    func(y, x []T, floor T)
	quotient  func(y []T, yStride int, top []T, topStride, ahead int, x []T, xStride, depth int, f []T, ld, rows, width int, floor T)
	kl        func(x, y []T, floor float64) float64
	scale     func(w, num, den []T, l1, l2, eps, floor T)
}

// most returns the largest finite T.
func most[T Float]() T {
	var zero T
	limit := math.MaxFloat64
	if unsafe.Sizeof(zero) == 4 {
		limit = math.MaxFloat32
	}
	return T(limit)
}
