package main

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
	"gonmf/scripts/cli"
)

// Case is a kind of work. Its names are those of bench.py too.
type Case struct {
	Name   string  `json:"name"`
	Set    string  `json:"set"`
	Task   string  `json:"task"`
	Solver string  `json:"solver"`
	Loss   string  `json:"loss"`
	K      int     `json:"k"`
	Single bool    `json:"single,omitempty"` // in float32, gonmf only
	Few    int     `json:"few,omitempty"`    // iterations of a short and of a long fit, or of that which is studied
	Many   int     `json:"many,omitempty"`
	Rows   int     `json:"rows,omitempty"`   // of the coverage study that scikit-learn gets to do
	Target float64 `json:"target,omitempty"` // the error to reach
}

const (
	frobenius = "frobenius"
	kl        = "kullback-leibler"
)

var cases = []Case{
	{Name: "CD, sparse 10,000 x 20,000, k=50, an iteration", Set: "large", Task: "iteration", Solver: "cd", Loss: frobenius, K: 50, Few: 5, Many: 25},
	{Name: "CD in float32, sparse 10,000 x 20,000, k=50, an iteration", Set: "large", Task: "iteration", Solver: "cd", Loss: frobenius, K: 50, Single: true, Few: 5, Many: 25},
	{Name: "CD, shop, k=50, an iteration", Set: "shop", Task: "iteration", Solver: "cd", Loss: frobenius, K: 50, Few: 10, Many: 60},
	{Name: "MU Kullback-Leibler, shop, k=50, an iteration", Set: "shop", Task: "iteration", Solver: "mu", Loss: kl, K: 50, Few: 5, Many: 35},
	{Name: "MU Frobenius, shop, k=50, an iteration", Set: "shop", Task: "iteration", Solver: "mu", Loss: frobenius, K: 50, Few: 10, Many: 60},
	{Name: "mini-batch, shop, k=50, a pass", Set: "shop", Task: "iteration", Solver: "minibatch", Loss: frobenius, K: 50, Few: 10, Many: 40},
	{Name: "CD, dense 2,000 x 4,000, k=20, an iteration", Set: "dense", Task: "iteration", Solver: "cd", Loss: frobenius, K: 20, Few: 5, Many: 35},
	{Name: "CD, dense 2,000 x 4,000, k=100, an iteration", Set: "dense", Task: "iteration", Solver: "cd", Loss: frobenius, K: 100, Few: 5, Many: 25},
	{Name: "MU Kullback-Leibler, dense 2,000 x 4,000, k=20, an iteration", Set: "dense", Task: "iteration", Solver: "mu", Loss: kl, K: 20, Few: 5, Many: 25},
	{Name: "nndsvda start, shop, k=50", Set: "shop", Task: "init", Solver: "cd", Loss: frobenius, K: 50},
	{Name: "coverage study, shop, k=50", Set: "shop", Task: "coverage", Solver: "cd", Loss: frobenius, K: 50, Many: 100, Rows: 300},
	{Name: "coverage study, sparse 10,000 x 20,000, k=50", Set: "large", Task: "coverage", Solver: "cd", Loss: frobenius, K: 50, Many: 100, Rows: 60},
	{Name: "fit of shop, k=50, to the error at which scikit-learn stops", Set: "shop", Task: "objective", Solver: "cd", Loss: frobenius, K: 50},
}

// rcppML tells whether RcppML can do the work.
func (c Case) rcppML() bool {
	return c.Task == "iteration" && c.Solver == "cd" && c.Set != "dense" && !c.Single
}

// writeSets writes the matrices into dir, where all sides can read them.
func writeSets(_ context.Context, dir, in string) error {
	shop, err := sparse.PowerLaw(3_659, 4_334, 223_000, 0)
	if err != nil {
		return err
	}
	large, err := sparse.PowerLaw(10_000, 20_000, 1_000_000, 0)
	if err != nil {
		return err
	}
	if in != "" {
		x, err := (&cli.Table{In: in, Item: "item_id", User: "user_id"}).Read()
		if err != nil {
			return err
		}
		shop = x.X
	}
	for name, x := range map[string]*sparse.CSR{"shop": shop, "large": large} {
		for ext, write := range map[string]func(io.Writer) error{".npz": x.WriteNPZ, ".mtx": x.WriteMatrixMarket} {
			if err := cli.WriteFile(filepath.Join(dir, name+ext), write); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads what writeSets wrote. The dense set is a formula, which bench.py
// has too.
func read(path string) (mat.Matrix, error) {
	if filepath.Base(path) == "dense" {
		x := mat.NewDense(2_000, 4_000, nil)
		for i := range 2_000 {
			for j := range 4_000 {
				x.Set(i, j, float64((i*7919+j*104729)%10007)/10007)
			}
		}
		return x, nil
	}
	f, err := os.Open(path + ".npz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sparse.ReadNPZ(f)
}
