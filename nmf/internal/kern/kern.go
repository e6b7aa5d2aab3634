// Package kern has the loops in which a fit spends its time.
//
// Factors are row-major with rows of ld elements, ld a multiple of [Line] and
// the padding zero, so that a row is whole vectors.
//
// Each loop is there as plain Go and as assembly for some instruction sets;
// the best that the processor has is chosen at start, unless [Variable] names
// another. Instruction sets differ
// in their answers by rounding (they fuse products into sums), but on each the
// same input gives the same bits.
//
// The package imports the standard library only. kern.go has the loops as others
// call them, set.go what an instruction set is and choose.go which is in use;
// generic.go is plain Go, and vectors.go leads to the assembly, made by _asm.
package kern

//go:generate go -C _asm run . -out ../kern_amd64.s -stubs ../stubs_amd64.go -pkg kern
//go:generate go -C _asm run ./neon -out ../kern_arm64.s -stubs ../stubs_arm64.go

import "unsafe"

// Line returns the number of elements that rows are padded to a multiple of.
func Line[T Float]() int { return active[T]().line }

// active returns the set in use for T.
func active[T Float]() *set[T] {
	var zero T
	if unsafe.Sizeof(zero) == 4 {
		return (*set[T])(unsafe.Pointer(&best32))
	}
	return (*set[T])(unsafe.Pointer(&best64))
}

// Name returns the name of the instruction set in use: "generic", "avx2",
// "avx512" or "neon".
func Name() string { return best64.name }

// MulSparse sets dst, a row of ld = len(dst), to the sum over p of val[p]
// times row idx[p] of f.
func MulSparse[T Float](dst, val []T, idx []int32, f []T) {
	clear(dst)
	AddSparse(dst, val, idx, f)
}

// AddSparse is [MulSparse] but that it adds to dst. A sum comes out the same in
// parts.
func AddSparse[T Float](dst, val []T, idx []int32, f []T) { active[T]().addSparse(dst, val, idx, f) }

// MulDense adds to each row r of dst the product of the row vector
// x[r*stride : r*stride+depth] with the first width columns of the depth x ld
// matrix f; the others must be zero. A row's sums do not depend on the rows
// that come with it.
func MulDense[T Float](dst, x []T, stride, depth int, f []T, ld, width int) {
	active[T]().mulDense(dst, x, stride, 1, depth, f, ld, width, nil, 0)
}

// MulDenseT is [MulDense] for a matrix that is stored by columns: entry p of
// row r is x[p*stride+r]. What will be wanted next, entry p of row r at
// next[p*nextStride+r], is fetched meanwhile.
func MulDenseT[T Float](dst, x []T, stride, depth int, f []T, ld, width int, next []T, nextStride int) {
	active[T]().mulDense(dst, x, 1, stride, depth, f, ld, width, next, nextStride)
}

// DotRows sets dst[p] to the inner product of w with row idx[p] of f, which
// has rows of len(w).
func DotRows[T Float](dst, w []T, idx []int32, f []T) { active[T]().dotRows(dst, w, idx, f) }

// Gram sets g (ld x ld) to A'A, for the rows of A in a.
func Gram[T Float](g, a []T, ld int) { active[T]().gram(g, a, ld) }

// ToLanes sets lane l of dst (ld x Lanes) to row l of src, which has rows of
// ld, at most Lanes of them; lanes beyond become zero.
func ToLanes[T Float](dst, src []T, ld int) {
	rows := len(src) / ld
	if rows < Lanes {
		clear(dst[:ld*Lanes])
	}
	active[T]().transpose(dst, Lanes, src, ld, rows, ld)
}

// FromLanes is the inverse of [ToLanes]: it fills the rows of dst.
func FromLanes[T Float](dst, src []T, ld int) {
	active[T]().transpose(dst, ld, src, Lanes, ld, len(dst)/ld)
}

// Transpose sets dst (cols x rows) to src (rows x cols) transposed.
func Transpose[T Float](dst []T, dstStride int, src []T, srcStride, rows, cols int) {
	active[T]().transpose(dst, dstStride, src, srcStride, rows, cols)
}

// Descend makes one sweep of coordinate descent over each lane of w, for the
// quadratic with Hessian gram (ld x ld) and the lane's linear term -b. diag, of
// length ld, holds gram's diagonal, and +Inf for a coordinate that is to stay as
// it is. The coordinates from k on are zero in w, b and gram and stay so, if
// they are not in diag. To each lane's
// place in violations it adds the absolute projected gradients of the
// coordinates, each taken as the sweep came to it. What happens in a lane
// does not depend on the others.
func Descend[T Float](w, b, gram, diag, violations []T, k int) {
	active[T]().descend(w, b, gram, diag, violations, k)
}

// Dot returns the inner product of x and y, which have the same length, summed
// as float64.
func Dot[T Float](x, y []T) float64 { return active[T]().dot(x, y) }

// Divide replaces each entry of y by x's divided by it, or by floor where it is
// below that. x and y have the same length.
func Divide[T Float](y, x []T, floor T) { active[T]().divide(y, x, floor) }

// Quotient sets the first width entries of rows of y, r*yStride on, to those of
// top, r*topStride on, divided by those of the product of x (rows x depth, rows
// of xStride) with f (depth x width, rows of ld), or by floor where that is
// less. Rows of f have room for whole lines.
// The next call will divide what lies ahead in top, so many elements on.
func Quotient[T Float](y []T, yStride int, top []T, topStride, ahead int, x []T, xStride, depth int, f []T, ld, rows, width int, floor T) {
	active[T]().quotient(y, yStride, top, topStride, ahead, x, xStride, depth, f, ld, rows, width, floor)
}

// KL returns the sum of x log(x / max(y, floor)) - x over the entries of x that
// are above floor, plus that of the same number of entries of y: the
// generalised Kullback-Leibler divergence of y from x, summed as float64.
func KL[T Float](x, y []T, floor float64) float64 { return active[T]().kl(x, y, floor) }

// Scale multiplies each entry w of w by num / (den + l1 + l2 w), or by num / eps
// where that is not above zero. What then is below floor becomes zero; what is
// not finite stays as it was. The three have the same length.
func Scale[T Float](w, num, den []T, l1, l2, eps, floor T) {
	active[T]().scale(w, num, den, l1, l2, eps, floor)
}
