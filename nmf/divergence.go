package nmf

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// eps stands in for an entry of WH, or of a denominator, that is too small to
// divide by, as scikit-learn has it: the distance from 1 to the next float32.
const eps = 1. / (1 << 23)

// divergence returns the sum over x of the loss's divergence D(x, y). As in
// scikit-learn an x up to eps counts as zero, and a y below eps counts as eps
// where x is not zero.
func divergence[T kern.Float](l Loss, x, y []T) float64 {
	total := 0.0
	switch b := l.Beta(); b {
	case 2:
		for i, v := range x {
			d := float64(v) - float64(y[i])
			total += d * d
		}
		return total / 2
	case 1:
		return kern.KL(x, y, eps)
	case 0:
		for i, v := range x {
			if v, y := float64(v), float64(y[i]); v > eps {
				q := v / max(y, eps)
				total += q - math.Log(q)
			}
			total--
		}
		return total
	default:
		least := 0.0
		if b < 0 {
			least = eps // where the power below has a pole
		}
		for i, v := range x {
			v, y := float64(v), float64(y[i])
			if v > eps {
				total += raise(v, b) - b*v*raise(max(y, eps), b-1)
			}
			total += (b - 1) * raise(max(y, least), b)
		}
		return total / (b * (b - 1))
	}
}

// evaluator sums the divergence over X row by row. A row's value depends on
// that row of X and W alone, not on the rows that are evaluated with it.
type evaluator[T kern.Float] struct {
	*block.Side[T]
	loss  Loss
	known *block.Known[T] // H
	// all says that every entry of WH is formed; otherwise only those at the
	// stored entries of X are, and the rest of the sum is known from H's.
	all     bool
	scratch []evalScratch[T] // of each worker
	sums    []float64        // by chunk
	fn      func(worker, chunk int)
}

type evalScratch[T kern.Float] struct {
	x, y []T
	part block.Piece[T]
}

// newEvaluator returns one that reads H from f, or prepares its own if that is
// nil.
func (p *problem[T]) newEvaluator(f *block.Known[T]) *evaluator[T] {
	e := &evaluator[T]{Side: p.rows(), loss: p.cfg.Loss, known: f}
	e.all = !storedOnly(e.Side, e.loss)
	if f == nil {
		e.known = block.NewKnown(p.ht, e.needs())
		e.known.Prepare(p.pool, &p.gram)
	}
	e.scratch = make([]evalScratch[T], p.cfg.Workers)
	for i := range e.scratch {
		e.scratch[i] = evalScratch[T]{x: block.Aligned[T](block.DenseRows * block.PanelCols), y: block.Aligned[T](block.DenseRows * block.PanelCols)}
	}
	e.sums = make([]float64, block.MaxChunks)
	e.fn = e.chunk
	return e
}

// storedOnly reports whether D(X, WH) can be had from the entries of WH at
// which X stores one.
func storedOnly[T kern.Float](s *block.Side[T], l Loss) bool {
	if s.Weights != nil {
		return true
	}
	// There is no zero in X if beta = 0.
	return s.CSR != nil && (l == KullbackLeibler || l == ItakuraSaito)
}

func (e *evaluator[T]) needs() block.Needs {
	return block.Needs{
		Gram:   e.Common != 0 && e.loss == Frobenius,
		Sums:   !e.all && e.loss == KullbackLeibler,
		Panels: e.all,
	}
}

// total returns D(X, WH).
func (e *evaluator[T]) total(p *problem[T]) float64 {
	chunks := len(e.Chunks) - 1
	p.pool.Run(chunks, e.fn)
	return block.Sum(e.sums[:chunks])
}

func (e *evaluator[T]) chunk(worker, c int) {
	e.sums[c] = e.rows(worker, e.Chunks[c], e.Chunks[c+1])
}

// rows returns the part of D(X, WH) that is due to rows lo to hi-1.
func (e *evaluator[T]) rows(worker, lo, hi int) float64 {
	total, s := 0.0, &e.scratch[worker]
	if !e.all {
		for i := lo; i < hi; i++ {
			if e.Weights != nil {
				total += e.weightedRow(s, i)
			} else {
				total += e.storedRow(s, i)
			}
		}
		return total
	}
	for i := lo; i < hi; i += block.DenseRows {
		rows := min(block.DenseRows, hi-i)
		for b := range block.PanelsOf(e.Depth) {
			width := e.Segment(s.x, i, rows, b)
			e.known.Products(s.y, e.Free, i, rows, b)
			for r := range rows {
				total += divergence(e.loss, s.x[r*block.PanelCols:][:width], s.y[r*block.PanelCols:])
			}
		}
	}
	return total
}

func (e *evaluator[T]) storedRow(s *evalScratch[T], i int) float64 {
	w, total := e.Free.Padded(i), 0.0
	if e.loss == KullbackLeibler {
		total = kern.Dot(w, e.known.Sums)
	}
	for at, end := e.CSR.Ptr[i], e.CSR.Ptr[i+1]; at < end; {
		idx, val := e.CSR.Read(at, min(end, at+len(s.y)), &s.part)
		y := s.y[:len(idx)]
		e.WH(y, w, idx)
		total += divergence(e.loss, val, y)
		if e.loss == KullbackLeibler {
			total -= block.Sum(y) // they are in the sum over the row already
		}
		at += len(idx)
	}
	return total
}

// weightedRow returns row i's part where entries have weights.
func (e *evaluator[T]) weightedRow(s *evalScratch[T], i int) float64 {
	idx, val := e.CSR.Row(i)
	_, weights := e.Weights.Row(i)
	w, total := e.Free.Padded(i), e.unobserved(i)
	y, zero := s.y[:1], s.x[:1]
	zero[0] = 0
	for p := range idx {
		e.WH(y, w, idx[p:p+1])
		total += float64(weights[p]) * divergence(e.loss, val[p:p+1], y)
		if e.Common != 0 {
			total -= float64(e.Common) * divergence(e.loss, zero, y)
		}
	}
	return total
}

// unobserved returns the divergence of a whole row from zero, by weight.
func (e *evaluator[T]) unobserved(i int) float64 {
	w := e.Free.Padded(i)
	switch {
	case e.Common == 0:
		return 0
	case e.loss == KullbackLeibler:
		return float64(e.Common) * kern.Dot(w, e.known.Sums)
	default:
		ld, total := e.Free.LD, 0.0
		for t, v := range w {
			total += float64(v) * kern.Dot(w, e.known.Gram[t*ld:][:ld])
		}
		return float64(e.Common) * total / 2
	}
}

// checkFit says whether a fit of X by the loss makes sense and has room in the
// precision.
func (in *input) checkFit(c *Config) error {
	if !scales(c.Solver) {
		if err := in.checkAll(c.Loss, c.Precision); err != nil {
			return err
		}
		return in.checkMemory(c.Loss, c.Precision)
	}
	if err := in.checkSomething(); err != nil {
		return err
	}
	if err := in.checkRange(c.Precision); err != nil {
		return err
	}
	return in.checkZeros(c.Loss)
}

// checkAll is checkFit where nothing is scaled.
func (in *input) checkAll(l Loss, p Precision) error {
	if err := in.checkSomething(); err != nil {
		return err
	}
	if err := in.checkRange(p); err != nil {
		return err
	}
	return in.checkLoss(l, p)
}

// checkLoss returns an error about the first zero of X if the loss cannot
// take one, or if it is one that overflows.
func (in *input) checkLoss(l Loss, p Precision) error {
	if err := in.checkSquares(); err != nil {
		return err
	}
	if b := l.Beta(); b > 2 && in.SumSq > 0 && math.Pow(in.SumSq, b/2) > p.largest() {
		return in.tooLarge("X", "the %v loss of X overflows: divide X by its largest entry", l)
	}
	return in.checkZeros(l)
}

// checkMemory returns an error if what mini-batches remember overflows. For
// beta > 2 it is of the size of X to the power of 3/2 beta - 1.
func (in *input) checkMemory(l Loss, p Precision) error {
	if b := l.Beta(); b > 2 && in.SumSq > 0 && math.Pow(in.SumSq, (1.5*b-1)/2) > p.largest() {
		return in.tooLarge("X", "the %v loss of X overflows in mini-batches: divide X by its largest entry, or use MU{}", l)
	}
	return nil
}

// checkZeros returns an error about the first zero of X if the loss cannot
// take one.
func (in *input) checkZeros(l Loss) error {
	if l.Beta() > 0 {
		return nil
	}
	if in.Weights != nil {
		return in.checkObserved()
	}
	for i := range in.Rows {
		idx, val := in.Row(i)
		for p, v := range val {
			if idx != nil && int(idx[p]) != p {
				return &EntryError{"X", i, p, 0, errZero}
			}
			if v == 0 {
				return &EntryError{"X", i, p, 0, errZero}
			}
		}
		if len(val) < in.Cols {
			return &EntryError{"X", i, len(val), 0, errZero}
		}
	}
	return nil
}

// checkObserved returns an error about the first zero that is observed.
func (in *input) checkObserved() error {
	for i := range in.Rows {
		idx, val := in.Row(i)
		for p, v := range val {
			if v == 0 {
				return &EntryError{"X", i, int(idx[p]), 0, errZero}
			}
		}
	}
	return nil
}
