package sparse

import "gonum.org/v1/gonum/mat"

// SliceRows returns rows lo to hi-1 as a matrix that shares m's entries. It
// panics if there are no such rows.
func (m *CSR) SliceRows(lo, hi int) *CSR {
	if lo < 0 || hi < lo || hi > m.rows {
		panic(mat.ErrRowAccess)
	}
	from, to := m.ptr[lo], m.ptr[hi]
	s := &CSR{rows: hi - lo, cols: m.cols, ptr: make([]int, hi-lo+1), idx: m.idx[from:to:to], val: m.val[from:to:to]}
	for i := range s.ptr {
		s.ptr[i] = m.ptr[lo+i] - from
	}
	return s
}
