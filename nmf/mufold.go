package nmf

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
	old      []muFoldScratch[T] // of each worker
	before   []T                // W before the last update, for untilUnchanged
}

type muFoldScratch[T kern.Float] struct{ row, num []T }

func (MU) foldIn(ctx context.Context, p *problem[float64], joint bool) {
	p.newMUFold().run(ctx, p, joint)
}

func (MU) rowSolver(p *problem[float64]) rowSolver { return p.newMUFold() }

// newMUFold prepares H; W is not read.
func (p *problem[T]) newMUFold() *muFold[T] {
	f := &muFold[T]{maxIter: p.cfg.MaxIter, tol: p.cfg.Tol, old: make([]muFoldScratch[T], p.cfg.Workers)}
	l1, l2, _, _ := p.penalties()
	f.muHalf = newMUHalf(p.rows(), p.cfg.Loss, l1, l2, make([]muScratch[T], p.cfg.Workers))
	f.known.Prepare(p.pool, &p.gram)
	for i := range f.old {
		f.old[i] = muFoldScratch[T]{block.Aligned[T](f.Free.LD), block.Aligned[T](block.DenseRows * f.Free.LD)}
	}
	if f.kind == byGram {
		f.eval = p.newEvaluator(nil)
	} else {
		f.eval = p.newEvaluator(f.known)
	}
	if p.cfg.Loss.Beta() < 1 {
		f.floor = tiny
	}
	return f
}

func (f *muFold[T]) run(ctx context.Context, p *problem[T], joint bool) {
	if joint {
		f.together(ctx, p)
		return
	}
	p.pool.Run(len(f.Chunks)-1, func(worker, c int) {
		for i, end := f.Chunks[c], f.Chunks[c+1]; i < end && ctx.Err() == nil; {
			i += f.someRows(p, worker, i, end)
		}
	})
}

// someRows folds in some rows from i on, before end, and returns how many.
func (f *muFold[T]) someRows(p *problem[T], worker, i, end int) int {
	rows := 1
	if f.kind == byGram {
		// X H' does not change: form it once.
		rows = f.Product(i, end, f.scratch[worker].product, &f.scratch[worker].part)
		copy(f.old[worker].num, f.scratch[worker].product[:rows*f.Free.LD])
	}
	for r := range rows {
		f.row(p, worker, i+r, f.old[worker].num[r*f.Free.LD:])
	}
	return rows
}

func (f *muFold[T]) foldOne(p *problem[T], s *block.Side[T]) {
	f.muHalf.Side, f.eval.Side = s, s
	f.someRows(p, 0, 0, 1)
}

// row updates row i until it stops. num is its product with H for byGram.
func (f *muFold[T]) row(p *problem[T], worker, i int, num []T) {
	s, w := &f.scratch[worker], f.Free.Row(i)
	total, squares := p.in.Sums(i)
	start := T(math.Sqrt(f.rowMean(i, total) / float64(f.Free.K)))
	for t := range w {
		w[t] = start
	}
	if start == 0 {
		return
	}
	look := f.tol >= 0 && !f.byChange
	first, previous := 0.0, 0.0
	if look {
		first = f.rowError(worker, i, squares, num)
		previous = first
	}
	for iter := 1; iter <= f.maxIter; iter++ {
		old := f.old[worker].row[:len(w)]
		copy(old, w)
		if f.kind == byGram {
			f.gramTimes(s.den, i, 1)
			f.update(w, num, s.den)
		} else {
			f.terms(s, i, i+1)
			f.update(w, s.product, s.den)
		}
		switch {
		case f.byChange:
			if f.tol >= 0 && relativeChange(old, w) <= f.tol {
				return
			}
		case look && iter%lookEvery == 0:
			now := f.rowError(worker, i, squares, num)
			if relativeFall(previous, now, first) <= f.tol {
				return
			}
			previous = now
		}
	}
}

// rowMean returns the mean of row i, whose entries have the given sum, by weight.
func (f *muFold[T]) rowMean(i int, sum float64) float64 {
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
func (f *muFold[T]) rowError(worker, i int, norm float64, num []T) float64 {
	if f.kind != byGram {
		return rootError(f.eval.rows(worker, i, i+1))
	}
	w, den := f.Free.Padded(i), f.scratch[worker].den[:f.Free.LD]
	f.gramTimes(den, i, 1)
	sq := norm - 2*kern.Dot(w, num[:f.Free.LD]) + kern.Dot(w, den)
	if sq > cancelled[T]()*norm {
		return math.Sqrt(sq)
	}
	return rootError(f.eval.rows(worker, i, i+1))
}

// relativeChange returns |now - old| / |now|, and 0 where both are zero.
func relativeChange[T kern.Float](old, now []T) float64 {
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
func (f *muFold[T]) together(ctx context.Context, p *problem[T]) {
	start := T(math.Sqrt(p.mean() / float64(p.k)))
	for i := range p.n {
		w := p.w.Row(i)
		for t := range w {
			w[t] = start
		}
	}
	if f.kind == byGram {
		f.keep(p.n)
	}
	if f.byChange {
		f.untilUnchanged(ctx, p)
		return
	}
	first := p.error()
	previous := first
	for iter := 1; iter <= f.maxIter && ctx.Err() == nil; iter++ {
		f.sweep(p)
		if f.tol < 0 || iter%lookEvery != 0 {
			continue
		}
		now := p.error()
		if relativeFall(previous, now, first) <= f.tol {
			return
		}
		previous = now
	}
}

// keep makes room for the numerators of rows, which do not change.
func (f *muFold[T]) keep(rows int) {
	if size := rows * f.Free.LD; cap(f.kept) < size {
		f.kept = block.Aligned[T](size)
	} else {
		f.kept = f.kept[:size]
	}
	f.keptYet = false
}

// sweep updates all rows once.
func (f *muFold[T]) sweep(p *problem[T]) {
	f.muHalf.run(p)
	f.keptYet = f.kept != nil
}

// untilUnchanged updates all rows until W changes by no more than tol of its
// norm.
func (f *muFold[T]) untilUnchanged(ctx context.Context, p *problem[T]) {
	f.before = append(f.before[:0], p.w.A...)
	for iter := 1; iter <= f.maxIter && ctx.Err() == nil; iter++ {
		f.sweep(p)
		if f.tol >= 0 && relativeChange(f.before, p.w.A) <= f.tol {
			return
		}
		copy(f.before, p.w.A)
	}
}
