package solve

import (
	"context"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// folding finds W for a fixed H by coordinate descent: one product with X and
// then as many sweeps as it takes, over kern.Lanes rows at a time.
type folding struct {
	*half[float64]
	maxIter int
	tol     float64
	shuffle bool
	seed    uint32
	ctx     context.Context // which may end it
}

// foldHand folds in the rows of a block.
type foldHand struct {
	*hand[float64]
	fold   *folding
	orders *orders

	// Where the coordinates are shuffled, it reorders the problem for each
	// sweep.
	reordered hessian[float64]
	w, b      []float64
}

func (s CD) newFolding(ctx context.Context, p *Problem[float64]) *folding {
	// X and a row of it have the same penalties: both grow with its columns.
	l1, l2, _, _ := p.penalties()
	f := &folding{half: newHalf(p.rows(), l1, l2), maxIter: p.MaxIter, tol: p.Tol, shuffle: s.Shuffle, seed: p.Seed, ctx: ctx}
	p.Gram(f.gram, p.HT)
	f.hessian.set(f.gram, nil)
	f.hands = block.NewHands(func(int) block.Hand[float64] { return f.newHand() })
	return f
}

func (f *folding) newHand() *foldHand {
	q := &f.hessian
	h := &foldHand{hand: f.half.newHand(), fold: f, orders: newOrders(f.shuffle, f.seed, q.k)}
	if f.shuffle {
		h.reordered = newHessian(q.k, q.ld, q.l2)
		h.w, h.b = block.Aligned[float64](q.ld*kern.Lanes), block.Aligned[float64](q.ld*kern.Lanes)
	}
	return h
}

// Update folds in rows, each until it stops by itself.
func (h *foldHand) Update(b block.Rows[float64]) (sum block.Sums) {
	h.some(b, func(_ int, rows []float64) {
		iter, early := h.settle(rows)
		sum.Iter = max(sum.Iter, iter)
		sum.Early += early
	})
	return sum
}

// sweep makes sweep iter over the lanes of w, and sets h.Violations.
func (h *foldHand) sweep(iter int, w, b []float64) {
	clear(h.Violations)
	order := h.orders.at(iter)
	if order == nil {
		kern.Descend(w, b, h.hessian.g, h.hessian.diag, h.Violations, h.hessian.k)
		return
	}
	q := &h.reordered
	q.set(h.gram, order)
	for to, from := range order {
		copy(h.w[to*kern.Lanes:][:kern.Lanes], w[from*kern.Lanes:])
		copy(h.b[to*kern.Lanes:][:kern.Lanes], b[from*kern.Lanes:])
	}
	kern.Descend(h.w, h.b, q.g, q.diag, h.Violations, q.k)
	for to, from := range order {
		copy(w[from*kern.Lanes:][:kern.Lanes], h.w[to*kern.Lanes:])
	}
}

// done tells whether a sum of projected gradients, first that of the first
// sweep, ends the sweeps.
func (f *folding) done(violation, first float64) bool {
	return f.tol >= 0 && (first == 0 || violation/first <= f.tol)
}

// settle sweeps over the rows whose linear term is in h.B, from zero, until
// each has stopped. It returns how many sweeps that took, and how many rows were
// stopped by their number.
func (h *foldHand) settle(rows []float64) (iter, early int) {
	var first [kern.Lanes]float64
	var stopped [kern.Lanes]bool
	f, ld := h.fold, h.hessian.ld
	clear(h.W)
	left := len(rows) / ld
	for ; iter < f.maxIter && left > 0 && f.ctx.Err() == nil; iter++ {
		h.sweep(iter, h.W, h.B)
		if iter == 0 {
			copy(first[:], h.Violations)
		}
		last := iter == f.maxIter-1
		for l := range len(rows) / ld {
			done := stopped[l] || f.done(h.Violations[l], first[l])
			if stopped[l] || !last && !done {
				continue
			}
			if !done {
				early++
			}
			stopped[l] = true
			left--
			// The lane goes on with the others, to no effect.
			for t := range ld {
				rows[l*ld+t] = h.W[t*kern.Lanes+l]
			}
		}
	}
	return iter, early
}

// joint folds all rows in until they stop together.
func (f *folding) joint(p *Problem[float64]) Folded {
	ld := f.hessian.ld
	size := ld * kern.Lanes
	blocks := (p.n + kern.Lanes - 1) / kern.Lanes
	w, b := block.Aligned[float64](blocks*size), block.Aligned[float64](blocks*size)
	p.Map(f.side, block.NewHands(func(int) block.Hand[float64] {
		h := f.newHand()
		return block.HandFunc[float64](func(rows block.Rows[float64]) (none block.Sums) {
			h.some(rows, func(i int, _ []float64) { copy(b[(rows.First+i)/kern.Lanes*size:], h.B) })
			return none
		})
	}))
	iter := 0
	sweeps := block.NewHands(func(int) block.Hand[float64] {
		h := f.newHand()
		return block.HandFunc[float64](func(rows block.Rows[float64]) (sum block.Sums) {
			for i := rows.Lo; i < rows.Hi; i += kern.Lanes {
				at := (rows.First + i) / kern.Lanes * size
				h.sweep(iter, w[at:at+size], b[at:at+size])
				sum.Moved += block.Sum(h.Violations)
			}
			return sum
		})
	})
	sweeps.Blind = true // the products are in b
	first, converged := 0.0, false
	for ; iter < f.maxIter && !converged && f.ctx.Err() == nil; iter++ {
		now := p.Map(f.side, sweeps).Moved
		if iter == 0 {
			first = now
		}
		converged = f.done(now, first)
	}
	for i := 0; i < p.n; i += kern.Lanes {
		rows := p.W.A[i*ld : min(i+kern.Lanes, p.n)*ld]
		kern.FromLanes(rows, w[i/kern.Lanes*size:][:size], ld)
	}
	return together(iter, converged, p.n)
}

// OneRow folds in one row of X after another by coordinate descent.
type OneRow struct {
	hand *foldHand
	row  []float64
}

// OneRow returns one for the H in p, a problem of one row.
func (s CD) OneRow(p *Problem[float64]) *OneRow {
	return &OneRow{s.newFolding(context.Background(), p).newHand(), p.W.Padded(0)}
}

// Dense sets w to the answer for the row x.
func (r *OneRow) Dense(w, x []float64) {
	product, ht := r.product(), r.hand.side.Fixed
	clear(product)
	kern.MulDense(product, x, len(x), len(x), ht.A, ht.LD, ht.K)
	r.solve(w, product)
}

// Sparse sets w to the answer for the row that has the entries val in the
// columns idx.
func (r *OneRow) Sparse(w []float64, idx []int32, val []float64) {
	product := r.product()
	kern.MulSparse(product, val, idx, r.hand.side.Fixed.A)
	r.solve(w, product)
}

func (r *OneRow) product() []float64 { return r.hand.Products[:len(r.row)] }

func (r *OneRow) solve(w, product []float64) {
	r.hand.linear(product)
	r.hand.settle(r.row)
	copy(w, r.row)
}

// FoldIn finds W for a fixed H by sweeps over each row.
func (s CD) FoldIn(ctx context.Context, p *Problem[float64], joint bool) Folded {
	if p.Whole().Weighted {
		f := s.newWeightedFold(ctx, p)
		return folded(p.Map(f.side, f.hands))
	}
	f := s.newFolding(ctx, p)
	if joint {
		return f.joint(p)
	}
	return folded(p.Map(f.side, f.hands))
}

// RowSolver is for rows with weights; [CD.OneRow] is a faster way for others.
func (s CD) RowSolver(p *Problem[float64]) RowSolver {
	return s.newWeightedFold(context.Background(), p)
}
