package nmf

import (
	"math"
	"slices"

	"gonmf/nmf/internal/kern"
)

// muHalf is one half-step of multiplicative updates.
type muHalf[T kern.Float] struct {
	*side[T]
	fixed   *fixed[T]
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
	product  []T // for [side.product]; the numerators of a block are first in it
	part     piece[T]
	den      []T // denominators of a block
	x, y     []T // blocks of X and of WH
	quotient []T // a row's entries of X over powers of WH's
	power    []T // and powers of WH's, for byWeights
}

func newMUHalf[T kern.Float](s *side[T], loss Loss, l1, l2 float64, scratch []muScratch[T]) *muHalf[T] {
	h := &muHalf[T]{side: s, loss: loss, gamma: loss.exponent(), l1: T(l1), l2: T(l2), scratch: scratch}
	h.power = powerOf[T](loss.Beta() - 2)
	h.ones = slices.Repeat([]T{1}, panelCols)
	h.crosses = make([]float64, maxChunks)
	h.fn = h.chunk
	need := needs{sums: loss == KullbackLeibler}
	switch {
	case s.weights != nil:
		h.kind = byWeights
		need.gram = loss == Frobenius
	case loss == Frobenius:
		h.kind = byGram
		need.gram = true
	case s.csr != nil && loss == KullbackLeibler:
		h.kind = byStored
	case loss == KullbackLeibler:
		h.kind = byQuotients
		need.panels = !s.alongCol
	default:
		h.kind = byPanels
		need.panels = true
	}
	h.fixed = newFixed(s.f, need)
	for i := range scratch {
		sc := &scratch[i]
		grow := func(a *[]T, n int) {
			if len(*a) < n {
				*a = alignedSlice[T](n)
			}
		}
		grow(&sc.product, max(len(s.scratch()), denseRows*s.t.ld))
		grow(&sc.den, max(denseRows, s.blockRows)*s.t.ld)
		switch h.kind {
		case byWeights:
			grow(&sc.quotient, s.depth)
			grow(&sc.power, s.depth)
		case byStored:
			grow(&sc.quotient, s.depth)
		case byQuotients:
			grow(&sc.y, denseRows*panelCols)
			grow(&sc.x, s.f.k*denseRows)
		case byPanels:
			grow(&sc.x, denseRows*panelCols)
			grow(&sc.y, denseRows*panelCols)
		}
	}
	return h
}

// run makes the half-step; what it needs of the fixed factor is prepared.
func (h *muHalf[T]) run(p *problem[T]) {
	if h.kind == byGram && !h.keptYet {
		h.form(p.pool)
	}
	p.pool.Run(len(h.chunks)-1, h.fn)
}

// cross returns <X, WH> as the half-step left it, for byGram.
func (h *muHalf[T]) cross() float64 { return sum(h.crosses[:len(h.chunks)-1]) }

func (h *muHalf[T]) chunk(worker, c int) {
	s, ld, cross := &h.scratch[worker], h.t.ld, 0.0
	for i, end := h.chunks[c], h.chunks[c+1]; i < end; {
		rows := h.terms(s, i, end)
		w, num, den := h.t.a[i*ld:(i+rows)*ld], s.product[:rows*ld], s.den[:rows*ld]
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
		rows = min(denseRows, end-i)
		h.quotientTerms(s, i, rows)
	default:
		rows = min(denseRows, end-i)
		h.panelTerms(s, i, rows)
	}
	return rows
}

// numerators forms those of byGram, or takes them from where they are kept.
func (h *muHalf[T]) numerators(s *muScratch[T], i, end int) (rows int) {
	ld := h.t.ld
	if h.keptYet {
		rows = min(denseRows, end-i)
		copy(s.product[:rows*ld], h.kept[i*ld:])
		return rows
	}
	rows = h.product(i, end, s.product, &s.part)
	if h.kept != nil {
		copy(h.kept[i*ld:], s.product[:rows*ld])
	}
	return rows
}

// gramTimes sets den to the products of rows of t with the Gram matrix.
func (h *muHalf[T]) gramTimes(den []T, i, rows int) {
	ld := h.t.ld
	den = den[:rows*ld]
	clear(den)
	kern.MulDense(den, h.t.a[i*ld:], ld, h.t.k, h.fixed.gram, ld, h.t.k)
}

// storedTerms forms the terms of row i for Kullback-Leibler.
func (h *muHalf[T]) storedTerms(s *muScratch[T], i int) {
	product := s.product[:h.t.ld]
	clear(product)
	for at, end := h.csr.ptr[i], h.csr.ptr[i+1]; at < end; {
		idx, val := h.csr.read(at, end, &s.part)
		q := s.quotient[:len(idx)]
		h.entries(q, h.t.padded(i), idx)
		kern.Divide(q, val, eps)
		kern.AddSparse(product, q, idx, h.f.a)
		at += len(idx)
	}
	h.sumsTo(s.den)
}

// weightedTerms forms the terms of row i from its observed entries and, for
// the others, from what is known of the fixed factor as a whole.
func (h *muHalf[T]) weightedTerms(s *muScratch[T], i int) {
	ld := h.t.ld
	idx, val := h.csr.Row(i)
	_, weights := h.weights.Row(i)
	x, y := s.quotient[:len(idx)], s.power[:len(idx)]
	copy(x, val)
	h.entries(y, h.t.padded(i), idx)
	h.quotients(x, y)
	for p, v := range weights {
		if h.loss == KullbackLeibler {
			y[p] = 1
		}
		x[p] *= v
		y[p] *= v - h.common
	}
	kern.MulSparse(s.product[:ld], x, idx, h.f.a)
	den := s.den[:ld]
	kern.MulSparse(den, y, idx, h.f.a)
	if h.common == 0 {
		return
	}
	w := h.t.padded(i)
	for t := range h.t.k {
		if h.loss == KullbackLeibler {
			den[t] += h.common * h.fixed.sums[t]
		} else {
			den[t] += h.common * T(kern.Dot(w, h.fixed.gram[t*ld:][:ld]))
		}
	}
}

// quotientTerms forms the terms of some rows for Kullback-Leibler. Where they
// are columns of X, a block of WH is formed as it lies in X, so that X is read
// along its rows.
func (h *muHalf[T]) quotientTerms(s *muScratch[T], i, rows int) {
	ld := h.t.ld
	num, y := s.product[:rows*ld], s.y
	clear(num)
	if h.alongCol {
		kern.Transpose(s.x, denseRows, h.t.a[i*ld:], ld, rows, h.t.k)
	}
	for b := range panelsOf(h.depth) {
		lo := b * panelCols
		width := min(panelCols, h.depth-lo)
		f := h.f.a[lo*ld:]
		if h.alongCol {
			kern.Quotient(y, denseRows, h.dense[lo*h.stride+i:], h.stride, panelCols*h.stride, f, ld, h.f.k, s.x, denseRows, width, rows, eps)
			kern.MulDenseT(num, y, denseRows, width, f, ld, h.t.k, nil, 0)
			continue
		}
		kern.Quotient(y, panelCols, h.dense[i*h.stride+lo:], h.stride, panelCols, h.t.a[i*ld:], ld, h.t.k, h.fixed.panels[b*h.f.k*panelCols:], panelCols, rows, width, eps)
		kern.MulDense(num, y, panelCols, width, f, ld, h.t.k)
	}
	for r := range rows {
		h.sumsTo(s.den[r*ld:])
	}
}

// panelTerms forms the terms of some rows from all of their entries.
func (h *muHalf[T]) panelTerms(s *muScratch[T], i, rows int) {
	ld := h.t.ld
	num, den := s.product[:rows*ld], s.den[:rows*ld]
	clear(num)
	clear(den)
	for b := range panelsOf(h.depth) {
		width := h.segment(s.x, i, rows, b)
		h.fixed.products(s.y, h.t, i, rows, b)
		for r := range rows {
			h.quotients(s.x[r*panelCols:][:width], s.y[r*panelCols:][:width])
		}
		f := h.f.a[b*panelCols*ld:]
		kern.MulDense(num, s.x, panelCols, width, f, ld, h.t.k)
		kern.MulDense(den, s.y, panelCols, width, f, ld, h.t.k)
	}
}

// sumsTo sets den to the denominators of Kullback-Leibler, the same for every
// row: the sums of the fixed factor's columns.
func (h *muHalf[T]) sumsTo(den []T) {
	copy(den, h.fixed.sums)
	if h.zeroSum == 0 {
		return
	}
	for t := range h.t.k {
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
		for ; len(y) > 0; x, y = x[min(panelCols, len(x)):], y[min(panelCols, len(y)):] {
			inv := y[:min(panelCols, len(y))]
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
	for t, v := range w[:h.t.k] {
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
