// Package csr works on compressed sparse rows whose values are of any type:
// row i has the columns idx[ptr[i]:ptr[i+1]], which increase, with the values
// in the same places of val.
package csr

// Transpose returns the transpose of a matrix with the given number of
// columns, in time and memory O(rows + cols + entries).
func Transpose[T any](cols int, ptr []int, idx []int32, val []T) (ptrT []int, idxT []int32, valT []T) {
	// While places are given out, ptrT[j+1] is the next one of row j; when
	// all are, that is where row j+1 begins.
	ptrT, idxT, valT = make([]int, cols+2), make([]int32, len(idx)), make([]T, len(val))
	for _, j := range idx {
		ptrT[j+2]++
	}
	for j := range cols {
		ptrT[j+2] += ptrT[j+1]
	}
	for i := range len(ptr) - 1 {
		for p := ptr[i]; p < ptr[i+1]; p++ {
			at := &ptrT[idx[p]+1]
			idxT[*at], valT[*at] = int32(i), val[p]
			*at++
		}
	}
	return ptrT[: cols+1 : cols+1], idxT, valT
}
