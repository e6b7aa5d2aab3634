package sparse_test

import (
	"fmt"
	"log"
	"math"
	"os"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
)

// basket is what three users (columns) bought of two items (rows).
func basket() *sparse.CSR {
	m, err := sparse.FromTriplets(2, 3, []int{0, 0, 1}, []int{0, 2, 2}, []float64{4, 1, 9})
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// A CSR is a gonum matrix, of which only the entries are stored.
func ExampleCSR() {
	m := basket()
	fmt.Println(m)
	fmt.Println(mat.Sum(m), mat.Norm(m, 1))
	// Output:
	// 2 x 3 sparse matrix, 3 entries
	// 14 10
}

// The arrays are those of scipy.sparse.csr_matrix((data, indices, indptr)).
func ExampleFromCSR() {
	m, err := sparse.FromCSR(2, 3, []int{0, 2, 3}, []int32{0, 2, 2}, []float64{4, 1, 9})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mat.Equal(m, basket()))
	_, err = sparse.FromCSR(2, 3, []int{0, 2, 3}, []int32{2, 0, 2}, []float64{4, 1, 9})
	fmt.Println(err)
	// Output:
	// true
	// sparse: row 0: column 0 after 2 in a matrix of 3 columns
}

func ExampleCSR_At() {
	fmt.Println(basket().At(1, 2), basket().At(1, 0))
	// Output:
	// 9 0
}

// How many items has each user?
func ExampleCSR_ColNNZ() {
	fmt.Println(basket().ColNNZ())
	// Output:
	// [1 0 2]
}

func ExampleCSR_ColSums() {
	fmt.Println(basket().ColSums())
	// Output:
	// [4 0 10]
}

func ExampleCSR_Dims() {
	items, users := basket().Dims()
	fmt.Println(items, "items,", users, "users")
	// Output:
	// 2 items, 3 users
}

// The largest entry, without looking at a zero.
func ExampleCSR_DoNonZero() {
	most := 0.0
	basket().DoNonZero(func(i, j int, v float64) { most = max(most, v) })
	fmt.Println(most)
	// Output:
	// 9
}

func ExampleCSR_DoRowNonZero() {
	basket().DoRowNonZero(0, func(i, j int, v float64) {
		fmt.Printf("item %d, user %d: %v\n", i, j, v)
	})
	// Output:
	// item 0, user 0: 4
	// item 0, user 2: 1
}

// Roots of counts, so that large ones do not rule a fit.
func ExampleCSR_Map() {
	roots := basket().Map(func(i, j int, v float64) float64 { return math.Sqrt(v) })
	fmt.Println(mat.Formatted(roots))
	// Output:
	// ⎡2  0  1⎤
	// ⎣0  0  3⎦
}

// How full is it?
func ExampleCSR_NNZ() {
	m := basket()
	rows, cols := m.Dims()
	fmt.Printf("%.0f%%\n", 100*float64(m.NNZ())/float64(rows*cols))
	// Output:
	// 50%
}

// For code that wants the compressed arrays themselves.
func ExampleCSR_Raw() {
	indptr, indices, data := basket().Raw()
	fmt.Println(indptr, indices, data)
	// Output:
	// [0 2 3] [0 2 2] [4 1 9]
}

func ExampleCSR_Row() {
	users, amounts := basket().Row(0)
	fmt.Println("users", users, "bought", amounts)
	// Output:
	// users [0 2] bought [4 1]
}

func ExampleCSR_RowNNZ() {
	fmt.Println(basket().RowNNZ())
	// Output:
	// [2 1]
}

func ExampleCSR_RowSums() {
	fmt.Println(basket().RowSums())
	// Output:
	// [5 9]
}

// Row 0 alone. It shares the memory of the matrix that it is of.
func ExampleCSR_SliceRows() {
	fmt.Println(basket().SliceRows(0, 1))
	// Output:
	// 1 x 3 sparse matrix, 2 entries
}

// T costs nothing, and is slow to walk along; Transpose makes a matrix whose
// rows are stored together.
func ExampleCSR_T() {
	m := basket()
	fmt.Println(mat.Equal(m.T(), m.Transpose()))
	// Output:
	// true
}

func ExampleCSR_ToDense() {
	d, err := basket().ToDense()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.RawMatrix().Data)
	// Output:
	// [4 0 1 0 0 9]
}

// For columns what there is for rows.
func ExampleCSR_Transpose() {
	byUser := basket().Transpose()
	items, _ := byUser.Row(2)
	fmt.Println(byUser, "user 2 bought items", items)
	// Output:
	// 3 x 2 sparse matrix, 3 entries user 2 bought items [0 1]
}

func ExampleReadNPY() {
	f, err := os.Open("testdata/dense.npy") // of numpy.save
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	x, err := sparse.ReadNPY(f)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x)
	// Output: 3 x 4 sparse matrix, 4 entries
}

func ExampleCSR_WriteMatrixMarket() {
	if err := basket().WriteMatrixMarket(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// %%MatrixMarket matrix coordinate real general
	// 2 3 3
	// 1 1 4
	// 1 3 1
	// 2 3 9
}

// Two files of purchases, one after the other; a place that both name is
// summed.
func ExampleFromParts() {
	may := sparse.Triplets{I: []int32{0, 1}, J: []int32{0, 2}, V: []float64{4, 8}}
	june := sparse.Triplets{I: []int32{0, 1}, J: []int32{2, 2}}
	m, err := sparse.FromParts(2, 3, []sparse.Triplets{may, june})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mat.Formatted(m))
	// Output:
	// ⎡4  0  1⎤
	// ⎣0  0  9⎦
}

// Without values each entry is a 1.
func ExampleTriplets() {
	m, err := sparse.FromParts(1, 2, []sparse.Triplets{{I: []int32{0, 0}, J: []int32{1, 1}}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.At(0, 1))
	// Output:
	// 2
}
