package kern

// MulSparse sets dst, a row of ld = len(dst), to the sum over p of val[p]
// times row idx[p] of f.
func MulSparse(dst, val []float64, idx []int32, f []float64) { mulSparseGeneric(dst, val, idx, f) }

// MulDense adds to each row r of dst the product of the row vector
// x[r*stride : r*stride+depth] with the depth x ld matrix f.
func MulDense(dst, x []float64, stride, depth int, f []float64, ld int) {
	mulDenseGeneric(dst, x, stride, depth, f, ld)
}

// Gram adds A'A to the ld x ld matrix g, for the rows of A in a.
func Gram(g, a []float64, ld int) { gramGeneric(g, a, ld) }

// Descend makes one sweep of coordinate descent over w, in the order of perm
// or, if that is nil, as they stand, for the quadratic with Hessian gram
// (ld x ld) and linear term -b. inv holds the inverses of gram's diagonal,
// grad is scratch; all have length ld. It returns the sum of the absolute
// projected gradients of the coordinates, each taken as the sweep came to it.
func Descend(w, b, grad, gram, inv []float64, perm []int) (violation float64) {
	return descendGeneric(w, b, grad, gram, inv, perm)
}

// Dot returns the inner product of x and y.
func Dot(x, y []float64) float64 { return dotGeneric(x, y) }
