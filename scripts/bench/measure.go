package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// measure is gonmf's side of a measurement, as bench.py is scikit-learn's.
func measure(ctx context.Context, casePath, set string) error {
	raw, err := os.ReadFile(casePath)
	if err != nil {
		return err
	}
	var c Case
	if err := json.Unmarshal(raw, &c); err != nil {
		return err
	}
	x, err := read(set)
	if err != nil {
		return err
	}
	seconds, err := c.run(ctx, x)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(answer{Seconds: seconds})
}

func (c Case) config(maxIter int) nmf.Config {
	cfg := nmf.Config{Components: c.K, Init: nmf.InitRandom, MaxIter: maxIter, Tol: -1}
	switch c.Solver {
	case "mu":
		cfg.Solver = nmf.MU{}
	case "minibatch":
		cfg.Solver = nmf.MiniBatch{}
	}
	if c.Single {
		cfg.Precision = nmf.Float32
	}
	if c.Loss == kl {
		cfg.Loss = nmf.KullbackLeibler
	}
	return cfg
}

func (c Case) run(ctx context.Context, x mat.Matrix) (float64, error) {
	fit := func(cfg nmf.Config) (float64, error) {
		runtime.GC() // what the fit before left is not this one's
		start := time.Now()
		_, err := nmf.Fit(ctx, x, cfg)
		return time.Since(start).Seconds(), err
	}
	if _, err := fit(c.config(1)); err != nil {
		return 0, err
	}
	switch c.Task {
	case "iteration":
		short, err := fit(c.config(c.Few))
		if err != nil {
			return 0, err
		}
		long, err := fit(c.config(c.Many))
		return (long - short) / float64(c.Many-c.Few), err
	case "init":
		plain, err := fit(c.config(1))
		if err != nil {
			return 0, err
		}
		cfg := c.config(1)
		cfg.Init = nmf.InitNNDSVDa
		started, err := fit(cfg)
		return started - plain, err
	case "coverage":
		return c.coverage(ctx, x)
	case "objective":
		return c.objective(ctx, x)
	}
	return 0, fmt.Errorf("task %q", c.Task)
}

func (c Case) coverage(ctx context.Context, x mat.Matrix) (float64, error) {
	table, err := labelled(x.(*sparse.CSR))
	if err != nil {
		return 0, err
	}
	m, err := nmf.Fit(ctx, table.X, c.config(c.Many))
	if err != nil {
		return 0, err
	}
	m.Config.MaxIter, m.Config.Tol = 500, 0 // each row to its own stop
	start := time.Now()
	_, err = frames.Coverage(ctx, m, table, frames.CoverageOptions{})
	return time.Since(start).Seconds(), err
}

// labelled returns the matrix as a table of items and users.
func labelled(x *sparse.CSR) (*frames.Interactions, error) {
	var text bytes.Buffer
	text.WriteString("item_id,user_id\n")
	x.DoNonZero(func(i, j int, _ float64) { fmt.Fprintf(&text, "%d,%d\n", i, j) })
	return frames.ReadInteractions(&text, frames.Columns{})
}

// objective returns the time that a fit from the same start takes to reach
// c.Target by the solver for those in a hurry.
func (c Case) objective(ctx context.Context, x mat.Matrix) (float64, error) {
	ctx, stop := context.WithCancelCause(ctx)
	reached := errors.New("reached")
	cfg := c.config(100_000)
	cfg.Solver = nmf.AcceleratedCD{}
	cfg.Progress = func(s nmf.Step) {
		if s.Err <= c.Target {
			stop(reached)
		}
	}
	start := time.Now()
	_, err := nmf.Fit(ctx, x, cfg)
	if !errors.Is(err, reached) {
		return 0, fmt.Errorf("the error %v was not reached: %w", c.Target, err)
	}
	return time.Since(start).Seconds(), nil
}
