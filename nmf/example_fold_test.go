package nmf_test

import (
	"context"
	"fmt"
	"log"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// A FoldIn is prepared once and asked for every row that comes.
func ExampleNewFoldIn() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fold, err := nmf.NewFoldIn(m)
	if err != nil {
		log.Fatal(err)
	}
	w := make([]float64, m.Components())
	for _, row := range [][]float64{{5, 3, 0, 0}, {0, 0, 4, 6}} {
		if err := fold.Row(w, row); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.1f\n", w)
	}
	// Output:
	// [0.2 0.0]
	// [0.0 2.9]
}

// Of a sparse row only the entries are needed: column 0 has 5, column 1 has 3.
func ExampleFoldIn_SparseRow() {
	fold, err := nmf.NewFoldIn(&nmf.Model{H: mat.NewDense(2, 4, []float64{5, 3, 0, 0, 0, 0, 2, 3})})
	if err != nil {
		log.Fatal(err)
	}
	w := make([]float64, 2)
	if err := fold.SparseRow(w, []int32{0, 1}, []float64{5, 3}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(w)
	// Output:
	// [1 0]
}

// Rows come in blocks, and H gets better with each.
func ExampleOnline() {
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	for range 5 {
		if err := online.Partial(context.Background(), twoGroups()); err != nil {
			log.Fatal(err)
		}
	}
	m := online.Model()
	fmt.Println(m.Iter, "blocks, the error falls:", m.Errors()[4] < m.Errors()[0])
	// Output:
	// 5 blocks, the error falls: true
}

// A block that cannot be used changes nothing.
func ExampleOnline_Partial() {
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Partial(context.Background(), mat.NewDense(1, 3, nil)))
	fmt.Println(online.Partial(context.Background(), twoGroups()))
	fmt.Println(online.Model().Iter, "block")
	// Output:
	// nmf: the block has 3 columns, but the fit is of 4
	// <nil>
	// 1 block
}

// The model is a copy: what comes later does not change it.
func ExampleOnline_Model() {
	ctx := context.Background()
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Model() == nil)
	if err := online.Partial(ctx, twoGroups()); err != nil {
		log.Fatal(err)
	}
	monday := online.Model()
	if err := online.Partial(ctx, twoGroups()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(monday.Iter, online.Model().Iter)
	// Output:
	// true
	// 1 2
}

// A model that was fitted to old rows goes on with new ones.
func ExampleModel_Online() {
	ctx := context.Background()
	m, err := nmf.Fit(ctx, twoGroups(), nmf.Config{Components: 2, Solver: nmf.MiniBatch{}})
	if err != nil {
		log.Fatal(err)
	}
	online, err := m.Online()
	if err != nil {
		log.Fatal(err)
	}
	if err := online.Partial(ctx, mat.NewDense(1, 4, []float64{6, 4, 0, 0})); err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Model().W.Dims())
	// Output:
	// 1 2
}
