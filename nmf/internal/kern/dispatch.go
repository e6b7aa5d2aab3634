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

// Lanes is the number of rows that [Descend] takes at once. A block of them
// is stored by coordinate: coordinate t of lane l is at t*Lanes+l.
const Lanes = 16

// ToLanes sets lane l of dst (ld x Lanes) to row l of src, which has rows of
// ld, at most Lanes of them; lanes beyond become zero.
func ToLanes(dst, src []float64, ld int) { toLanesGeneric(dst, src, ld) }

// FromLanes is the inverse of [ToLanes]: it fills the rows of dst.
func FromLanes(dst, src []float64, ld int) { fromLanesGeneric(dst, src, ld) }

// Descend makes one sweep of coordinate descent over each lane of w, for the
// quadratic with Hessian gram (ld x ld) and the lane's linear term -b. inv
// holds the inverses of gram's diagonal and has length ld. To each lane's
// place in violations it adds the absolute projected gradients of the
// coordinates, each taken as the sweep came to it. What happens in a lane
// does not depend on the others.
func Descend(w, b, gram, inv, violations []float64) { descendGeneric(w, b, gram, inv, violations) }

// Dot returns the inner product of x and y.
func Dot(x, y []float64) float64 { return dotGeneric(x, y) }
