package nmf

import (
	"math"
	"slices"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// muHalf is one half-step of multiplicative updates.
type muHalf[T kern.Float] struct {
	*block.Side[T]
	known   *block.Known[T]
	loss    Loss
	gamma   float64
	kind    muKind
	l1, l2  T
	floor   T // entries below it become zero
	zeroSum T // stands in for the sum of a column of zeros in the denominator
	power   func(T) T
	ones    []T        // panelCols of them
	memory  *memory[T] // of the batches before, for mini-batches

	// kept has the numerators of byGram where the fixed factor stays as it is
	// for many half-steps, nil otherwise; the first of them fills it.
	kept    []T
	keptYet bool

	scratch []muScratch[T] // of each worker, shared with the other half
	crosses []float64      // by chunk, for byGram: <X, WH> as the half-step leaves it
	fn      func(worker, chunk int)
}

// muKind is the way to a half-step's numerators and denominators.
type muKind int

const (
	byGram      muKind = iota // Frobenius: X H' and W (H H')
	byStored                  // Kullback-Leibler of sparse X: WH at its entries, and sums of H
	byWeights                 // entries with weights: WH at those that are observed
	byQuotients               // Kullback-Leibler of dense X: X / WH, in blocks
	byPanels                  // otherwise: all of WH, in blocks
)

// muScratch is what a worker needs, as large as the larger half asks for.
type muScratch[T kern.Float] struct {
	product  []T // for [block.Side.product]; the numerators of a block are first in it
	part     block.Piece[T]
	den      []T // denominators of a block
	x, y     []T // blocks of X and of WH
	quotient []T // a row's entries of X over powers of WH's
	power    []T // and powers of WH's, for byWeights
}

func newMUHalf[T kern.Float](s *block.Side[T], loss Loss, l1, l2 float64, scratch []muScratch[T]) *muHalf[T] {
	h := &muHalf[T]{Side: s, loss: loss, gamma: loss.exponent(), l1: T(l1), l2: T(l2), scratch: scratch}
	h.power = powerOf[T](loss.Beta() - 2)
	h.ones = slices.Repeat([]T{1}, block.PanelCols)
	h.crosses = make([]float64, block.MaxChunks)
	h.fn = h.chunk
	need := block.Needs{Sums: loss == KullbackLeibler}
	switch {
	case s.Weights != nil:
		h.kind = byWeights
		need.Gram = loss == Frobenius
	case loss == Frobenius:
		h.kind = byGram
		need.Gram = true
	case s.CSR != nil && loss == KullbackLeibler:
		h.kind = byStored
	case loss == KullbackLeibler:
		h.kind = byQuotients
		need.Panels = !s.AlongCol
	default:
		h.kind = byPanels
		need.Panels = true
	}
	h.known = block.NewKnown(s.Fixed, need)
	for i := range scratch {
		sc := &scratch[i]
		grow := func(a *[]T, n int) {
			if len(*a) < n {
				*a = block.Aligned[T](n)
			}
		}
		grow(&sc.product, max(len(s.Scratch()), block.DenseRows*s.Free.LD))
		grow(&sc.den, max(block.DenseRows, s.BlockRows)*s.Free.LD)
		switch h.kind {
		case byWeights:
			grow(&sc.quotient, s.Depth)
			grow(&sc.power, s.Depth)
		case byStored:
			grow(&sc.quotient, s.Depth)
		case byQuotients:
			grow(&sc.y, block.DenseRows*block.PanelCols)
			grow(&sc.x, s.Fixed.K*block.DenseRows)
		case byPanels:
			grow(&sc.x, block.DenseRows*block.PanelCols)
			grow(&sc.y, block.DenseRows*block.PanelCols)
		}
	}
	return h
}

// run makes the half-step; what it needs of the fixed factor is prepared.
func (h *muHalf[T]) run(p *problem[T]) {
	if h.kind == byGram && !h.keptYet {
		h.Form(p.pool)
	}
	p.pool.Run(len(h.Chunks)-1, h.fn)
}

// cross returns <X, WH> as the half-step left it, for byGram.
func (h *muHalf[T]) cross() float64 { return block.Sum(h.crosses[:len(h.Chunks)-1]) }

func (h *muHalf[T]) chunk(worker, c int) {
	s, ld, cross := &h.scratch[worker], h.Free.LD, 0.0
	for i, end := h.Chunks[c], h.Chunks[c+1]; i < end; {
		rows := h.terms(s, i, end)
		w, num, den := h.Free.A[i*ld:(i+rows)*ld], s.product[:rows*ld], s.den[:rows*ld]
		switch {
		case h.memory != nil:
			for r := range rows {
				h.memory.update(h, i+r, num[r*ld:], den[r*ld:])
			}
		case h.gamma == 1:
			h.update(w, num, den)
		default:
			for at := 0; at < len(w); at += ld {
				h.update(w[at:at+ld], num[at:], den[at:])
			}
		}
		if h.kind == byGram {
			cross += kern.Dot(num, w)
		}
		i += rows
	}
	h.crosses[c] = cross
}

// terms forms the numerators and denominators, without penalties, of some
// rows from i on, before end, and returns how many: row i+r's are
// s.product[r*ld:] and s.den[r*ld:].
func (h *muHalf[T]) terms(s *muScratch[T], i, end int) (rows int) {
	switch h.kind {
	case byGram:
		rows = h.numerators(s, i, end)
		h.gramTimes(s.den, i, rows)
	case byStored:
		rows = 1
		h.storedTerms(s, i)
	case byWeights:
		rows = 1
		h.weightedTerms(s, i)
	case byQuotients:
		rows = min(block.DenseRows, end-i)
		h.quotientTerms(s, i, rows)
	default:
		rows = min(block.DenseRows, end-i)
		h.panelTerms(s, i, rows)
	}
	return rows
}

// numerators forms those of byGram, or takes them from where they are kept.
func (h *muHalf[T]) numerators(s *muScratch[T], i, end int) (rows int) {
	ld := h.Free.LD
	if h.keptYet {
		rows = min(block.DenseRows, end-i)
		copy(s.product[:rows*ld], h.kept[i*ld:])
		return rows
	}
	rows = h.Product(i, end, s.product, &s.part)
	if h.kept != nil {
		copy(h.kept[i*ld:], s.product[:rows*ld])
	}
	return rows
}

// gramTimes sets den to the products of rows of t with the Gram matrix.
func (h *muHalf[T]) gramTimes(den []T, i, rows int) {
	ld := h.Free.LD
	den = den[:rows*ld]
	clear(den)
	kern.MulDense(den, h.Free.A[i*ld:], ld, h.Free.K, h.known.Gram, ld, h.Free.K)
}

// storedTerms forms the terms of row i for Kullback-Leibler.
func (h *muHalf[T]) storedTerms(s *muScratch[T], i int) {
	product := s.product[:h.Free.LD]
	clear(product)
	for at, end := h.CSR.Ptr[i], h.CSR.Ptr[i+1]; at < end; {
		idx, val := h.CSR.Read(at, end, &s.part)
		q := s.quotient[:len(idx)]
		h.WH(q, h.Free.Padded(i), idx)
		kern.Divide(q, val, eps)
		kern.AddSparse(product, q, idx, h.Fixed.A)
		at += len(idx)
	}
	h.sumsTo(s.den)
}

// weightedTerms forms the terms of row i from its observed entries and, for
// the others, from what is known of the fixed factor as a whole.
func (h *muHalf[T]) weightedTerms(s *muScratch[T], i int) {
	ld := h.Free.LD
	idx, val := h.CSR.Row(i)
	_, weights := h.Weights.Row(i)
	x, y := s.quotient[:len(idx)], s.power[:len(idx)]
	copy(x, val)
	h.WH(y, h.Free.Padded(i), idx)
	h.quotients(x, y)
	for p, v := range weights {
		if h.loss == KullbackLeibler {
			y[p] = 1
		}
		x[p] *= v
		y[p] *= v - h.Common
	}
	kern.MulSparse(s.product[:ld], x, idx, h.Fixed.A)
	den := s.den[:ld]
	kern.MulSparse(den, y, idx, h.Fixed.A)
	if h.Common == 0 {
		return
	}
	w := h.Free.Padded(i)
	for t := range h.Free.K {
		if h.loss == KullbackLeibler {
			den[t] += h.Common * h.known.Sums[t]
		} else {
			den[t] += h.Common * T(kern.Dot(w, h.known.Gram[t*ld:][:ld]))
		}
	}
}

// quotientTerms forms the terms of some rows for Kullback-Leibler. Where they
// are columns of X, a block of WH is formed as it lies in X, so that X is read
// along its rows.
func (h *muHalf[T]) quotientTerms(s *muScratch[T], i, rows int) {
	ld := h.Free.LD
	num, y := s.product[:rows*ld], s.y
	clear(num)
	if h.AlongCol {
		kern.Transpose(s.x, block.DenseRows, h.Free.A[i*ld:], ld, rows, h.Free.K)
	}
	for b := range block.PanelsOf(h.Depth) {
		lo := b * block.PanelCols
		width := min(block.PanelCols, h.Depth-lo)
		f := h.Fixed.A[lo*ld:]
		if h.AlongCol {
			kern.Quotient(y, block.DenseRows, h.Dense[lo*h.Stride+i:], h.Stride, block.PanelCols*h.Stride, f, ld, h.Fixed.K, s.x, block.DenseRows, width, rows, eps)
			kern.MulDenseT(num, y, block.DenseRows, width, f, ld, h.Free.K, nil, 0)
			continue
		}
		kern.Quotient(y, block.PanelCols, h.Dense[i*h.Stride+lo:], h.Stride, block.PanelCols, h.Free.A[i*ld:], ld, h.Free.K, h.known.Panels[b*h.Fixed.K*block.PanelCols:], block.PanelCols, rows, width, eps)
		kern.MulDense(num, y, block.PanelCols, width, f, ld, h.Free.K)
	}
	for r := range rows {
		h.sumsTo(s.den[r*ld:])
	}
}

// panelTerms forms the terms of some rows from all of their entries.
func (h *muHalf[T]) panelTerms(s *muScratch[T], i, rows int) {
	ld := h.Free.LD
	num, den := s.product[:rows*ld], s.den[:rows*ld]
	clear(num)
	clear(den)
	for b := range block.PanelsOf(h.Depth) {
		width := h.Segment(s.x, i, rows, b)
		h.known.Products(s.y, h.Free, i, rows, b)
		for r := range rows {
			h.quotients(s.x[r*block.PanelCols:][:width], s.y[r*block.PanelCols:][:width])
		}
		f := h.Fixed.A[b*block.PanelCols*ld:]
		kern.MulDense(num, s.x, block.PanelCols, width, f, ld, h.Free.K)
		kern.MulDense(den, s.y, block.PanelCols, width, f, ld, h.Free.K)
	}
}

// sumsTo sets den to the denominators of Kullback-Leibler, the same for every
// row: the sums of the fixed factor's columns.
func (h *muHalf[T]) sumsTo(den []T) {
	copy(den, h.known.Sums)
	if h.zeroSum == 0 {
		return
	}
	for t := range h.Free.K {
		if den[t] == 0 {
			den[t] = h.zeroSum
		}
	}
}

// quotients replaces x by x y^(b-2) and y by y^(b-1). A y below eps counts as
// eps wherever its power is negative.
func (h *muHalf[T]) quotients(x, y []T) {
	switch b := h.loss.Beta(); b {
	case 1:
		for i, v := range y {
			x[i] /= max(v, eps)
		}
	case 0:
		for ; len(y) > 0; x, y = x[min(block.PanelCols, len(x)):], y[min(block.PanelCols, len(y)):] {
			inv := y[:min(block.PanelCols, len(y))]
			kern.Divide(inv, h.ones[:len(inv)], eps)
			for i, v := range inv {
				x[i] *= v * v
			}
		}
	case 2: // of entries with weights
	default:
		for i, v := range y {
			if v < eps && b < 1 {
				v = eps
			}
			if v < eps && b < 2 {
				x[i] *= h.power(eps)
				y[i] = T(raise(float64(v), b-1))
				continue
			}
			q := h.power(v)
			x[i] *= q
			y[i] = q * v
		}
	}
}

// powerOf returns the function that raises a positive number, or zero if e is
// positive, to the power of e.
func powerOf[T kern.Float](e float64) func(T) T {
	switch e {
	case -.5:
		return func(v T) T { return T(1 / math.Sqrt(float64(v))) }
	case .5:
		return func(v T) T { return T(math.Sqrt(float64(v))) }
	case 1:
		return func(v T) T { return v }
	default:
		return func(v T) T { return T(raise(float64(v), e)) }
	}
}

// raise returns v, which is not negative, to the power of e: halves of small
// whole numbers, which most losses ask for, at a tenth of [math.Pow]'s cost.
func raise(v, e float64) float64 {
	halves := 2 * e
	n := int(math.Abs(halves))
	if math.Abs(halves) != float64(n) || n > 8 {
		return math.Pow(v, e)
	}
	p := 1.0
	if n&1 == 1 {
		p = math.Sqrt(v)
	}
	for range n >> 1 {
		p *= v
	}
	if e < 0 {
		return 1 / p
	}
	return p
}

// update multiplies a row of the factor, or several if gamma is 1.
func (h *muHalf[T]) update(w, num, den []T) {
	if h.gamma == 1 {
		kern.Scale(w, num, den, h.l1, h.l2, eps, h.floor)
		return
	}
	most := T(precisionOf[T]().largest())
	for t, v := range w[:h.Free.K] {
		now := v * T(math.Pow(float64(num[t]/h.penalised(den[t], v)), h.gamma))
		if now < h.floor {
			now = 0
		}
		// Where X has entries too large or too small for the powers that
		// the loss takes, the entry stays as it is.
		if now <= most {
			w[t] = now
		}
	}
}

// penalised returns the denominator den of the entry v with its penalties.
func (h *muHalf[T]) penalised(den, v T) T {
	// Rounding can make one below zero if entries have weights.
	if den += h.l1 + h.l2*v; den > 0 {
		return den
	}
	return eps
}
