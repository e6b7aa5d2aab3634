package solve_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/internal/solve"
	"gonmf/nmf/internal/start"
)

// pieces is another carrier: it hands over one block after another, the last
// first, each as a side of its own that holds the block's rows only, as one that
// reads them from somewhere would.
type pieces struct {
	*block.Memory[float64]
	x      matrix
	byCols map[*block.Side[float64]]bool // sides of columns of X
}

func (p *pieces) Cols(ht, w *block.Factor[float64]) *block.Side[float64] {
	s := p.Memory.Cols(ht, w)
	p.byCols[s] = true
	return s
}

func (p *pieces) Map(s *block.Side[float64], h *block.Hands[float64]) (total block.Sums) {
	sums := make([]block.Sums, len(s.Chunks)-1)
	for b := len(sums) - 1; b >= 0; b-- {
		lo, hi := s.Chunks[b], s.Chunks[b+1]
		free := block.NewFactor[float64](hi-lo, s.Free.K)
		copy(free.A, s.Free.Slice(lo, hi).A)
		var piece *block.Side[float64]
		if p.byCols[s] {
			piece = block.NewMemory(p.x.entries(0, p.x.rows, lo, hi), 1).Cols(free, s.Fixed)
		} else {
			piece = block.NewMemory(p.x.entries(lo, hi, 0, p.x.cols), 1).Rows(free, s.Fixed)
		}
		sums[b] = h.Hand(0).Update(block.Rows[float64]{Side: piece, Lo: 0, Hi: hi - lo, First: lo})
		copy(s.Free.Slice(lo, hi).A, free.A)
	}
	for _, sum := range sums {
		total.Moved += sum.Moved
		total.Term += sum.Term
		total.Iter = max(total.Iter, sum.Iter)
		total.Early += sum.Early
	}
	return total
}

// matrix is of random numbers, a third of them zero.
type matrix struct {
	rows, cols int
	sparse     bool
	a          []float64
}

func newMatrix(rows, cols int, sparse bool) matrix {
	rng := nprand.New(1)
	a := make([]float64, rows*cols)
	for p := range a {
		a[p] = max(0, 1.5*rng.Float64()-.5)
	}
	return matrix{rows, cols, sparse, a}
}

// entries returns some rows and columns of it.
func (m matrix) entries(top, bottom, left, right int) *block.Entries[float64] {
	e := &block.Entries[float64]{Rows: bottom - top, Cols: right - left}
	c := &block.Compressed[float64]{Ptr: []int{0}}
	for i := top; i < bottom; i++ {
		for j := left; j < right; j++ {
			v := m.a[i*m.cols+j]
			e.Dense = append(e.Dense, v)
			if v != 0 {
				c.Idx, c.Val = append(c.Idx, int32(j-left)), append(c.Val, v)
			}
		}
		c.Ptr = append(c.Ptr, len(c.Val))
	}
	e.Stride = e.Cols
	e.Sum, e.SumSq = block.Sum(e.Dense), block.SumSquares(e.Dense)
	if m.sparse {
		e.Dense, e.CSR = nil, c
	}
	return e
}

// What carries the blocks does not show in the bits.
func TestAnyCarrierGivesTheSameBits(t *testing.T) {
	const rows, cols, k = 330, 170, 5
	for _, sparse := range []bool{false, true} {
		x := newMatrix(rows, cols, sparse)
		for name, c := range map[string]struct {
			method solve.Method
			loss   solve.Loss
		}{
			"cd":               {solve.CD{}, solve.Frobenius},
			"cd shuffled":      {solve.CD{Shuffle: true}, solve.Frobenius},
			"accelerated":      {solve.AcceleratedCD{}, solve.Frobenius},
			"mu":               {solve.MU{}, solve.Frobenius},
			"mu kl":            {solve.MU{}, solve.KullbackLeibler},
			"mu beta 0.5":      {solve.MU{}, .5},
			"minibatch":        {solve.MiniBatch{BatchSize: 100}, solve.Frobenius},
			"minibatch kl":     {solve.MiniBatch{BatchSize: 100}, solve.KullbackLeibler},
			"minibatch afresh": {solve.MiniBatch{BatchSize: 100, FreshRestarts: true}, solve.Frobenius},
		} {
			t.Run(fmt.Sprintf("%s sparse=%v", name, sparse), func(t *testing.T) {
				settings := solve.Settings{Loss: c.loss, MaxIter: 30, Tol: 1e-4, Seed: 3, AlphaW: .001, AlphaH: .002, L1Ratio: .5}
				run := func(carrier block.Carrier[float64]) (w, ht, folded []float64, err float64) {
					wf, hf := block.NewFactor[float64](rows, k), block.NewFactor[float64](cols, k)
					start.Random(wf, hf, carrier.Whole().Mean, 7)
					p := solve.NewProblem(carrier, settings, wf, hf)
					st := solve.Start(c.method, p)
					for iter := range 25 {
						st.Step(iter + 1)
					}
					err = p.Error()
					w = slices.Clone(wf.A)
					for _, joint := range []bool{false, true} {
						q := solve.NewProblem(carrier, settings, block.NewFactor[float64](rows, k), hf)
						c.method.FoldIn(context.Background(), q, joint)
						folded = append(folded, q.W.A...)
					}
					return w, hf.A, folded, err
				}
				memory := block.NewMemory(x.entries(0, rows, 0, cols), 3)
				defer memory.Close()
				w, ht, folded, err := run(memory)
				other := &pieces{block.NewMemory(x.entries(0, rows, 0, cols), 1), x, map[*block.Side[float64]]bool{}}
				defer other.Close()
				w2, ht2, folded2, err2 := run(other)
				if !slices.Equal(w, w2) || !slices.Equal(ht, ht2) || !slices.Equal(folded, folded2) || err != err2 {
					t.Errorf("W %v, H %v, folded in %v, errors %v and %v", slices.Equal(w, w2), slices.Equal(ht, ht2), slices.Equal(folded, folded2), err, err2)
				}
			})
		}
	}
}
