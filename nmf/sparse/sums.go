package sparse

// RowSums returns the sum of each row's entries.
func (m *CSR) RowSums() []float64 {
	sums := make([]float64, m.rows)
	for i := range sums {
		for _, v := range m.val[m.ptr[i]:m.ptr[i+1]] {
			sums[i] += v
		}
	}
	return sums
}

// ColSums returns the sum of each column's entries.
func (m *CSR) ColSums() []float64 {
	sums := make([]float64, m.cols)
	for p, j := range m.idx {
		sums[j] += m.val[p]
	}
	return sums
}

// RowNNZ returns the number of entries stored in each row.
func (m *CSR) RowNNZ() []int {
	counts := make([]int, m.rows)
	for i := range counts {
		counts[i] = m.ptr[i+1] - m.ptr[i]
	}
	return counts
}

// ColNNZ returns the number of entries stored in each column.
func (m *CSR) ColNNZ() []int {
	counts := make([]int, m.cols)
	for _, j := range m.idx {
		counts[j]++
	}
	return counts
}
