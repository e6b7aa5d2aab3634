package nmf_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/sparse"
)

func TestDataGivesTheBitsOfFit(t *testing.T) {
	x := nmftest.Blocks
	for name, c := range map[string]struct {
		x   mat.Matrix
		cfg nmf.Config
	}{
		"dense":               {x, nmf.Config{}},
		"sparse":              {mustCSR(t, x), nmf.Config{}},
		"sparse in float32":   {mustCSR(t, x), nmf.Config{Precision: nmf.Float32}},
		"masked":              {x, nmf.Config{Mask: half}},
		"weighted in float32": {x, nmf.Config{Weights: half, Precision: nmf.Float32}},
		"implicit feedback":   {mustCSR(t, x), nmf.Config{Unobserved: .1}},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := nmf.NewData(c.x, c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for k := 1; k <= 4; k++ {
				wg.Go(func() {
					cfg := c.cfg
					cfg.Components, cfg.Init, cfg.MaxIter, cfg.Seed = k, nmf.InitRandom, 20, uint32(k)
					want, err := nmf.Fit(t.Context(), c.x, cfg)
					if err != nil {
						t.Error(err)
						return
					}
					cfg.Mask, cfg.Weights, cfg.Unobserved = nil, nil, 0 // X was read with them
					got, err := data.Fit(t.Context(), cfg)
					if err != nil {
						t.Error(err)
						return
					}
					if !sameBits(got, want) {
						t.Errorf("k=%d: %v, want %v", k, got, want)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestDataRefuses(t *testing.T) {
	_, err := nmf.NewData(with(uniform(3, 2, 1), 1, 1, -1), nmf.Config{})
	if want := "nmf: X[1,1] = -1: negative"; !errors.Is(err, nmf.ErrNegative) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	data, err := nmf.NewData(uniform(3, 2, 1), nmf.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := data.Fit(t.Context(), nmf.Config{Components: 1, Precision: 7}); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("a precision that is none: %v", err)
	}
}

// What is read is what is fitted to.
func TestMatrixOfData(t *testing.T) {
	x := uniform(6, 5, 1)
	view := x.Slice(1, 4, 2, 5)
	observed := mat.NewDense(6, 5, []float64{3: 1, 7: 1, 22: 2, 29: 0})
	for name, c := range map[string]struct {
		x, want mat.Matrix
		cfg     nmf.Config
	}{
		"a part of a dense one": {view, view, nmf.Config{}},
		"sparse":                {mustCSR(t, x), x, nmf.Config{}},
		"observed": {x, func() mat.Matrix {
			var at mat.Dense
			at.Apply(func(i, j int, v float64) float64 { return v * min(observed.At(i, j), 1) }, x)
			return &at
		}(), nmf.Config{Weights: observed}},
	} {
		data, err := nmf.NewData(c.x, c.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := data.Matrix(); !mat.Equal(got, c.want) {
			t.Errorf("%s:\n%v\nwant\n%v", name, mat.Formatted(got), mat.Formatted(c.want))
		}
	}
}

func TestReconstructAt(t *testing.T) {
	x := uniform(9, 7, 3)
	m := mustFit(t, x, nmf.Config{Components: 3})
	places := mustCSR(t, x).Filter(func(i, j int, _ float64) bool { return (i+2*j)%3 == 0 })
	got, err := m.ReconstructAt(places)
	if err != nil {
		t.Fatal(err)
	}
	if got.NNZ() != places.NNZ() {
		t.Fatalf("%d entries, want %d", got.NNZ(), places.NNZ())
	}
	wh := product(m)
	got.DoNonZero(func(i, j int, v float64) {
		if places.At(i, j) == 0 || math.Abs(v-wh.At(i, j)) > 1e-12 {
			t.Errorf("(%d,%d) is %v, want %v", i, j, v, wh.At(i, j))
		}
	})
	if _, err := m.ReconstructAt(mustCSR(t, uniform(9, 6, 1))); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("other columns: %v", err)
	}
}

func TestErrorOf(t *testing.T) {
	x, other := uniform(9, 7, 3), uniform(9, 7, 4)
	for _, s := range solvers {
		m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 10})
		for name, x := range map[string]mat.Matrix{"its X": x, "another": other, "a sparse one": mustCSR(t, other)} {
			got, err := m.ErrorOf(x)
			if want := math.Sqrt(2 * naive(s.loss, x, product(m))); err != nil || math.Abs(got-want) > 1e-9*want {
				t.Errorf("%s, %s: %v, want %v, error %v", s.name, name, got, want, err)
			}
		}
	}
	m := mustFit(t, x, nmf.Config{Components: 3})
	if _, err := m.ErrorOf(with(other, 2, 3, math.NaN())); !errors.Is(err, nmf.ErrNotFinite) {
		t.Errorf("NaN: %v", err)
	}
	if _, err := m.ErrorOf(uniform(9, 6, 1)); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("other columns: %v", err)
	}
}

func TestDivergence(t *testing.T) {
	x, y := []float64{0, 1, 2.5, .25}, []float64{.5, 1, 2, .75}
	for _, loss := range []nmf.Loss{nmf.Frobenius, nmf.KullbackLeibler, nmf.Beta(.5), nmf.Beta(1.5), nmf.Beta(3)} {
		want := naive(loss, mat.NewDense(1, 4, x), mat.NewDense(1, 4, y))
		if got := loss.Divergence(x, y); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%v: %v, want %v", loss, got, want)
		}
	}
}

func TestConfigErrorNamesTheField(t *testing.T) {
	x := uniform(4, 3, 1)
	for field, cfg := range map[string]nmf.Config{
		"Components": {}, "MaxIter": {Components: 1, MaxIter: -1}, "Tol": {Components: 1, Tol: math.NaN()},
		"Solver": {Components: 1, Loss: nmf.KullbackLeibler}, "Init": {Components: 4, Init: nmf.InitNNDSVD},
		"W0": {Components: 1, Init: nmf.InitCustom}, "L1Ratio": {Components: 1, L1Ratio: 2},
	} {
		_, err := nmf.Fit(t.Context(), x, cfg)
		var bad *nmf.ConfigError
		if !errors.As(err, &bad) || bad.Field != field || !errors.Is(err, nmf.ErrConfig) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// X is read and checked once for all numbers of components.
func ExampleNewData() {
	data, err := nmf.NewData(twoGroups(), nmf.Config{})
	if err != nil {
		log.Fatal(err)
	}
	for k := 1; k <= 3; k++ {
		m, err := data.Fit(context.Background(), nmf.Config{Components: k})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d components: error %.2f\n", k, m.Err)
	}
	// Output:
	// 1 components: error 4.26
	// 2 components: error 0.46
	// 3 components: error 0.24
}

// What does the model foretell for two entries that it was not shown?
func ExampleModel_ReconstructAt() {
	x := twoGroups()
	hidden, err := sparse.FromTriplets(4, 4, []int{0, 3}, []int{0, 3}, []float64{5, 2})
	if err != nil {
		log.Fatal(err)
	}
	shown := mat.NewDense(4, 4, nil)
	shown.Apply(func(i, j int, _ float64) float64 { return 1 - min(hidden.At(i, j), 1) }, shown)
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2, Mask: shown})
	if err != nil {
		log.Fatal(err)
	}
	foretold, err := m.ReconstructAt(hidden)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1f %.1f\n", foretold.At(0, 0), foretold.At(3, 3))
	// Output:
	// 4.0 1.5
}

func ExampleConfigError() {
	_, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2, L1Ratio: 3})
	var bad *nmf.ConfigError
	if errors.As(err, &bad) {
		fmt.Println(bad.Field)
	}
	fmt.Println(err)
	// Output:
	// L1Ratio
	// nmf: Config.L1Ratio is 3: it must be from 0 to 1
}

// The data remember what is observed.
func ExampleData() {
	x, shown := twoGroups(), mat.NewDense(4, 4, nil)
	shown.Apply(func(i, j int, _ float64) float64 { return float64(min(i+j, 1)) }, shown) // all but X[0,0]
	data, err := nmf.NewData(x, nmf.Config{Mask: shown})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(data.Matrix().At(0, 0), data.Matrix().At(0, 1))
	// Output: 0 3
}

func ExampleData_Fit() {
	data, err := nmf.NewData(twoGroups(), nmf.Config{})
	if err != nil {
		log.Fatal(err)
	}
	m, err := data.Fit(context.Background(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m)
	// Output: NMF of a 4 x 4 matrix with 2 components: error 0.456801 after 7 iterations (converged)
}

// Of a matrix that is sparse nothing becomes dense.
func ExampleData_Matrix() {
	x, err := sparse.FromDense(twoGroups())
	if err != nil {
		log.Fatal(err)
	}
	data, err := nmf.NewData(x, nmf.Config{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(data.Matrix())
	// Output: 4 x 4 sparse matrix, 8 entries
}

// How far is a prediction from what came?
func ExampleLoss_Divergence() {
	came, foretold := []float64{4, 2, 0}, []float64{2, 2, 1}
	fmt.Printf("%.3f\n", nmf.Frobenius.Divergence(came, foretold))
	fmt.Printf("%.3f\n", nmf.KullbackLeibler.Divergence(came, foretold))
	// Output:
	// 2.500
	// 1.773
}

// The error of a model for other rows, with the W that suits them best.
func ExampleModel_ErrorOf() {
	x := twoGroups()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	more := mat.NewDense(1, 4, []float64{9, 6, 0, 1})
	w, err := m.Transform(context.Background(), more)
	if err != nil {
		log.Fatal(err)
	}
	of := &nmf.Model{W: w, H: m.H, Config: m.Config}
	e, err := of.ErrorOf(more)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", e)
	// Output: 0.53
}
