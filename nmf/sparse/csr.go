// Package sparse holds compressed sparse row matrices for package nmf.
//
// A [CSR] is a gonum mat.Matrix and a mat.RowNonZeroDoer, so gonum code
// accepts it; package nmf recognises it and never looks at its zeros.
//
// A [Shards] is one in the files of a folder, for what memory does not hold.
//
// The package imports gonum's mat, and of what is internal how rows become
// columns and are cut into blocks (csr), the files of blocks (shard) and NumPy's
// (npz). To read it, begin with csr.go; a matrix comes from triplets.go,
// convert.go, scipy.go or matrixmarket.go. shards.go is what is in files, and
// shardwriter.go how it gets there.
package sparse

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/csr"
	"gonmf/nmf/internal/kind"
)

// ErrShape says that sizes or indices do not fit together.
var ErrShape = errors.New("sizes do not fit")

// maxDim bounds rows and columns: column indices are stored in 32 bits,
// which halves what a product reads of them.
const maxDim = math.MaxInt32

// CSR is a sparse matrix in compressed sparse row form. Within a row the
// column indices increase strictly. A CSR does not change once it is made, so
// any number of goroutines may read it.
type CSR struct {
	rows, cols int
	ptr        []int     // row i has the entries ptr[i] to ptr[i+1]-1
	idx        []int32   // column of each entry
	val        []float64 // value of each entry
}

var (
	_ mat.Matrix         = (*CSR)(nil)
	_ mat.RowNonZeroDoer = (*CSR)(nil)
	_ mat.NonZeroDoer    = (*CSR)(nil)
)

// FromCSR makes a matrix of the three arrays of scipy.sparse.csr_matrix,
// which it keeps: the caller must not change them afterwards. Row i has the
// columns indices[indptr[i]:indptr[i+1]], which must increase strictly.
func FromCSR(rows, cols int, indptr []int, indices []int32, data []float64) (*CSR, error) {
	if err := checkDims(rows, cols); err != nil {
		return nil, err
	}
	if len(indptr) != rows+1 || len(indices) != len(data) || indptr[0] != 0 || indptr[rows] != len(data) {
		return nil, kind.Errorf(ErrShape, "sparse: %d row pointers, %d column indices and %d values do not make a matrix of %d rows", len(indptr), len(indices), len(data), rows)
	}
	for i := range rows {
		if indptr[i+1] < indptr[i] || indptr[i+1] > len(data) {
			return nil, kind.Errorf(ErrShape, "sparse: row pointer %d is %d after %d", i+1, indptr[i+1], indptr[i])
		}
		last := int32(-1)
		for _, j := range indices[indptr[i]:indptr[i+1]] {
			if j <= last || int(j) >= cols {
				return nil, kind.Errorf(ErrShape, "sparse: row %d: column %d after %d in a matrix of %d columns", i, j, last, cols)
			}
			last = j
		}
	}
	return &CSR{rows: rows, cols: cols, ptr: indptr, idx: indices, val: data}, nil
}

// Dims returns the numbers of rows and columns.
func (m *CSR) Dims() (rows, cols int) { return m.rows, m.cols }

// NNZ returns the number of stored entries.
func (m *CSR) NNZ() int { return len(m.val) }

// At returns the entry at row i, column j, in time logarithmic in the row's
// entries. It panics if the place is outside the matrix.
func (m *CSR) At(i, j int) float64 {
	if uint(i) >= uint(m.rows) {
		panic(mat.ErrRowAccess)
	}
	if uint(j) >= uint(m.cols) {
		panic(mat.ErrColAccess)
	}
	idx, val := m.Row(i)
	lo, hi := 0, len(idx)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); int(idx[mid]) < j {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(idx) && int(idx[lo]) == j {
		return val[lo]
	}
	return 0
}

// T returns the transpose, a view that reads m. Use [CSR.Transpose] for one
// with rows of its own.
func (m *CSR) T() mat.Matrix { return mat.Transpose{Matrix: m} }

// Row returns the columns and values stored in row i. They are the matrix's
// own and must not be changed. It panics if i is outside the matrix.
func (m *CSR) Row(i int) ([]int32, []float64) {
	if uint(i) >= uint(m.rows) {
		panic(mat.ErrRowAccess)
	}
	a, b := m.ptr[i], m.ptr[i+1]
	return m.idx[a:b:b], m.val[a:b:b]
}

// Raw returns the three arrays of the compressed form: row pointers, column
// indices and values. They are the matrix's own and must not be changed.
func (m *CSR) Raw() (indptr []int, indices []int32, data []float64) {
	return m.ptr, m.idx, m.val
}

// DoRowNonZero calls fn for each stored entry of row i that is not zero.
func (m *CSR) DoRowNonZero(i int, fn func(i, j int, v float64)) {
	idx, val := m.Row(i)
	for p, j := range idx {
		if val[p] != 0 {
			fn(i, int(j), val[p])
		}
	}
}

// DoNonZero calls fn for each stored entry that is not zero, row by row.
func (m *CSR) DoNonZero(fn func(i, j int, v float64)) {
	for i := range m.rows {
		m.DoRowNonZero(i, fn)
	}
}

// Transpose returns the transpose as a matrix with rows of its own, in time
// and memory O(rows + cols + entries).
func (m *CSR) Transpose() *CSR {
	t := &CSR{rows: m.cols, cols: m.rows}
	t.ptr, t.idx, t.val = csr.Transpose[int32, float64](m.cols, m.ptr, m.idx, m.val)
	return t
}

// String describes the matrix in one line.
func (m *CSR) String() string {
	return fmt.Sprintf("%d x %d sparse matrix, %d entries", m.rows, m.cols, len(m.val))
}

// checkDims says whether a matrix can have these sides.
func checkDims(rows, cols int) error {
	if rows < 0 || cols < 0 || rows > maxDim || cols > maxDim {
		return kind.Errorf(ErrShape, "sparse: %d x %d: a side must be from 0 to %d", rows, cols, maxDim)
	}
	return nil
}
