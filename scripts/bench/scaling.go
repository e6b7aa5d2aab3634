package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// A cost is what an iteration of CD takes on a matrix of so many nonzeros.
type cost struct {
	nonzeros, k int
	seconds     float64
}

func (c cost) perNonzero() float64   { return 1e9 * c.seconds / float64(c.nonzeros) }
func (c cost) perComponent() float64 { return c.perNonzero() / float64(c.k) }

// perRow is the number of nonzeros of a row, on average.
const perRow = 119

// scaling measures how the cost of an iteration grows with the nonzeros, up
// to most of them, and with the components, prints it as a table and draws it.
func scaling(ctx context.Context, file string, most float64) error {
	var byNonzeros, byComponents, fuller []cost
	measured := func(to *[]cost, x *sparse.CSR, k int) error {
		c, err := iteration(ctx, x, k)
		if err != nil {
			return err
		}
		rows, cols := x.Dims()
		fmt.Printf("| %d x %d | %d | %d | %.4g | %.1f | %.3f |\n", rows, cols, c.nonzeros, k, 1e3*c.seconds, c.perNonzero(), c.perComponent())
		*to = append(*to, c)
		return nil
	}
	fmt.Println("| matrix | nonzeros | k | an iteration, ms | ns a nonzero | ns a nonzero and component |\n|---|---|---|---|---|---|")
	for nonzeros := 1e5; nonzeros <= 1.01*most; nonzeros *= math.Sqrt(10) {
		if err := measured(&byNonzeros, popular(int(nonzeros), perRow), 50); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		to *[]cost
		x  *sparse.CSR
	}{{&byComponents, popular(3_000_000, perRow)}, {&fuller, popular(10_000_000, 10*perRow)}} {
		for k := 8; k <= 256; k *= 2 {
			if err := measured(c.to, c.x, k); err != nil {
				return err
			}
		}
	}
	return drawScaling(file, byNonzeros, byComponents, fuller)
}

// iteration returns the median time of an iteration, of as many as fit into a
// second, at least three.
func iteration(ctx context.Context, x *sparse.CSR, k int) (cost, error) {
	const (
		first  = 2 // iterations that find their memory
		budget = time.Second
	)
	ctx, stop := context.WithCancelCause(ctx)
	enough := fmt.Errorf("measured")
	var times []float64
	start, last := time.Now(), time.Now()
	cfg := nmf.Config{Components: k, Init: nmf.InitRandom, MaxIter: 1000, Tol: -1, Progress: func(s nmf.Step) {
		now := time.Now()
		if s.Iter == first {
			start = now
		}
		if s.Iter > first {
			times = append(times, now.Sub(last).Seconds())
		}
		if len(times) >= 3 && now.Sub(start) > budget {
			stop(enough)
		}
		last = now
	}}
	if _, err := nmf.Fit(ctx, x, cfg); err != nil && context.Cause(ctx) != enough {
		return cost{}, err
	}
	slices.Sort(times)
	return cost{x.NNZ(), k, times[len(times)/2]}, nil
}

// popular returns ones in the shape of those of [sparse.PowerLaw], about so many, twice
// as many columns as rows and perRow of them a row on average: row by row, with
// the numbers of a row's ones as they are expected and its columns drawn, so
// that 10^8 of them take seconds.
func popular(nonzeros, perRow int) *sparse.CSR {
	rows := max(nonzeros/perRow, 1)
	cols := 2 * rows
	total := 0.0
	for i := range rows {
		total += math.Pow(float64(i+1), -.8)
	}
	rng := rand.New(rand.NewPCG(0, 0))
	ptr, idx := make([]int, 1, rows+1), make([]int32, 0, nonzeros*5/4)
	seen := make([]uint64, (cols+63)/64)
	for i := range rows {
		// A column that is drawn twice counts once, and the first rows draw
		// more often than they have columns.
		draws := 1.2 * float64(nonzeros) * math.Pow(float64(i+1), -.8) / total
		from := len(idx)
		for range int(draws + rng.Float64()) {
			// The inverse of a distribution whose density is rank^-0.6.
			j := min(int(float64(cols)*math.Pow(rng.Float64(), 1/.4)), cols-1)
			if seen[j/64]>>(j%64)&1 == 0 {
				seen[j/64] |= 1 << (j % 64)
				idx = append(idx, int32(j))
			}
		}
		slices.Sort(idx[from:])
		for _, j := range idx[from:] {
			seen[j/64] = 0
		}
		ptr = append(ptr, len(idx))
	}
	val := make([]float64, len(idx))
	for p := range val {
		val[p] = 1
	}
	x, err := sparse.FromCSR(rows, cols, ptr, idx, val)
	if err != nil {
		panic(err) // the columns increase
	}
	return x
}
