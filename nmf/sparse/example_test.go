package sparse_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
)

func ExampleFromTriplets() {
	// Two purchases of the same item by the same user add up.
	m, err := sparse.FromTriplets(2, 3, []int{0, 1, 0}, []int{2, 0, 2}, []float64{1, 5, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	fmt.Println(mat.Formatted(m))
	// Output:
	// 2 x 3 sparse matrix, 2 entries
	// ⎡0  0  2⎤
	// ⎣5  0  0⎦
}

func ExampleFromDense() {
	m, err := sparse.FromDense(mat.NewDense(2, 3, []float64{0, 7, 0, 1, 0, 2}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m, m.RowSums(), m.ColNNZ())
	// Output: 2 x 3 sparse matrix, 3 entries [7 3] [1 1 1]
}

func ExampleCSR_SelectRows() {
	m, err := sparse.FromTriplets(3, 2, []int{0, 1, 2}, []int{0, 1, 0}, []float64{1, 2, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := m.SelectRows([]int{2, 0})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := s.ToDense()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(d))
	// Output:
	// ⎡3  0⎤
	// ⎣1  0⎦
}

func ExampleReadMatrixMarket() {
	m, err := sparse.ReadMatrixMarket(strings.NewReader(`%%MatrixMarket matrix coordinate integer general
% items x users
2 3 2
1 3 4
2 1 5
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Transpose().WriteMatrixMarket(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// %%MatrixMarket matrix coordinate real general
	// 3 2 2
	// 1 2 5
	// 3 1 4
}

func ExampleReadNPZ() {
	f, err := os.Open("testdata/csr.npz") // scipy.sparse.save_npz("csr.npz", m)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	m, err := sparse.ReadNPZ(f)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	// Output: 3 x 4 sparse matrix, 4 entries
}

func ExampleCSR_Filter() {
	m, err := sparse.FromDense(mat.NewDense(2, 3, []float64{1, 0, 5, 9, 2, 0}))
	if err != nil {
		fmt.Println(err)
		return
	}
	large := m.Filter(func(_, _ int, v float64) bool { return v >= 5 })
	fmt.Println(large, large.RowSums())
	// Output: 2 x 3 sparse matrix, 2 entries [5 9]
}

func ExampleCSR_WriteNPZ() {
	m, err := sparse.FromDense(mat.NewDense(2, 3, []float64{1, 0, 5, 9, 2, 0}))
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer // scipy.sparse.load_npz reads it
	if err := m.WriteNPZ(&file); err != nil {
		fmt.Println(err)
		return
	}
	back, err := sparse.ReadNPZ(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Equal(back, m))
	// Output: true
}
