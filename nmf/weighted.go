package nmf

import (
	"context"
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// Coordinate descent with weights: the quadratic of row i of W has a Hessian
// and a linear term of its own,
//
//	G = c H H' + sum over observed j of (v[i,j] - c) h_j h_j' + l2 I
//	b = sum over observed j of v[i,j] X[i,j] h_j - l1
//
// with h_j column j of H, so that unobserved entries cost nothing.

// weightedDescent is CD at work on entries with weights.
type weightedDescent[T kern.Float] struct {
	sweeps
	p    *problem[T]
	w, h *weightedHalf[T]
}

func startWeightedCD[T kern.Float](s CD, p *problem[T]) stepper {
	d := &weightedDescent[T]{sweeps: s.sweeps(&p.cfg), p: p}
	l1W, l2W, l1H, l2H := p.penalties()
	d.w = newWeightedHalf(p.rows(), l1W, l2W, p.cfg.Workers)
	d.h = newWeightedHalf(p.cols(), l1H, l2H, p.cfg.Workers)
	d.w.order, d.h.order = d.order, d.order
	return d
}

func (d *weightedDescent[T]) step(iter int) {
	d.moved(iter, d.p.violation(d.half(d.w), d.half(d.h)))
	sq := block.Sum(d.h.losses)
	if d.h.Common != 0 {
		// h.gram is of W as the half-step saw it, w.gram of the new H.
		d.p.gramOf(d.w.gram, d.p.ht)
		sq += float64(d.h.Common) * kern.Dot(d.h.gram, d.w.gram)
	}
	d.lastErr = math.Sqrt(max(sq, 0))
}

func (d *weightedDescent[T]) half(h *weightedHalf[T]) float64 {
	d.shuffle()
	h.prepare(d.p)
	d.p.pool.Run(len(h.Chunks)-1, h.fn)
	return block.Sum(h.violations)
}

// weightedHalf is one half-step of it.
type weightedHalf[T kern.Float] struct {
	*block.Side[T]
	gram    []T // of the factor that is fixed, if common is not zero
	l1, l2  T
	order   []int                // of the coordinates, nil: as they stand
	scratch []weightedScratch[T] // of each worker

	// By chunk: the projected gradients, and the weighted squares of the
	// observed entries, less common times WH's, as the half-step leaves them.
	violations, losses []float64
	fn                 func(worker, chunk int)
}

type weightedScratch[T kern.Float] struct {
	g, b   []T // ld x ld, ld
	f      []T // some of the fixed factor's rows, observedRows x ld
	scaled []T // the same transposed, times v - c
	vx     []T // v x
}

// observedRows is the number of observed entries that are taken in together.
const observedRows = 64

func newWeightedHalf[T kern.Float](s *block.Side[T], l1, l2 float64, workers int) *weightedHalf[T] {
	ld, chunks := s.Free.LD, len(s.Chunks)-1
	h := &weightedHalf[T]{
		Side: s, gram: block.Aligned[T](ld * ld), l1: T(l1), l2: T(l2), scratch: make([]weightedScratch[T], workers),
		violations: make([]float64, chunks), losses: make([]float64, chunks),
	}
	for i := range h.scratch {
		h.scratch[i] = weightedScratch[T]{
			g: block.Aligned[T](ld * ld), b: block.Aligned[T](ld),
			f: block.Aligned[T](observedRows * ld), scaled: block.Aligned[T](ld * observedRows), vx: block.Aligned[T](observedRows),
		}
	}
	h.fn = h.chunk
	return h
}

// prepare looks at the fixed factor.
func (h *weightedHalf[T]) prepare(p *problem[T]) {
	if h.Common != 0 {
		p.gramOf(h.gram, h.Fixed)
	}
}

func (h *weightedHalf[T]) chunk(worker, c int) {
	s := &h.scratch[worker]
	violation, loss := 0.0, 0.0
	for i := h.Chunks[c]; i < h.Chunks[c+1]; i++ {
		w := h.Free.Padded(i)
		if h.quadratic(s, i) {
			violation += s.descend(w, h.Free.K, h.order)
		} else {
			clear(w)
		}
		loss += h.loss(i, w)
	}
	h.violations[c], h.losses[c] = violation, loss
}

// quadratic sets s.g and s.b to those of row i, with penalties. It reports
// whether they depend on anything.
func (h *weightedHalf[T]) quadratic(s *weightedScratch[T], i int) bool {
	ld := h.Free.LD
	idx, val := h.CSR.Row(i)
	_, weights := h.Weights.Row(i)
	if len(idx) == 0 && h.Common == 0 {
		return false
	}
	for t := range s.g {
		s.g[t] = h.Common * h.gram[t]
	}
	clear(s.b)
	for len(idx) > 0 {
		n := min(observedRows, len(idx))
		for p, j := range idx[:n] {
			row := s.f[p*ld:][:ld]
			copy(row, h.Fixed.Padded(int(j)))
			s.vx[p] = weights[p] * val[p]
			extra := weights[p] - h.Common
			for t, v := range row {
				s.scaled[t*observedRows+p] = extra * v
			}
		}
		kern.MulDense(s.g, s.scaled, observedRows, n, s.f, ld, ld)
		kern.MulDense(s.b, s.vx, observedRows, n, s.f, ld, ld)
		idx, val, weights = idx[n:], val[n:], weights[n:]
	}
	for t := range h.Free.K {
		s.g[t*ld+t] += h.l2
		s.b[t] -= h.l1
	}
	return true
}

// descend makes one sweep over the k coordinates of w and returns the sum of
// the absolute projected gradients that it met.
func (s *weightedScratch[T]) descend(w []T, k int, order []int) (violation float64) {
	ld := len(w)
	for at := range k {
		t := at
		if order != nil {
			t = order[at]
		}
		// The gradient is formed anew, not kept up: a sum of zeros is zero.
		row, old := s.g[t*ld:][:ld], w[t]
		g := T(kern.Dot(row, w) - float64(s.b[t]))
		if old == 0 {
			violation -= float64(min(0, g))
		} else {
			violation += math.Abs(float64(g))
		}
		if !(row[t] > 0) {
			continue // no curvature: the coordinate has no effect
		}
		w[t] = max(old-g/row[t], 0)
	}
	return violation
}

// loss returns row i's part of the weighted squares.
func (h *weightedHalf[T]) loss(i int, w []T) float64 {
	idx, val := h.CSR.Row(i)
	_, weights := h.Weights.Row(i)
	total := 0.0
	for p, j := range idx {
		y := kern.Dot(w, h.Fixed.Padded(int(j)))
		d := float64(val[p]) - y
		total += float64(weights[p])*d*d - float64(h.Common)*y*y
	}
	return total
}

// foldInWeighted finds W for a fixed H, row by row.
func (s CD) foldInWeighted(ctx context.Context, p *problem[float64]) {
	f := s.newWeightedFold(p)
	p.pool.Run(len(f.Chunks)-1, func(worker, c int) {
		for i := f.Chunks[c]; i < f.Chunks[c+1] && ctx.Err() == nil; i++ {
			f.row(worker, i)
		}
	})
}

// weightedFold folds rows in one at a time.
type weightedFold struct {
	*weightedHalf[float64]
	cfg    *Config
	orders *orders
}

func (s CD) newWeightedFold(p *problem[float64]) *weightedFold {
	l1, l2, _, _ := p.penalties()
	f := &weightedFold{newWeightedHalf(p.rows(), l1, l2, p.cfg.Workers), &p.cfg, s.orders(p)}
	f.prepare(p)
	return f
}

// row sweeps over row i, from zero, until it stops.
func (f *weightedFold) row(worker, i int) {
	s, w := &f.scratch[worker], f.Free.Padded(i)
	clear(w)
	if !f.quadratic(s, i) {
		return
	}
	first := 0.0
	for iter := range f.cfg.MaxIter {
		v := s.descend(w, f.Free.K, f.orders.at(iter))
		if iter == 0 {
			first = v
		}
		if f.cfg.Tol >= 0 && (first == 0 || v/first <= f.cfg.Tol) {
			return
		}
	}
}

func (f *weightedFold) foldOne(_ *problem[float64], s *block.Side[float64]) {
	f.Side = s
	f.row(0, 0)
}
