package solve

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// eps stands in for an entry of WH, or of a denominator, that is too small to
// divide by, as scikit-learn has it: the distance from 1 to the next float32.
const eps = 1. / (1 << 23)

// Divergence returns the sum over x of the loss's divergence D(x, y). As in
// scikit-learn an x up to eps counts as zero, and a y below eps counts as eps
// where x is not zero.
func Divergence[T kern.Float](l Loss, x, y []T) float64 {
	total := 0.0
	switch b := float64(l); b {
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
	side  *block.Side[T]
	loss  Loss
	known *block.Known[T] // H
	// all says that every entry of WH is formed; otherwise only those at the
	// stored entries of X are, and the rest of the sum is known from H's.
	all   bool
	hands *block.Hands[T]
}

// evalHand sums a block's part.
type evalHand[T kern.Float] struct {
	*evaluator[T]
	*block.Side[T] // of the block
	x, y           []T
	part           block.Piece[T]
}

// newEvaluator returns one that reads H from f, or looks at H by itself if that
// is nil.
func (p *Problem[T]) newEvaluator(f *block.Known[T]) *evaluator[T] {
	e := &evaluator[T]{side: p.rows(), loss: p.Loss, known: f}
	e.all = !storedOnly(e.side, e.loss)
	if f == nil {
		e.known = block.NewKnown(p.HT, e.needs())
		p.Know(e.known)
	}
	e.hands = block.NewHands(func(int) block.Hand[T] { return e.hand() })
	return e
}

func (e *evaluator[T]) hand() *evalHand[T] {
	const size = block.DenseRows * block.PanelCols
	return &evalHand[T]{evaluator: e, x: block.Aligned[T](size), y: block.Aligned[T](size)}
}

// Update sums the part of a block.
func (e *evalHand[T]) Update(b block.Rows[T]) block.Sums {
	e.Side = b.Side
	return block.Sums{Term: e.rows(b.Lo, b.Hi)}
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
		Gram:   e.side.Common != 0 && e.loss == Frobenius,
		Sums:   !e.all && e.loss == KullbackLeibler,
		Panels: e.all,
	}
}

// total returns D(X, WH).
func (e *evaluator[T]) total(c block.Carrier[T]) float64 { return c.Map(e.side, e.hands).Term }

// rows returns the part of D(X, WH) that is due to rows lo to hi-1.
func (e *evalHand[T]) rows(lo, hi int) float64 {
	total := 0.0
	if !e.all {
		for i := lo; i < hi; i++ {
			if e.Weights != nil {
				total += e.weightedRow(i)
			} else {
				total += e.storedRow(i)
			}
		}
		return total
	}
	for i := lo; i < hi; i += block.DenseRows {
		rows := min(block.DenseRows, hi-i)
		for b := range block.PanelsOf(e.Depth) {
			width := e.Segment(e.x, i, rows, b)
			e.known.Products(e.y, e.Free, i, rows, b)
			for r := range rows {
				total += Divergence(e.loss, e.x[r*block.PanelCols:][:width], e.y[r*block.PanelCols:])
			}
		}
	}
	return total
}

func (e *evalHand[T]) storedRow(i int) float64 {
	w, total := e.Free.Padded(i), 0.0
	if e.loss == KullbackLeibler {
		total = kern.Dot(w, e.known.Sums)
	}
	for at, end := e.CSR.Ptr[i], e.CSR.Ptr[i+1]; at < end; {
		idx, val := e.CSR.Read(at, min(end, at+len(e.y)), &e.part)
		y := e.y[:len(idx)]
		e.WH(y, w, idx)
		total += Divergence(e.loss, val, y)
		if e.loss == KullbackLeibler {
			total -= block.Sum(y) // they are in the sum over the row already
		}
		at += len(idx)
	}
	return total
}

// weightedRow returns row i's part where entries have weights.
func (e *evalHand[T]) weightedRow(i int) float64 {
	idx, val := e.CSR.Row(i)
	_, weights := e.Weights.Row(i)
	w, total := e.Free.Padded(i), e.unobserved(i)
	y, zero := e.y[:1], e.x[:1]
	zero[0] = 0
	for p := range idx {
		e.WH(y, w, idx[p:p+1])
		total += float64(weights[p]) * Divergence(e.loss, val[p:p+1], y)
		if e.Common != 0 {
			total -= float64(e.Common) * Divergence(e.loss, zero, y)
		}
	}
	return total
}

// unobserved returns the divergence of a whole row from zero, by weight.
func (e *evalHand[T]) unobserved(i int) float64 {
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
