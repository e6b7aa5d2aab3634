package nmf

import (
	"fmt"
	"math"

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
	*side[T]
	loss  Loss
	fixed *fixed[T] // H
	// all says that every entry of WH is formed; otherwise only those at the
	// stored entries of X are, and the rest of the sum is known from H's.
	all     bool
	scratch []evalScratch[T] // of each worker
	sums    []float64        // by chunk
	fn      func(worker, chunk int)
}

type evalScratch[T kern.Float] struct {
	x, y []T
	part piece[T]
}

// newEvaluator returns one that reads H from f, or prepares its own if that is
// nil.
func (p *problem[T]) newEvaluator(f *fixed[T]) *evaluator[T] {
	e := &evaluator[T]{side: p.rows(), loss: p.cfg.Loss, fixed: f}
	e.all = !e.storedOnly(e.loss)
	if f == nil {
		e.fixed = newFixed(p.ht, e.needs())
		e.fixed.prepare(p)
	}
	e.scratch = make([]evalScratch[T], p.cfg.Workers)
	for i := range e.scratch {
		e.scratch[i] = evalScratch[T]{x: alignedSlice[T](denseRows * panelCols), y: alignedSlice[T](denseRows * panelCols)}
	}
	e.sums = make([]float64, maxChunks)
	e.fn = e.chunk
	return e
}

// storedOnly reports whether D(X, WH) can be had from the entries of WH at
// which X stores one.
func (s *side[T]) storedOnly(l Loss) bool {
	if s.weights != nil {
		return true
	}
	// There is no zero in X if beta = 0.
	return s.csr != nil && (l == KullbackLeibler || l == ItakuraSaito)
}

func (e *evaluator[T]) needs() needs {
	return needs{
		gram:   e.common != 0 && e.loss == Frobenius,
		sums:   !e.all && e.loss == KullbackLeibler,
		panels: e.all,
	}
}

// total returns D(X, WH).
func (e *evaluator[T]) total(p *problem[T]) float64 {
	chunks := len(e.chunks) - 1
	p.pool.Run(chunks, e.fn)
	return sum(e.sums[:chunks])
}

func (e *evaluator[T]) chunk(worker, c int) {
	e.sums[c] = e.rows(worker, e.chunks[c], e.chunks[c+1])
}

// rows returns the part of D(X, WH) that is due to rows lo to hi-1.
func (e *evaluator[T]) rows(worker, lo, hi int) float64 {
	total, s := 0.0, &e.scratch[worker]
	if !e.all {
		for i := lo; i < hi; i++ {
			if e.weights != nil {
				total += e.weightedRow(s, i)
			} else {
				total += e.storedRow(s, i)
			}
		}
		return total
	}
	for i := lo; i < hi; i += denseRows {
		rows := min(denseRows, hi-i)
		for b := range panelsOf(e.depth) {
			width := e.segment(s.x, i, rows, b)
			e.fixed.products(s.y, e.t, i, rows, b)
			for r := range rows {
				total += divergence(e.loss, s.x[r*panelCols:][:width], s.y[r*panelCols:])
			}
		}
	}
	return total
}

func (e *evaluator[T]) storedRow(s *evalScratch[T], i int) float64 {
	w, total := e.t.padded(i), 0.0
	if e.loss == KullbackLeibler {
		total = kern.Dot(w, e.fixed.sums)
	}
	for at, end := e.csr.ptr[i], e.csr.ptr[i+1]; at < end; {
		idx, val := e.csr.read(at, min(end, at+len(s.y)), &s.part)
		y := s.y[:len(idx)]
		e.entries(y, w, idx)
		total += divergence(e.loss, val, y)
		if e.loss == KullbackLeibler {
			total -= sum(y) // they are in the sum over the row already
		}
		at += len(idx)
	}
	return total
}

// weightedRow returns row i's part where entries have weights.
func (e *evaluator[T]) weightedRow(s *evalScratch[T], i int) float64 {
	idx, val := e.csr.Row(i)
	_, weights := e.weights.Row(i)
	w, total := e.t.padded(i), e.unobserved(i)
	y, zero := s.y[:1], s.x[:1]
	zero[0] = 0
	for p := range idx {
		e.entries(y, w, idx[p:p+1])
		total += float64(weights[p]) * divergence(e.loss, val[p:p+1], y)
		if e.common != 0 {
			total -= float64(e.common) * divergence(e.loss, zero, y)
		}
	}
	return total
}

// unobserved returns the divergence of a whole row from zero, by weight.
func (e *evaluator[T]) unobserved(i int) float64 {
	w := e.t.padded(i)
	switch {
	case e.common == 0:
		return 0
	case e.loss == KullbackLeibler:
		return float64(e.common) * kern.Dot(w, e.fixed.sums)
	default:
		ld, total := e.t.ld, 0.0
		for t, v := range w {
			total += float64(v) * kern.Dot(w, e.fixed.gram[t*ld:][:ld])
		}
		return float64(e.common) * total / 2
	}
}

// entries sets y to the entries of WH in the columns idx of the row with the
// weights w.
func (s *side[T]) entries(y, w []T, idx []int32) {
	kern.DotRows(y, w, idx, s.f.a)
}

// segment copies the columns of panel b of rows i to i+rows-1 of X, or of X
// transposed, to x, rows of panelCols, and returns the number of columns.
func (s *side[T]) segment(x []T, i, rows, b int) (width int) {
	lo := b * panelCols
	width = min(panelCols, s.depth-lo)
	switch {
	case s.csr != nil:
		clear(x[:rows*panelCols])
		for r := range rows {
			end := s.csr.ptr[i+r+1]
			for p := s.csr.find(s.csr.ptr[i+r], end, lo); p < end; p++ {
				j, v := s.csr.at(p)
				if j >= lo+width {
					break
				}
				x[r*panelCols+j-lo] = v
			}
		}
	case s.alongCol:
		kern.Transpose(x, panelCols, s.dense[lo*s.stride+i:], s.stride, width, rows)
	default:
		for r := range rows {
			copy(x[r*panelCols:][:width], s.dense[(i+r)*s.stride+lo:])
		}
	}
	return width
}

// checkFit says whether a fit of X by the loss makes sense and has room in the
// precision.
func (in *input) checkFit(l Loss, p Precision) error {
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
	if b := l.Beta(); b > 2 && in.sumSq > 0 && math.Pow(in.sumSq, b/2) > p.largest() {
		return fmt.Errorf("nmf: the %v loss of X overflows: divide X by its largest entry: %w", l, ErrNotFinite)
	} else if b > 0 {
		return nil
	}
	if in.weights != nil {
		return in.checkObserved()
	}
	for i := range in.rows {
		idx, val := in.row(i)
		for p, v := range val {
			if idx != nil && int(idx[p]) != p {
				return &EntryError{"X", i, p, 0, errZero}
			}
			if v == 0 {
				return &EntryError{"X", i, p, 0, errZero}
			}
		}
		if len(val) < in.cols {
			return &EntryError{"X", i, len(val), 0, errZero}
		}
	}
	return nil
}

// checkObserved returns an error about the first zero that is observed.
func (in *input) checkObserved() error {
	for i := range in.rows {
		idx, val := in.row(i)
		for p, v := range val {
			if v == 0 {
				return &EntryError{"X", i, int(idx[p]), 0, errZero}
			}
		}
	}
	return nil
}
