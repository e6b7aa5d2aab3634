package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// twoGroups is a matrix of two groups of rows, which have nothing in common.
func twoGroups() *mat.Dense {
	return mat.NewDense(4, 4, []float64{
		5, 3, 0, 0,
		4, 3, 0, 0,
		0, 0, 2, 3,
		0, 0, 1, 2,
	})
}

// CD finds exact zeros where MU only comes near them.
func ExampleCD() {
	for _, solver := range []nmf.Solver{nmf.CD{Shuffle: true}, nmf.MU{}} {
		m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Solver: solver})
		if err != nil {
			log.Fatal(err)
		}
		zeros := 0
		for _, w := range m.W.RawMatrix().Data {
			if w == 0 {
				zeros++
			}
		}
		fmt.Printf("%T leaves %d zeros in W\n", solver, zeros)
	}
	// Output:
	// nmf.CD leaves 3 zeros in W
	// nmf.MU leaves 2 zeros in W
}

// A nil Solver is CD. Which solvers know which losses, an error tells.
func ExampleSolver() {
	for _, solver := range []nmf.Solver{nil, nmf.CD{}, nmf.MU{}, nmf.MiniBatch{BatchSize: 2}} {
		_, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Solver: solver, Loss: nmf.KullbackLeibler})
		fmt.Printf("%T: %v\n", solver, err)
	}
	// Output:
	// <nil>: nmf: Config.Solver CD fits the Frobenius loss only, not kullback-leibler: use MU{}
	// nmf.CD: nmf: Config.Solver CD fits the Frobenius loss only, not kullback-leibler: use MU{}
	// nmf.MU: <nil>
	// nmf.MiniBatch: <nil>
}

// An Init is written by the name that scikit-learn has for it.
func ExampleInit() {
	for _, init := range []nmf.Init{nmf.InitRandom, nmf.InitNNDSVD, nmf.InitNNDSVDa} {
		m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Init: init, MaxIter: 1})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-7v error %.3f after one iteration\n", init, m.Err)
	}
	// Output:
	// random  error 3.660 after one iteration
	// nndsvd  error 0.457 after one iteration
	// nndsvda error 4.860 after one iteration
}

// For a flag of a command.
func ExampleParseInit() {
	init, err := nmf.ParseInit("nndsvda")
	fmt.Println(init == nmf.InitNNDSVDa, err)
	_, err = nmf.ParseInit("svd")
	fmt.Println(err)
	// Output:
	// true <nil>
	// nmf: init "svd": want one of ["auto" "random" "nndsvd" "nndsvda" "nndsvdar" "custom"]
}

// The losses differ in how they weigh a mistake: to Frobenius the large row
// counts for nearly all, to Itakura-Saito both rows are worth the same.
func ExampleLoss() {
	x := mat.NewDense(2, 2, []float64{
		1, 2,
		100, 100,
	})
	for _, loss := range []nmf.Loss{nmf.Frobenius, nmf.KullbackLeibler, nmf.ItakuraSaito} {
		m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 1, Solver: nmf.MU{}, Loss: loss, Tol: -1})
		if err != nil {
			log.Fatal(err)
		}
		all, err := m.Reconstruct(nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-16v %.2f %.0f\n", loss, all.RawRowView(0), all.RawRowView(1))
	}
	// Output:
	// frobenius        [1.50 1.50] [100 100]
	// kullback-leibler [1.49 1.51] [100 100]
	// itakura-saito    [1.21 1.71] [85 121]
}

// Between the losses with names lie others: 1.5 is a compromise for counts
// with outliers. Losses compare with ==.
func ExampleBeta() {
	fmt.Println(nmf.Beta(1.5))
	fmt.Println(nmf.Beta(2) == nmf.Frobenius, nmf.Beta(1) == nmf.KullbackLeibler, nmf.Beta(0) == nmf.ItakuraSaito)
	// Output:
	// beta(1.5)
	// true true true
}

func ExampleLoss_Beta() {
	loss, err := nmf.ParseLoss("itakura-saito")
	fmt.Println(loss.Beta(), err)
	var zero nmf.Loss
	fmt.Println(zero, zero.Beta())
	// Output:
	// 0 <nil>
	// frobenius 2
}

// Why a fit ended: here it had not the iterations that it wanted.
func ExampleStop() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Solver: nmf.MU{}, MaxIter: 3})
	fmt.Println(m.Stop == nmf.IterationLimit, err)
	fmt.Println(m.Stop)
	// Output:
	// true <nil>
	// iteration limit
}

// Python warns of it; here the caller decides what to do.
func ExampleStop_Early() {
	ctx, x := context.Background(), twoGroups()
	m, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, MaxIter: 2})
	for err == nil && m.Stop.Early() {
		m, err = m.Resume(ctx, x, 2*m.Iter) // give it as many again
	}
	fmt.Println(m.Stop, err)
	// Output:
	// converged <nil>
}

// The units differ in what of a component is 1.
func ExampleUnit() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, unit := range []nmf.Unit{nmf.UnitSumH, nmf.UnitMaxH} {
		scaled, err := m.Normalize(unit)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: %.2f\n", unit, scaled.H.RawRowView(0))
	}
	// Output:
	// sum of H: [0.60 0.40 0.00 0.00]
	// max of H: [1.00 0.66 0.00 0.00]
}

// A Step tells a callback how far a fit is, every iteration.
func ExampleStep() {
	_, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Progress: func(s nmf.Step) {
		if s.Iter <= 3 {
			fmt.Printf("%d of at most %d, error %.2f, change %.4f\n", s.Iter, s.MaxIter, s.Err, s.Change)
		}
	}})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 1 of at most 200, error 4.86, change 1.0000
	// 2 of at most 200, error 4.00, change 0.4677
	// 3 of at most 200, error 2.72, change 0.3031
}

// What is wrong with the input can be told apart by errors.Is, and is said in
// words.
func Example_errors() {
	_, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{})
	fmt.Println(errors.Is(err, nmf.ErrConfig), err)

	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	_, err = m.Transform(context.Background(), mat.NewDense(1, 3, nil))
	fmt.Println(errors.Is(err, nmf.ErrShape), err)
	// Output:
	// true nmf: Config.Components is 0: it must be at least 1
	// true nmf: X has 3 columns, but the model's H has 4
}

// A model is two matrices and the story of how they came about.
func ExampleModel() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.W.Dims())
	fmt.Println(m.H.Dims())
	fmt.Printf("%.3f %v %v\n", m.Err, m.Stop, m.Config.MaxIter)
	// Output:
	// 4 2
	// 2 4
	// 0.457 converged 200
}

func ExampleModel_Components() {
	m := &nmf.Model{W: mat.NewDense(10, 3, nil), H: mat.NewDense(3, 5, nil)}
	fmt.Println(m.Components())
	// Output:
	// 3
}

// Errors has a place for every iteration, ready to be drawn; MU looks at the
// error of this loss at every tenth only.
func ExampleModel_Errors() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler, MaxIter: 20, Tol: -1})
	if err != nil {
		log.Fatal(err)
	}
	errs := m.Errors()
	fmt.Println(len(errs), "places, known after iterations 9 and 10:", !math.IsNaN(errs[8]), !math.IsNaN(errs[9]))
	// Output:
	// 20 places, known after iterations 9 and 10: false true
}

// The history is the errors that are known, with their iterations.
func ExampleHistoryPoint() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler, MaxIter: 40, Tol: -1})
	if err != nil {
		log.Fatal(err)
	}
	for _, point := range m.History {
		fmt.Printf("%d: %.2f\n", point.Iter, point.Err)
	}
	// Output:
	// 10: 0.28
	// 20: 0.28
	// 30: 0.28
	// 40: 0.28
}

// With a penalty the error is not all that a fit made small.
func ExampleModel_Objective() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, AlphaW: .01, AlphaH: .01, L1Ratio: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("misfit %.2f, with the penalties %.2f\n", m.Err*m.Err/2, m.Objective())
	// Output:
	// misfit 0.11, with the penalties 0.69
}

// A fit goes on from where it was, and gives the bits that it would have given
// in one go.
func ExampleModel_Resume() {
	ctx, x := context.Background(), twoGroups()
	whole, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, MaxIter: 20, Tol: -1})
	if err != nil {
		log.Fatal(err)
	}
	half, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, MaxIter: 10, Tol: -1})
	if err != nil {
		log.Fatal(err)
	}
	half, err = half.Resume(ctx, x, 20)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(half.Iter, mat.Equal(half.W, whole.W), slices.Equal(half.Errors(), whole.Errors()))
	// Output:
	// 20 true true
}

// A row folded in has the same answer alone and in company. By scikit-learn's
// rule the company matters, in the last digits.
func ExampleModel_TransformJoint() {
	ctx, x := context.Background(), mat.NewDense(30, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 { return float64((i*i*7+j*5+i*j)%23) + 1 }, x)
	m, err := nmf.Fit(ctx, x, nmf.Config{Components: 4})
	if err != nil {
		log.Fatal(err)
	}
	differs := func(transform func(context.Context, mat.Matrix) (*mat.Dense, error)) bool {
		all, err := transform(ctx, x)
		if err != nil {
			log.Fatal(err)
		}
		alone, err := transform(ctx, x.Slice(0, 1, 0, 8))
		if err != nil {
			log.Fatal(err)
		}
		return !mat.Equal(all.Slice(0, 1, 0, 4), alone)
	}
	fmt.Println("by itself:", differs(m.Transform))
	fmt.Println("jointly:  ", differs(m.TransformJoint))
	// Output:
	// by itself: false
	// jointly:   true
}

// Half the memory and more speed for seven digits; what goes in and what comes
// out stays float64.
func ExamplePrecision() {
	for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
		m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, Precision: precision})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: error %.4f\n", precision, m.Err)
	}
	// Output:
	// float64: error 0.4568
	// float32: error 0.4568
}

// For a flag of a command.
func ExampleParsePrecision() {
	precision, err := nmf.ParsePrecision("float32")
	fmt.Println(precision == nmf.Float32, err)
	_, err = nmf.ParsePrecision("float16")
	fmt.Println(err)
	// Output:
	// true <nil>
	// nmf: precision "float16": want one of ["float64" "float32"]
}

// An archive of NumPy with matrices W and H is a model too.
func ExampleLoad() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or what numpy.savez(file, W=W, H=H) wrote
	if err := m.Save(&file); err != nil {
		log.Fatal(err)
	}
	loaded, err := nmf.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	w, err := loaded.Transform(context.Background(), mat.NewDense(1, 4, []float64{10, 6, 0, 0}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(loaded)
	fmt.Println(w.At(0, 0) > w.At(0, 1))
	// Output:
	// NMF of a 4 x 4 matrix with 2 components: error 0.456801 after 7 iterations (converged)
	// true
}

// Two files of rows, such as two months.
func ExampleFitBlocks() {
	january, february := twoGroups(), twoGroups().Slice(0, 2, 0, 4)
	m, err := nmf.FitBlocks(context.Background(), []mat.Matrix{january, february}, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Iter, "blocks; W is of the last:", m.W.RawMatrix().Rows, "rows")
	// Output:
	// 2 blocks; W is of the last: 2 rows
}
