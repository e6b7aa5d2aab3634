package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

func TestAcceleratedCDStartsAsCD(t *testing.T) {
	x := goldenMatrix(t, "sparse", 60, 40, 2, true)
	cfg := nmf.Config{Components: 5, Init: nmf.InitRandom, MaxIter: 20, Tol: -1, AlphaW: .001, AlphaH: .002, L1Ratio: .5}
	want := mustFit(t, x, cfg)
	cfg.Solver = nmf.AcceleratedCD{}
	got := mustFit(t, x, cfg)
	if !sameBits(got, want) {
		t.Error("the first 20 iterations are not CD's")
	}
	cfg.MaxIter = 21
	if more := mustFit(t, x, cfg); sameBits(more, want) {
		t.Error("another iteration changed nothing")
	}
}

func TestAcceleratedCDIsAhead(t *testing.T) {
	x := powerLaw(300, 400, 6000, 1)
	for seed := range uint32(5) {
		cfg := nmf.Config{Components: 8, Init: nmf.InitRandom, Seed: seed, MaxIter: 60, Tol: -1}
		plain := mustFit(t, x, cfg)
		cfg.Solver = nmf.AcceleratedCD{}
		fast := mustFit(t, x, cfg)
		if fast.Err >= plain.Err {
			t.Errorf("seed %d: error %v after 60 iterations, CD's is %v", seed, fast.Err, plain.Err)
		}
		// The error is that of the factors that come with it.
		wh := product(fast)
		wh.Sub(x, wh)
		if e := mat.Norm(wh, 2); e < fast.Err*(1-1e-9) || e > fast.Err*(1+1e-9) {
			t.Errorf("seed %d: error %v, but |X - WH| is %v", seed, fast.Err, e)
		}
	}
}

// Leaps are under way after 20 iterations, and go on from a file too.
func TestAcceleratedCDResumesInMidLeap(t *testing.T) {
	x := powerLaw(100, 120, 2000, 1)
	cfg := nmf.Config{Components: 6, Init: nmf.InitRandom, Solver: nmf.AcceleratedCD{}, MaxIter: 40, Tol: -1}
	want := mustFit(t, x, cfg)
	for _, stop := range []int{3, 20, 21, 33} {
		cfg.MaxIter = stop
		var file bytes.Buffer
		if err := mustFit(t, x, cfg).Save(&file); err != nil {
			t.Fatal(err)
		}
		m, err := nmf.Load(&file)
		if err != nil {
			t.Fatal(err)
		}
		if m, err = m.Resume(t.Context(), x, 40); err != nil {
			t.Fatal(err)
		}
		if !sameBits(m, want) {
			t.Errorf("stopped after %d iterations, it went another way", stop)
		}
	}
}

func ExampleAcceleratedCD() {
	x := powerLaw(300, 400, 6000, 1)
	cfg := nmf.Config{Components: 8, Init: nmf.InitRandom, MaxIter: 200, Tol: -1}
	plain, err := nmf.Fit(context.Background(), x, cfg)
	if err != nil {
		log.Fatal(err)
	}
	// How long until the other solver is as near?
	ctx, stop := context.WithCancel(context.Background())
	cfg.Solver = nmf.AcceleratedCD{}
	cfg.Progress = func(s nmf.Step) {
		if s.Err < plain.Err*(1+1e-6) {
			stop()
		}
	}
	fast, err := nmf.Fit(ctx, x, cfg)
	fmt.Println(errors.Is(err, context.Canceled), 2*fast.Iter < plain.Iter)
	// Output: true true
}
