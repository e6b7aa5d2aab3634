package sparse

import (
	"gonmf/nmf/internal/kind"

	"gonum.org/v1/gonum/mat"
)

// FromDense returns x with its zeros left out. A NaN is not zero, and stays.
// It reads every entry of x once, a row at a time.
func FromDense(x mat.Matrix) (*CSR, error) {
	rows, cols := x.Dims()
	if err := checkDims(rows, cols); err != nil {
		return nil, err
	}
	m := &CSR{rows: rows, cols: cols, ptr: make([]int, rows+1)}
	for i := range rows {
		for j := range cols {
			if v := x.At(i, j); v != 0 {
				m.idx, m.val = append(m.idx, int32(j)), append(m.val, v)
			}
		}
		m.ptr[i+1] = len(m.val)
	}
	return m, nil
}

// maxDense bounds the entries of a matrix that is made dense: 128 GB of them.
const maxDense = 1 << 34

// ToDense returns the matrix with its zeros filled in: rows x cols float64s,
// whatever the number of entries. It is an error if there are so many that it
// could only be a mistake. A matrix without rows or without columns becomes
// the empty mat.Dense.
func (m *CSR) ToDense() (*mat.Dense, error) {
	if m.rows == 0 || m.cols == 0 {
		return &mat.Dense{}, nil
	}
	if m.cols > maxDense/m.rows {
		return nil, kind.Errorf(ErrShape, "sparse: a dense %d x %d matrix does not fit in memory: select rows first", m.rows, m.cols)
	}
	d := mat.NewDense(m.rows, m.cols, nil)
	for i := range m.rows {
		row := d.RawRowView(i)
		idx, val := m.Row(i)
		for p, j := range idx {
			row[j] = val[p]
		}
	}
	return d, nil
}

// SelectRows returns a matrix of the given rows, in the order given; a row may
// be named more than once. For columns, select rows of [CSR.Transpose].
func (m *CSR) SelectRows(rows []int) (*CSR, error) {
	total := 0
	for at, i := range rows {
		if i < 0 || i >= m.rows {
			return nil, kind.Errorf(ErrShape, "sparse: row %d, at place %d of the selection, is outside a matrix of %d rows", i, at, m.rows)
		}
		total += m.ptr[i+1] - m.ptr[i]
	}
	if err := checkDims(len(rows), m.cols); err != nil {
		return nil, err
	}
	s := &CSR{rows: len(rows), cols: m.cols, ptr: make([]int, len(rows)+1), idx: make([]int32, 0, total), val: make([]float64, 0, total)}
	for at, i := range rows {
		idx, val := m.Row(i)
		s.idx, s.val = append(s.idx, idx...), append(s.val, val...)
		s.ptr[at+1] = len(s.val)
	}
	return s, nil
}

// Map returns a matrix of the same size whose stored entries are what f makes
// of m's: such as their roots, or 1 for each. f is called for each stored entry
// once, row by row and in the order of columns; zeros that are not stored stay
// zero.
func (m *CSR) Map(f func(i, j int, v float64) float64) *CSR {
	n := &CSR{rows: m.rows, cols: m.cols, ptr: m.ptr, idx: m.idx, val: make([]float64, 0, len(m.val))}
	for i := range m.rows {
		idx, val := m.Row(i)
		for p, j := range idx {
			n.val = append(n.val, f(i, int(j), val[p]))
		}
	}
	return n
}

// Filter returns a matrix of the same size with the entries that keep says to
// keep. It is called for each stored entry once, row by row and in the order
// of columns.
func (m *CSR) Filter(keep func(i, j int, v float64) bool) *CSR {
	f := &CSR{rows: m.rows, cols: m.cols, ptr: make([]int, m.rows+1)}
	for i := range m.rows {
		idx, val := m.Row(i)
		for p, j := range idx {
			if keep(i, int(j), val[p]) {
				f.idx, f.val = append(f.idx, j), append(f.val, val[p])
			}
		}
		f.ptr[i+1] = len(f.val)
	}
	return f
}
