package nmf_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
)

// A fit that was stopped in any way goes on when it is called again.
func ExampleCheckpoint() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	cfg := nmf.Config{Components: 2, MaxIter: 20, Tol: -1, Checkpoint: nmf.Checkpoint{Dir: dir}, Progress: func(s nmf.Step) {
		if s.Iter == 12 {
			stop()
		}
	}}
	_, err = nmf.Fit(ctx, nmftest.Shop, cfg)
	fmt.Println(err)

	again := 0
	cfg.Progress = func(nmf.Step) { again++ }
	m, err := nmf.Fit(context.Background(), nmftest.Shop, cfg)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Iter, "iterations,", again, "of them made now")
	// Output:
	// nmf: fit stopped after 12 iterations: context canceled
	// 20 iterations, 8 of them made now
}

// Three batches of rows in each of five iterations.
func ExampleModel_Batches() {
	m, err := nmf.Fit(context.Background(), nmftest.Blocks, nmf.Config{Components: 2, Solver: nmf.MiniBatch{BatchSize: 4}, MaxIter: 5, Tol: -1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Iter, m.Batches())
	// Output: 5 15
}

// Entries that are not observed have no part in the W of a row.
func ExampleTransformOptions() {
	m := fitted()
	t, err := m.TransformReport(context.Background(), nmftest.Shop, nmf.TransformOptions{Weights: nmftest.Shop})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.W.Dims())
	// Output: 6 2
}

// Rows that stop together take as many iterations as the slowest.
func ExampleTransformation() {
	m := fitted()
	var t *nmf.Transformation
	t, err := m.TransformReport(context.Background(), nmftest.Shop, nmf.TransformOptions{Joint: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Early, t.Iter < 20)
	// Output: 0 true
}

func fitted() *nmf.Model {
	m, err := nmf.Fit(context.Background(), nmftest.Shop, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	return m
}
