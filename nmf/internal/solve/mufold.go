package solve

import (
	"context"
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// muFold finds W for a fixed H by multiplicative updates. W starts at the
// constant with which entries of WH are of the size of X's, if those of H are
// about the same: sqrt(mean(X)/k).
type muFold[T kern.Float] struct {
	*muHalf[T]
	eval    *evaluator[T]
	maxIter int
	tol     float64

	// byChange stops when |W - W_before| / |W| <= tol, as mini-batches do;
	// otherwise every tenth iteration looks at the error.
	byChange bool
	before   []T // W before the last update, for untilUnchanged

	hands *block.Hands[T] // for rows that stop by themselves
	ctx   context.Context // which may end that
}

// muFoldHand folds in the rows of a block, each until it stops by itself.
type muFoldHand[T kern.Float] struct {
	muHand[T]
	fold         *muFold[T]
	eval         *evalHand[T]
	old, numRows []T // a row before the last update; X H' of some rows
}

func (MU) FoldIn(ctx context.Context, p *Problem[float64], joint bool) Folded {
	return p.newMUFold().run(ctx, p, joint)
}

func (MU) RowSolver(p *Problem[float64]) RowSolver { return p.newMUFold() }

// newMUFold prepares H; W is not read.
func (p *Problem[T]) newMUFold() *muFold[T] {
	f := &muFold[T]{maxIter: p.MaxIter, tol: p.Tol, ctx: context.Background()}
	l1, l2, _, _ := p.penalties()
	scratch := new(muScratches[T])
	f.muHalf = newMUHalf(p.rows(), p.Loss, l1, l2, scratch)
	p.Know(f.known)
	if f.kind == byGram {
		f.eval = p.newEvaluator(nil)
	} else {
		f.eval = p.newEvaluator(f.known)
	}
	if p.Loss < 1 {
		f.floor = tiny
	}
	ld := f.side.Free.LD
	f.hands = block.NewHands(func(i int) block.Hand[T] {
		return &muFoldHand[T]{
			fold: f, muHand: muHand[T]{muHalf: f.muHalf, muScratch: scratch.of(i)}, eval: f.eval.hand(),
			old: block.Aligned[T](ld), numRows: block.Aligned[T](block.DenseRows * ld),
		}
	})
	return f
}

func (f *muFold[T]) run(ctx context.Context, p *Problem[T], joint bool) Folded {
	if joint {
		return f.together(ctx, p)
	}
	f.ctx = ctx
	return folded(p.Map(f.side, f.hands))
}

// FoldOne folds in the only row of s.
func (f *muFold[T]) FoldOne(p *Problem[T], s *block.Side[T]) { p.Map(s, f.hands) }

// Update folds in the rows of a block.
func (f *muFoldHand[T]) Update(b block.Rows[T]) (sum block.Sums) {
	f.Side, f.eval.Side = b.Side, b.Side
	ld := f.Free.LD
	for i := b.Lo; i < b.Hi && f.fold.ctx.Err() == nil; {
		rows := 1
		if f.kind == byGram {
			// X H' does not change: form it once.
			rows = f.Product(i, b.Hi, f.num, &f.part)
			copy(f.numRows, f.num[:rows*ld])
		}
		for r := range rows {
			iter, converged := f.row(i+r, f.numRows[r*ld:])
			sum.Iter = max(sum.Iter, iter)
			if !converged {
				sum.Early++
			}
		}
		i += rows
	}
	return sum
}

// row updates row i until it stops. num is its product with H for byGram.
func (f *muFoldHand[T]) row(i int, num []T) (iter int, converged bool) {
	w := f.Free.Row(i)
	total, squares := f.Sums(i)
	start := T(math.Sqrt(f.rowMean(i, total) / float64(f.Free.K)))
	for t := range w {
		w[t] = start
	}
	if start == 0 {
		return 0, true
	}
	look := f.fold.tol >= 0 && !f.fold.byChange
	first, previous := 0.0, 0.0
	if look {
		first = f.rowError(i, squares, num)
		previous = first
	}
	for iter := 1; iter <= f.fold.maxIter; iter++ {
		old := f.old[:len(w)]
		copy(old, w)
		if f.kind == byGram {
			f.gramTimes(f.den, i, 1)
			f.update(w, num, f.den)
		} else {
			f.terms(i, i+1)
			f.update(w, f.num, f.den)
		}
		switch {
		case f.fold.byChange:
			if f.fold.tol >= 0 && RelativeChange(old, w) <= f.fold.tol {
				return iter, true
			}
		case look && iter%lookEvery == 0:
			now := f.rowError(i, squares, num)
			if relativeFall(previous, now, first) <= f.fold.tol {
				return iter, true
			}
			previous = now
		}
	}
	return f.fold.maxIter, false
}

// rowMean returns the mean of row i, whose entries have the given sum, by weight.
func (f *muFoldHand[T]) rowMean(i int, sum float64) float64 {
	if f.Weights == nil {
		return sum / float64(f.Depth)
	}
	_, x := f.CSR.Row(i)
	_, weights := f.Weights.Row(i)
	total, by := 0.0, float64(f.Common)*float64(f.Depth-len(x))
	for p, v := range weights {
		total += float64(v) * float64(x[p])
		by += float64(v)
	}
	if by == 0 {
		return 0
	}
	return total / by
}

// rowError returns the error of row i, whose entries have the given sum of
// squares.
func (f *muFoldHand[T]) rowError(i int, norm float64, num []T) float64 {
	if f.kind != byGram {
		return rootError(f.eval.rows(i, i+1))
	}
	w, den := f.Free.Padded(i), f.den[:f.Free.LD]
	f.gramTimes(den, i, 1)
	sq := norm - 2*kern.Dot(w, num[:f.Free.LD]) + kern.Dot(w, den)
	if sq > cancelled[T]()*norm {
		return math.Sqrt(sq)
	}
	return rootError(f.eval.rows(i, i+1))
}

// RelativeChange returns |now - old| / |now|, and 0 where both are zero.
func RelativeChange[T kern.Float](old, now []T) float64 {
	diff, norm := 0.0, 0.0
	for t, v := range now {
		d := float64(v - old[t])
		diff += d * d
		norm += float64(v) * float64(v)
	}
	if diff == 0 {
		return 0
	}
	return math.Sqrt(diff) / math.Sqrt(norm)
}

// together updates all rows until they stop, by scikit-learn's rule, or ctx
// ends.
func (f *muFold[T]) together(ctx context.Context, p *Problem[T]) Folded {
	start := T(math.Sqrt(p.Whole().Mean / float64(p.k)))
	for i := range p.n {
		w := p.W.Row(i)
		for t := range w {
			w[t] = start
		}
	}
	if f.kind == byGram {
		f.keep(p.n)
	}
	if f.byChange {
		return f.untilUnchanged(ctx, p)
	}
	errors := errorOf[T]{p: p}
	first := errors.now()
	previous := first
	for iter := 1; iter <= f.maxIter && ctx.Err() == nil; iter++ {
		f.sweep(p)
		if f.tol < 0 || iter%lookEvery != 0 {
			continue
		}
		now := errors.now()
		if relativeFall(previous, now, first) <= f.tol {
			return together(iter, true, p.n)
		}
		previous = now
	}
	return together(f.maxIter, false, p.n)
}

// keep makes room for the numerators of rows, which do not change.
func (f *muFold[T]) keep(rows int) {
	if size := rows * f.side.Free.LD; cap(f.kept) < size {
		f.kept = block.Aligned[T](size)
	} else {
		f.kept = f.kept[:size]
	}
	f.keptYet, f.muHalf.hands.Blind = false, false
}

// sweep updates all rows once.
func (f *muFold[T]) sweep(p *Problem[T]) {
	f.muHalf.run(p)
	f.keptYet = f.kept != nil
	f.muHalf.hands.Blind = f.keptYet
}

// untilUnchanged updates all rows until W changes by no more than tol of its
// norm.
func (f *muFold[T]) untilUnchanged(ctx context.Context, p *Problem[T]) Folded {
	f.before = append(f.before[:0], p.W.A...)
	for iter := 1; iter <= f.maxIter && ctx.Err() == nil; iter++ {
		f.sweep(p)
		if f.tol >= 0 && RelativeChange(f.before, p.W.A) <= f.tol {
			return together(iter, true, p.n)
		}
		copy(f.before, p.W.A)
	}
	return together(f.maxIter, false, p.n)
}
