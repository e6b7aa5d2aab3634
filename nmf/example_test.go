package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

func ExampleFit() {
	x := mat.NewDense(6, 2, []float64{
		1, 1,
		2, 1,
		3, 1.2,
		4, 1,
		5, 0.8,
		6, 1,
	})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2, Init: nmf.InitRandom})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	fmt.Printf("H = %.2f\n", mat.Formatted(m.H, mat.Prefix("    ")))
	// Output:
	// NMF of a 6 x 2 matrix with 2 components: error 0.00115993 after 30 iterations (converged)
	// H = ⎡2.10  0.31⎤
	//     ⎣2.13  2.13⎦
}

// A fit can be stopped, and gone on with, without a bit of difference.
func ExampleFit_cancel() {
	x := mat.NewDense(3, 3, []float64{1, 2, 3, 2, 4, 7, 3, 6, 8})
	ctx, cancel := context.WithCancelCause(context.Background())
	m, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, Init: nmf.InitRandom, Progress: func(s nmf.Step) {
		if s.Iter == 3 {
			cancel(errors.New("lunch"))
		}
	}})
	fmt.Println(err)
	m.Config.Progress = nil
	m, err = m.Resume(context.Background(), x, 5)
	fmt.Println(m.Iter, m.Stop, err)
	// Output:
	// nmf: fit stopped after 3 iterations: lunch
	// 5 iteration limit <nil>
}

func ExampleFit_sparse() {
	// Three readers, four books: who read what.
	x, err := sparse.FromTriplets(3, 4, []int{0, 0, 1, 1, 2, 2}, []int{0, 1, 0, 1, 2, 3}, []float64{1, 1, 1, 1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", mat.Formatted(m.W))
	// Output:
	// ⎡0.5  0.0⎤
	// ⎢0.5  0.0⎥
	// ⎣0.0  0.9⎦
}

func ExampleModel_Transform() {
	x := mat.NewDense(3, 3, []float64{1, 1, 0, 2, 2, 0, 0, 0, 3})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	w, err := m.Transform(context.Background(), mat.NewDense(1, 3, []float64{4, 4, 3}))
	if err != nil {
		fmt.Println(err)
		return
	}
	back, err := m.Inverse(w)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", mat.Formatted(back))
	// Output:
	// [4.00  4.00  3.00]
}

// What a row has of the entries that were looked at fills in the others.
func ExampleModel_TransformWeighted() {
	x := mat.NewDense(3, 3, []float64{1, 1, 0, 2, 2, 0, 0, 0, 3})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	row := mat.NewDense(1, 3, []float64{4, math.NaN(), 3})
	w, err := m.TransformWeighted(context.Background(), row, mat.NewDense(1, 3, []float64{1, 0, 1}))
	if err != nil {
		fmt.Println(err)
		return
	}
	back, err := m.Inverse(w)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", mat.Formatted(back))
	// Output:
	// [4.00  4.00  3.00]
}

func ExampleMU() {
	// Word counts: the Kullback-Leibler loss suits them.
	x := mat.NewDense(4, 3, []float64{9, 0, 1, 7, 1, 0, 0, 8, 4, 1, 9, 5})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("error %.2f, %v\n", m.Err, m.Stop)
	// Output:
	// error 1.39, converged
}

func ExampleMiniBatch() {
	x := mat.NewDense(3000, 3, nil)
	for i := range 3000 {
		x.SetRow(i, []float64{float64(i % 3), float64(2 * (i % 3)), 1})
	}
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2, Solver: nmf.MiniBatch{BatchSize: 100}, Tol: -1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f%% of X is left, %v\n", 100*m.Err/mat.Norm(x, 2), m.Stop)
	// Output:
	// 1% of X is left, iteration limit
}

func ExampleNewOnline() {
	o, err := nmf.NewOnline(nmf.Config{Components: 2, Init: nmf.InitRandom}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	for block := range 20 {
		x := mat.NewDense(50, 3, nil) // as read from a file
		for i := range 50 {
			x.SetRow(i, []float64{float64((i + block) % 3), float64(2 * ((i + block) % 3)), 1})
		}
		if err := o.Partial(context.Background(), x); err != nil {
			fmt.Println(err)
			return
		}
	}
	m := o.Model()
	fmt.Println(m.Iter, "blocks,", m.Components(), "components")
	// Output:
	// 20 blocks, 2 components
}

func ExampleFitStream() {
	rows := func(yield func(mat.Matrix, error) bool) {
		for range 10 {
			if !yield(mat.NewDense(2, 2, []float64{1, 2, 3, 1}), nil) {
				return
			}
		}
	}
	m, err := nmf.FitStream(context.Background(), rows, nmf.Config{Components: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Iter, "blocks")
	// Output:
	// 10 blocks
}

// Missing values are not zeros: the fit does not look at them.
func ExampleConfig_mask() {
	nan := math.NaN()
	x := mat.NewDense(3, 3, []float64{
		1, 2, 3,
		2, nan, 6,
		3, 6, nan,
	})
	seen := mat.NewDense(3, 3, []float64{1, 1, 1, 1, 0, 1, 1, 1, 0})
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 1, Mask: seen})
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := m.Reconstruct(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f\n", mat.Formatted(all))
	// Output:
	// ⎡1.00  2.00  3.00⎤
	// ⎢2.00  4.00  6.00⎥
	// ⎣3.00  6.00  9.00⎦
}

// Counts of events: what did not happen says a little, what did says more the
// more often it did.
func ExampleConfig_implicit() {
	i, j := []int{0, 0, 1, 1, 2}, []int{0, 1, 0, 1, 2}
	happened, err := sparse.FromTriplets(3, 3, i, j, []float64{1, 1, 1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	confidence, err := sparse.FromTriplets(3, 3, i, j, []float64{5, 2, 9, 3, 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := nmf.Fit(context.Background(), happened, nmf.Config{Components: 2, Weights: confidence, Unobserved: .1})
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := m.Reconstruct(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", mat.Formatted(all))
	// Output:
	// ⎡1.0  1.0  0.0⎤
	// ⎢1.0  1.0  0.0⎥
	// ⎣0.0  0.0  1.0⎦
}

func ExampleParseLoss() {
	for _, name := range []string{"kullback-leibler", "1.5"} {
		loss, err := nmf.ParseLoss(name)
		fmt.Println(loss, loss.Beta(), err)
	}
	// Output:
	// kullback-leibler 1 <nil>
	// beta(1.5) 1.5 <nil>
}

func ExampleEntryError() {
	_, err := nmf.Fit(context.Background(), mat.NewDense(2, 2, []float64{1, 2, 3, -4}), nmf.Config{Components: 1})
	var e *nmf.EntryError
	if errors.As(err, &e) {
		fmt.Println(e.Row, e.Col, errors.Is(err, nmf.ErrNegative))
	}
	fmt.Println(err)
	// Output:
	// 1 1 true
	// nmf: X[1,1] = -4: negative
}

func ExampleModel_Save() {
	m, err := nmf.Fit(context.Background(), mat.NewDense(2, 2, []float64{1, 2, 3, 4}), nmf.Config{Components: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		fmt.Println(err)
		return
	}
	same, err := nmf.Load(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Equal(m.H, same.H))
	// Output:
	// true
}

func ExampleConfig_progress() {
	m, err := nmf.Fit(context.Background(), mat.NewDense(2, 2, []float64{1, 2, 3, 4}), nmf.Config{
		Components: 1, MaxIter: 30, Tol: -1,
		Progress: func(s nmf.Step) {
			if s.Iter%10 == 0 {
				fmt.Printf("iteration %d of %d: error %.3f\n", s.Iter, s.MaxIter, s.Err)
			}
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(m.Errors()), "errors are in the history")
	// Output:
	// iteration 10 of 30: error 0.366
	// iteration 20 of 30: error 0.366
	// iteration 30 of 30: error 0.366
	// 30 errors are in the history
}
