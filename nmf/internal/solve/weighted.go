package solve

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
	p    *Problem[T]
	w, h *weightedHalf[T]
}

func startWeightedCD[T kern.Float](s CD, p *Problem[T]) Stepper {
	d := &weightedDescent[T]{sweeps: newSweeps(s.Shuffle, p.Seed, p.k), p: p}
	l1W, l2W, l1H, l2H := p.penalties()
	d.w = newWeightedHalf(p.rows(), l1W, l2W)
	d.h = newWeightedHalf(p.cols(), l1H, l2H)
	d.w.order, d.h.order = d.order, d.order
	return d
}

func (d *weightedDescent[T]) Step(iter int) {
	d.moved(iter, d.p.violation(d.half(d.w), d.half(d.h)))
	sq := d.h.loss
	if d.h.side.Common != 0 {
		// h.gram is of W as the half-step saw it, w.gram of the new H.
		d.p.Gram(d.w.gram, d.p.HT)
		sq += float64(d.h.side.Common) * kern.Dot(d.h.gram, d.w.gram)
	}
	d.lastErr = math.Sqrt(max(sq, 0))
}

func (d *weightedDescent[T]) half(h *weightedHalf[T]) float64 {
	d.shuffle()
	h.look(d.p)
	sums := d.p.Map(h.side, h.hands)
	h.loss = sums.Term
	return sums.Moved
}

// weightedHalf is one half-step of it.
type weightedHalf[T kern.Float] struct {
	side   *block.Side[T]
	gram   []T // of the factor that is fixed, if common is not zero
	l1, l2 T
	order  []int // of the coordinates, nil: as they stand
	hands  *block.Hands[T]

	// loss is the weighted squares of the observed entries, less common times
	// WH's, as the half-step left them.
	loss float64
}

// weightedHand makes the half-step for a block of rows.
type weightedHand[T kern.Float] struct {
	*weightedHalf[T]
	*block.Side[T] // of the block

	g, b   []T // ld x ld, ld
	f      []T // some of the fixed factor's rows, observedRows x ld
	scaled []T // the same transposed, times v - c
	vx     []T // v x
}

// observedRows is the number of observed entries that are taken in together.
const observedRows = 64

func newWeightedHalf[T kern.Float](s *block.Side[T], l1, l2 float64) *weightedHalf[T] {
	ld := s.Free.LD
	h := &weightedHalf[T]{side: s, gram: block.Aligned[T](ld * ld), l1: T(l1), l2: T(l2)}
	h.hands = block.NewHands(func(int) block.Hand[T] { return h.newHand() })
	return h
}

func (h *weightedHalf[T]) newHand() *weightedHand[T] {
	ld := h.side.Free.LD
	return &weightedHand[T]{
		weightedHalf: h, g: block.Aligned[T](ld * ld), b: block.Aligned[T](ld),
		f: block.Aligned[T](observedRows * ld), scaled: block.Aligned[T](ld * observedRows), vx: block.Aligned[T](observedRows),
	}
}

// look looks at the fixed factor.
func (h *weightedHalf[T]) look(c block.Carrier[T]) {
	if h.side.Common != 0 {
		c.Gram(h.gram, h.side.Fixed)
	}
}

// Update makes the half-step for a block.
func (h *weightedHand[T]) Update(b block.Rows[T]) (sum block.Sums) {
	h.Side = b.Side
	for i := b.Lo; i < b.Hi; i++ {
		w := h.Free.Padded(i)
		if h.quadratic(i) {
			sum.Moved += h.descend(w, h.Free.K, h.order)
		} else {
			clear(w)
		}
		sum.Term += h.squares(i, w)
	}
	return sum
}

// quadratic sets h.g and h.b to those of row i, with penalties. It reports
// whether they depend on anything.
func (h *weightedHand[T]) quadratic(i int) bool {
	ld := h.Free.LD
	idx, val := h.CSR.Row(i)
	_, weights := h.Weights.Row(i)
	if len(idx) == 0 && h.Common == 0 {
		return false
	}
	for t := range h.g {
		h.g[t] = h.Common * h.gram[t]
	}
	clear(h.b)
	for len(idx) > 0 {
		n := min(observedRows, len(idx))
		for p, j := range idx[:n] {
			row := h.f[p*ld:][:ld]
			copy(row, h.Fixed.Padded(int(j)))
			h.vx[p] = weights[p] * val[p]
			extra := weights[p] - h.Common
			for t, v := range row {
				h.scaled[t*observedRows+p] = extra * v
			}
		}
		kern.MulDense(h.g, h.scaled, observedRows, n, h.f, ld, ld)
		kern.MulDense(h.b, h.vx, observedRows, n, h.f, ld, ld)
		idx, val, weights = idx[n:], val[n:], weights[n:]
	}
	for t := range h.Free.K {
		h.g[t*ld+t] += h.l2
		h.b[t] -= h.l1
	}
	return true
}

// descend makes one sweep over the k coordinates of w and returns the sum of
// the absolute projected gradients that it met.
func (h *weightedHand[T]) descend(w []T, k int, order []int) (violation float64) {
	ld := len(w)
	for at := range k {
		t := at
		if order != nil {
			t = order[at]
		}
		// The gradient is formed anew, not kept up: a sum of zeros is zero.
		row, old := h.g[t*ld:][:ld], w[t]
		g := T(kern.Dot(row, w) - float64(h.b[t]))
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

// squares returns row i's part of the weighted squares.
func (h *weightedHand[T]) squares(i int, w []T) float64 {
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

// weightedFold finds W for a fixed H, row by row.
type weightedFold struct {
	*weightedHalf[float64]
	maxIter int
	tol     float64
	shuffle bool
	seed    uint32
	ctx     context.Context // which may end it
}

func (s CD) newWeightedFold(ctx context.Context, p *Problem[float64]) *weightedFold {
	l1, l2, _, _ := p.penalties()
	f := &weightedFold{newWeightedHalf(p.rows(), l1, l2), p.MaxIter, p.Tol, s.Shuffle, p.Seed, ctx}
	f.hands = block.NewHands(func(int) block.Hand[float64] {
		return &weightedFoldHand{f.newHand(), f, newOrders(f.shuffle, f.seed, p.k)}
	})
	f.look(p)
	return f
}

// weightedFoldHand folds in the rows of a block.
type weightedFoldHand struct {
	*weightedHand[float64]
	fold   *weightedFold
	orders *orders
}

func (h *weightedFoldHand) Update(b block.Rows[float64]) (sum block.Sums) {
	h.Side = b.Side
	for i := b.Lo; i < b.Hi && h.fold.ctx.Err() == nil; i++ {
		iter, converged := h.row(i)
		sum.Iter = max(sum.Iter, iter)
		if !converged {
			sum.Early++
		}
	}
	return sum
}

// row sweeps over row i, from zero, until it stops.
func (h *weightedFoldHand) row(i int) (iter int, converged bool) {
	w := h.Free.Padded(i)
	clear(w)
	if !h.quadratic(i) {
		return 0, true
	}
	f, first := h.fold, 0.0
	for iter := range f.maxIter {
		v := h.descend(w, h.Free.K, h.orders.at(iter))
		if iter == 0 {
			first = v
		}
		if f.tol >= 0 && (first == 0 || v/first <= f.tol) {
			return iter + 1, true
		}
	}
	return f.maxIter, false
}

// FoldOne folds in the only row of s.
func (f *weightedFold) FoldOne(p *Problem[float64], s *block.Side[float64]) { p.Map(s, f.hands) }
