package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
)

// TestTransformReport compares what a transform tells of its iterations with what more of them change.
func TestTransformReport(t *testing.T) {
	for _, c := range []struct {
		solver nmf.Solver
		loss   nmf.Loss
		weigh  bool
	}{
		{nmf.CD{}, nmf.Frobenius, false}, {nmf.CD{Shuffle: true}, nmf.Frobenius, false}, {nmf.AcceleratedCD{}, nmf.Frobenius, false}, {nmf.CD{}, nmf.Frobenius, true},
		{nmf.MU{}, nmf.Frobenius, false}, {nmf.MU{}, nmf.KullbackLeibler, false}, {nmf.MU{}, nmf.KullbackLeibler, true}, {nmf.MiniBatch{}, nmf.Frobenius, false},
	} {
		t.Run(fmt.Sprintf("%T %v %v", c.solver, c.loss, c.weigh), func(t *testing.T) {
			m, err := nmf.Fit(t.Context(), nmftest.Blocks, nmf.Config{Components: 3, Solver: c.solver, Loss: c.loss, MaxIter: 300, Init: nmf.InitRandom})
			if err != nil {
				t.Fatal(err)
			}
			for _, joint := range []bool{false, true} {
				opt := nmf.TransformOptions{Joint: joint}
				if c.weigh {
					if joint {
						continue
					}
					ones := mat.NewDense(5, 8, nil)
					ones.Apply(func(int, int, float64) float64 { return 1 }, ones)
					opt.Weights = ones
				}
				m.Config.MaxIter = 10_000
				all, err := m.TransformReport(t.Context(), nmftest.NewRows, opt)
				if err != nil {
					t.Fatal(err)
				}
				if all.Early != 0 || all.Iter < 2 || all.Iter >= 10_000 {
					t.Fatalf("joint %v: %d iterations, %d rows early", joint, all.Iter, all.Early)
				}
				m.Config.MaxIter = all.Iter // as many as it takes
				if again, err := m.TransformReport(t.Context(), nmftest.NewRows, opt); err != nil || again.Early != 0 || again.Iter != all.Iter || !equal(again.W, all.W) {
					t.Errorf("joint %v: with enough: %d iterations, %d rows early, want %d", joint, again.Iter, again.Early, all.Iter)
				}
				m.Config.MaxIter = all.Iter - 1
				less, err := m.TransformReport(t.Context(), nmftest.NewRows, opt)
				if err != nil {
					t.Fatal(err)
				}
				want := 0 // rows that the last iteration changes; one that it leaves as it is may not know yet that it is done
				for i := range 5 {
					if !mat.Equal(less.W.RowView(i), all.W.RowView(i)) {
						want++
					}
				}
				if joint {
					want = 5 // they stop together
				}
				if less.Early < max(want, 1) || less.Early > 5 || less.Iter != all.Iter-1 {
					t.Errorf("joint %v: with one fewer: %d iterations, %d rows early, want at least %d of 5", joint, less.Iter, less.Early, want)
				}
			}
		})
	}
	m, err := nmf.Fit(t.Context(), nmftest.Blocks, nmf.Config{Components: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.TransformReport(t.Context(), nmftest.NewRows, nmf.TransformOptions{Joint: true, Weights: nmftest.NewRows}); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("weights, jointly: %v", err)
	}
}

func ExampleModel_TransformReport() {
	m, err := nmf.Fit(context.Background(), nmftest.Shop, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	m.Config.MaxIter = 1 // too few
	t, err := m.TransformReport(context.Background(), nmftest.Shop, nmf.TransformOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d iterations; %d of 6 rows had not converged\n", t.Iter, t.Early)
	// Output: 1 iterations; 6 of 6 rows had not converged
}

// TestBatchesAreCounted goes through a file and on.
func TestBatchesAreCounted(t *testing.T) {
	cfg := nmf.Config{Components: 2, Solver: nmf.MiniBatch{BatchSize: 4}, MaxIter: 5, Tol: -1, Init: nmf.InitRandom}
	m, err := nmf.Fit(t.Context(), nmftest.Blocks, cfg) // of 9 rows
	if err != nil {
		t.Fatal(err)
	}
	if m.Batches() != 15 {
		t.Errorf("%d batches, want 15", m.Batches())
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	if m, err = nmf.Load(&file); err != nil {
		t.Fatal(err)
	}
	if m, err = m.Resume(t.Context(), nmftest.Blocks, 7); err != nil || m.Batches() != 21 {
		t.Errorf("%d batches, want 21, %v", m.Batches(), err)
	}
	o, err := m.Online()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Partial(t.Context(), nmftest.Blocks); err != nil {
		t.Fatal(err)
	}
	if got := o.Model().Batches(); got != 22 {
		t.Errorf("%d batches with a block more, want 22", got)
	}
	cd, err := nmf.Fit(t.Context(), nmftest.Blocks, nmf.Config{Components: 2})
	if err != nil || cd.Batches() != 0 {
		t.Errorf("%d batches of CD, %v", cd.Batches(), err)
	}
}
