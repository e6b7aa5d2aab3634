// Package kern has the loops in which a fit spends its time.
//
// Factors are row-major with rows of ld float64s, ld a multiple of [Line] and
// the padding zero, so that a row is whole vectors and whole cache lines.
//
// Each loop is there as plain Go and as assembly for some instruction sets;
// the best that the processor has is chosen at start. Instruction sets differ
// in their answers by rounding (they fuse products into sums), but on each the
// same input gives the same bits.
package kern

//go:generate go -C _asm run . -out ../kern_amd64.s -stubs ../stubs_amd64.go -pkg kern

const (
	// Line is the number of float64s that rows are padded to a multiple of.
	Line = 8

	// Lanes is the number of rows that [Descend] takes at once. A block of
	// them is stored by coordinate: coordinate t of lane l is at t*Lanes+l.
	Lanes = 16
)

// set is the loops for one instruction set.
type set struct {
	name      string
	mulSparse func(dst, val []float64, idx []int32, f []float64)
	mulDense  func(dst, x []float64, row, step, depth int, f []float64, ld int)
	dotRows   func(dst, w []float64, idx []int32, f []float64)
	gram      func(g, a []float64, ld int)
	transpose func(dst []float64, dstStride int, src []float64, srcStride, rows, cols int)
	descend   func(w, b, gram, inv, violations []float64)
	dot       func(x, y []float64) float64
	divide    func(y, x []float64, floor float64)
}

var generic = set{
	"generic", mulSparseGeneric, mulDenseGeneric, dotRowsGeneric, gramGeneric, transposeGeneric, descendGeneric, dotGeneric, divideGeneric,
}

// active is the best set that this processor has: the last of available.
var active = available()[len(available())-1]

// Name returns the name of the instruction set in use: "generic", "avx2",
// "avx512" or "neon".
func Name() string { return active.name }

// MulSparse sets dst, a row of ld = len(dst), to the sum over p of val[p]
// times row idx[p] of f.
func MulSparse(dst, val []float64, idx []int32, f []float64) { active.mulSparse(dst, val, idx, f) }

// MulDense adds to each row r of dst the product of the row vector
// x[r*stride : r*stride+depth] with the depth x ld matrix f. A row's sums do
// not depend on the rows that come with it.
func MulDense(dst, x []float64, stride, depth int, f []float64, ld int) {
	active.mulDense(dst, x, stride, 1, depth, f, ld)
}

// MulDenseT is [MulDense] for a matrix that is stored by columns: entry p of
// row r is x[p*stride+r].
func MulDenseT(dst, x []float64, stride, depth int, f []float64, ld int) {
	active.mulDense(dst, x, 1, stride, depth, f, ld)
}

// DotRows sets dst[p] to the inner product of w with row idx[p] of f, which
// has rows of len(w).
func DotRows(dst, w []float64, idx []int32, f []float64) { active.dotRows(dst, w, idx, f) }

// Gram sets g (ld x ld) to A'A, for the rows of A in a.
func Gram(g, a []float64, ld int) { active.gram(g, a, ld) }

// ToLanes sets lane l of dst (ld x Lanes) to row l of src, which has rows of
// ld, at most Lanes of them; lanes beyond become zero.
func ToLanes(dst, src []float64, ld int) {
	rows := len(src) / ld
	if rows < Lanes {
		clear(dst[:ld*Lanes])
	}
	active.transpose(dst, Lanes, src, ld, rows, ld)
}

// FromLanes is the inverse of [ToLanes]: it fills the rows of dst.
func FromLanes(dst, src []float64, ld int) { active.transpose(dst, ld, src, Lanes, ld, len(dst)/ld) }

// Transpose sets dst (cols x rows) to src (rows x cols) transposed.
func Transpose(dst []float64, dstStride int, src []float64, srcStride, rows, cols int) {
	active.transpose(dst, dstStride, src, srcStride, rows, cols)
}

// Descend makes one sweep of coordinate descent over each lane of w, for the
// quadratic with Hessian gram (ld x ld) and the lane's linear term -b. inv
// holds the inverses of gram's diagonal and has length ld. To each lane's
// place in violations it adds the absolute projected gradients of the
// coordinates, each taken as the sweep came to it. What happens in a lane
// does not depend on the others.
func Descend(w, b, gram, inv, violations []float64) { active.descend(w, b, gram, inv, violations) }

// Dot returns the inner product of x and y, which have the same length.
func Dot(x, y []float64) float64 { return active.dot(x, y) }

// Divide replaces each entry of y by x's divided by it, or by floor where it is
// below that. x and y have the same length.
func Divide(y, x []float64, floor float64) { active.divide(y, x, floor) }
