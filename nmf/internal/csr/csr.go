// Package csr works on compressed sparse rows: row i has the columns idx[ptr[i]:ptr[i+1]], which increase, with the values
// in the same places of val. It imports nothing.
package csr

// Transpose returns the transpose of a matrix with the given number of
// columns, in time and memory O(rows + cols + entries). I must have the numbers
// of its rows.
func Transpose[I int32 | uint16, T, S float32 | float64](cols int, ptr []int, idx []int32, val []S) (ptrT []int, idxT []I, valT []T) {
	// While places are given out, ptrT[j+1] is the next one of row j; when
	// all are, that is where row j+1 begins.
	ptrT, idxT, valT = make([]int, cols+2), make([]I, len(idx)), make([]T, len(val))
	for _, j := range idx {
		ptrT[j+2]++
	}
	for j := range cols {
		ptrT[j+2] += ptrT[j+1]
	}
	for i := range len(ptr) - 1 {
		for p := ptr[i]; p < ptr[i+1]; p++ {
			at := &ptrT[idx[p]+1]
			idxT[*at], valT[*at] = I(i), T(val[p])
			*at++
		}
	}
	return ptrT[: cols+1 : cols+1], idxT, valT
}
