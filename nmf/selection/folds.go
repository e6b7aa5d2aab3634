package selection

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// folds hides parts of X.
type folds interface {
	// score fits cfg to X without part f and returns the errors of what was
	// shown and of what was hidden.
	score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error)
}

// bestOf returns the best of some fits.
func bestOf(ctx context.Context, x mat.Matrix, cfg nmf.Config, runs int) (*nmf.Model, error) {
	data, err := nmf.NewData(x, cfg)
	if err != nil {
		return nil, err
	}
	var best *nmf.Model
	for _, seed := range seedsFrom(cfg.Seed, runs) {
		cfg.Seed = seed
		m, err := data.Fit(ctx, cfg)
		if err != nil {
			return nil, err
		}
		if best == nil || m.Objective() < best.Objective() {
			best = m
		}
	}
	return best, nil
}

// lossAt returns the sum of the model's divergences at the stored entries of
// x, no entry of WH counting as more than most.
func lossAt(m *nmf.Model, x *sparse.CSR, most float64) (float64, error) {
	foretold, err := m.ReconstructAt(x)
	if err != nil {
		return 0, err
	}
	foretold = foretold.Map(func(_, _ int, v float64) float64 { return min(v, most) })
	total := 0.0
	rows, _ := x.Dims()
	for i := range rows {
		_, val := x.Row(i)
		_, y := foretold.Row(i)
		total += m.Config.Loss.Divergence(val, y)
	}
	return total, nil
}

// largest returns the largest stored entry of x.
func largest(x *sparse.CSR) float64 {
	_, _, val := x.Raw()
	most := 0.0
	for _, v := range val {
		most = max(most, v)
	}
	return most
}

// perEntry returns the error of a loss summed over some entries.
func perEntry(loss, entries float64) float64 { return math.Sqrt(2 * max(loss, 0) / entries) }

// dealt returns a hand for each of n cards, dealt in turn after shuffling.
func dealt(n, hands int, rng *nprand.Source) []int {
	order := make([]int, n)
	rng.Perm(order)
	hand := make([]int, n)
	for at, p := range order {
		hand[p] = at % hands
	}
	return hand
}

// part returns the stored entries of x that are of fold f, or that are not.
func part(x *sparse.CSR, fold []int, f int, of bool) *sparse.CSR {
	p := -1
	return x.Filter(func(_, _ int, _ float64) bool {
		p++
		return (fold[p] == f) == of
	})
}

// marks collects the places of entries, each with a value.
type marks struct {
	i, j []int
	v    []float64
}

// add marks the places of the stored entries of x with v.
func (t *marks) add(x *sparse.CSR, v float64) {
	ptr, idx, _ := x.Raw()
	for i := range len(ptr) - 1 {
		for _, j := range idx[ptr[i]:ptr[i+1]] {
			t.i, t.j, t.v = append(t.i, i), append(t.j, int(j)), append(t.v, v)
		}
	}
}

// matrix returns the marks as a matrix of the size of x.
func (t *marks) matrix(x *sparse.CSR) (*sparse.CSR, error) {
	rows, cols := x.Dims()
	return sparse.FromTriplets(rows, cols, t.i, t.j, t.v)
}
