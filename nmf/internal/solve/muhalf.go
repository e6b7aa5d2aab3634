package solve

import (
	"math"
	"slices"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// muHalf is one half-step of multiplicative updates.
type muHalf[T kern.Float] struct {
	side    *block.Side[T]
	known   *block.Known[T]
	loss    Loss
	gamma   float64
	kind    muKind
	l1, l2  T
	floor   T // entries below it become zero
	zeroSum T // stands in for the sum of a column of zeros in the denominator
	power   func(T) T
	ones    []T // panelCols of them
	// column updates a column of H from its terms, for mini-batches; nil: as
	// MU does.
	column func(h *muHand[T], j int, num, den []T)

	// kept has the numerators of byGram where the fixed factor stays as it is
	// for many half-steps, nil otherwise; the first of them fills it.
	kept    []T
	keptYet bool

	scratch *muScratches[T] // shared with the other half
	hands   *block.Hands[T]
	cross   float64 // for byGram: <X, WH> as the half-step left it
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

// muHand makes the half-step for a block of rows.
type muHand[T kern.Float] struct {
	*muHalf[T]
	*block.Side[T]     // of the block
	first          int // row of the whole that is its row 0
	*muScratch[T]
}

// muScratch is what a hand needs, as large as the larger half asks for.
type muScratch[T kern.Float] struct {
	num    []T // for [block.Side.Product]; the numerators of a block are first in it
	part   block.Piece[T]
	den    []T // denominators of a block
	x, y   []T // blocks of X and of WH
	ratios []T // a row's entries of X over powers of WH's
	powers []T // and powers of WH's, for byWeights
}

// muScratches are those of all hands. Both halves use them in turns.
type muScratches[T kern.Float] struct {
	sizes muSizes
	made  []*muScratch[T]
}

// muSizes are how long the parts of a muScratch are.
type muSizes struct{ num, den, x, y, ratios, powers int }

// of returns that of hand i.
func (m *muScratches[T]) of(i int) *muScratch[T] {
	for len(m.made) <= i {
		n := m.sizes
		m.made = append(m.made, &muScratch[T]{
			num: block.Aligned[T](n.num), den: block.Aligned[T](n.den), x: block.Aligned[T](n.x), y: block.Aligned[T](n.y),
			ratios: block.Aligned[T](n.ratios), powers: block.Aligned[T](n.powers),
		})
	}
	return m.made[i]
}

func newMUHalf[T kern.Float](s *block.Side[T], loss Loss, l1, l2 float64, scratch *muScratches[T]) *muHalf[T] {
	h := &muHalf[T]{side: s, loss: loss, gamma: loss.exponent(), l1: T(l1), l2: T(l2), scratch: scratch}
	h.power = powerOf[T](float64(loss) - 2)
	h.ones = slices.Repeat([]T{1}, block.PanelCols)
	h.hands = block.NewHands(func(i int) block.Hand[T] { return &muHand[T]{muHalf: h, muScratch: scratch.of(i)} })
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
	size := &scratch.sizes
	size.num = max(size.num, s.BlockRows*s.Free.LD, block.DenseRows*s.Free.LD)
	size.den = max(size.den, max(block.DenseRows, s.BlockRows)*s.Free.LD)
	switch h.kind {
	case byWeights:
		size.ratios, size.powers = max(size.ratios, s.Depth), max(size.powers, s.Depth)
	case byStored:
		size.ratios = max(size.ratios, s.Depth)
	case byQuotients:
		size.x, size.y = max(size.x, s.Fixed.K*block.DenseRows), max(size.y, block.DenseRows*block.PanelCols)
	case byPanels:
		size.x, size.y = max(size.x, block.DenseRows*block.PanelCols), max(size.y, block.DenseRows*block.PanelCols)
	}
	return h
}

// run makes the half-step; what it needs of the fixed factor is known.
func (h *muHalf[T]) run(c block.Carrier[T]) { h.cross = c.Map(h.side, h.hands).Term }

// Update makes it for a block.
func (h *muHand[T]) Update(b block.Rows[T]) (sum block.Sums) {
	h.Side, h.first = b.Side, b.First
	ld := h.Free.LD
	for i := b.Lo; i < b.Hi; {
		rows := h.terms(i, b.Hi)
		w, num, den := h.Free.A[i*ld:(i+rows)*ld], h.num[:rows*ld], h.den[:rows*ld]
		switch {
		case h.column != nil:
			for r := range rows {
				h.column(h, i+r, num[r*ld:], den[r*ld:])
			}
		case h.gamma == 1:
			h.update(w, num, den)
		default:
			for at := 0; at < len(w); at += ld {
				h.update(w[at:at+ld], num[at:], den[at:])
			}
		}
		if h.kind == byGram {
			sum.Term += kern.Dot(num, w)
		}
		i += rows
	}
	return sum
}

// terms forms the numerators and denominators, without penalties, of some
// rows from i on, before end, and returns how many: row i+r's are
// h.num[r*ld:] and h.den[r*ld:].
func (h *muHand[T]) terms(i, end int) (rows int) {
	switch h.kind {
	case byGram:
		rows = h.numerators(i, end)
		h.gramTimes(h.den, i, rows)
	case byStored:
		rows = 1
		h.storedTerms(i)
	case byWeights:
		rows = 1
		h.weightedTerms(i)
	case byQuotients:
		rows = min(block.DenseRows, end-i)
		h.quotientTerms(i, rows)
	default:
		rows = min(block.DenseRows, end-i)
		h.panelTerms(i, rows)
	}
	return rows
}

// numerators forms those of byGram, or takes them from where they are kept.
func (h *muHand[T]) numerators(i, end int) (rows int) {
	ld := h.Free.LD
	if h.keptYet {
		rows = min(block.DenseRows, end-i)
		copy(h.num[:rows*ld], h.kept[(h.first+i)*ld:])
		return rows
	}
	rows = h.Product(i, end, h.num, &h.part)
	if h.kept != nil {
		copy(h.kept[(h.first+i)*ld:], h.num[:rows*ld])
	}
	return rows
}

// gramTimes sets den to the products of rows of t with the Gram matrix.
func (h *muHand[T]) gramTimes(den []T, i, rows int) {
	ld := h.Free.LD
	den = den[:rows*ld]
	clear(den)
	kern.MulDense(den, h.Free.A[i*ld:], ld, h.Free.K, h.known.Gram, ld, h.Free.K)
}

// storedTerms forms the terms of row i for Kullback-Leibler.
func (h *muHand[T]) storedTerms(i int) {
	product := h.num[:h.Free.LD]
	clear(product)
	for at, end := h.CSR.Ptr[i], h.CSR.Ptr[i+1]; at < end; {
		idx, val := h.CSR.Read(at, end, &h.part)
		q := h.ratios[:len(idx)]
		h.WH(q, h.Free.Padded(i), idx)
		kern.Divide(q, val, eps)
		kern.AddSparse(product, q, idx, h.Fixed.A)
		at += len(idx)
	}
	h.sumsTo(h.den)
}

// weightedTerms forms the terms of row i from its observed entries and, for
// the others, from what is known of the fixed factor as a whole.
func (h *muHand[T]) weightedTerms(i int) {
	ld := h.Free.LD
	idx, val := h.CSR.Row(i)
	_, weights := h.Weights.Row(i)
	x, y := h.ratios[:len(idx)], h.powers[:len(idx)]
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
	kern.MulSparse(h.num[:ld], x, idx, h.Fixed.A)
	den := h.den[:ld]
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
func (h *muHand[T]) quotientTerms(i, rows int) {
	ld := h.Free.LD
	num, y := h.num[:rows*ld], h.y
	clear(num)
	if h.AlongCol {
		kern.Transpose(h.x, block.DenseRows, h.Free.A[i*ld:], ld, rows, h.Free.K)
	}
	for b := range block.PanelsOf(h.Depth) {
		lo := b * block.PanelCols
		width := min(block.PanelCols, h.Depth-lo)
		f := h.Fixed.A[lo*ld:]
		if h.AlongCol {
			kern.Quotient(y, block.DenseRows, h.Dense[lo*h.Stride+i:], h.Stride, block.PanelCols*h.Stride, f, ld, h.Fixed.K, h.x, block.DenseRows, width, rows, eps)
			kern.MulDenseT(num, y, block.DenseRows, width, f, ld, h.Free.K, nil, 0)
			continue
		}
		kern.Quotient(y, block.PanelCols, h.Dense[i*h.Stride+lo:], h.Stride, block.PanelCols, h.Free.A[i*ld:], ld, h.Free.K, h.known.Panels[b*h.Fixed.K*block.PanelCols:], block.PanelCols, rows, width, eps)
		kern.MulDense(num, y, block.PanelCols, width, f, ld, h.Free.K)
	}
	for r := range rows {
		h.sumsTo(h.den[r*ld:])
	}
}

// panelTerms forms the terms of some rows from all of their entries.
func (h *muHand[T]) panelTerms(i, rows int) {
	ld := h.Free.LD
	num, den := h.num[:rows*ld], h.den[:rows*ld]
	clear(num)
	clear(den)
	for b := range block.PanelsOf(h.Depth) {
		width := h.Segment(h.x, i, rows, b)
		h.known.Products(h.y, h.Free, i, rows, b)
		for r := range rows {
			h.quotients(h.x[r*block.PanelCols:][:width], h.y[r*block.PanelCols:][:width])
		}
		f := h.Fixed.A[b*block.PanelCols*ld:]
		kern.MulDense(num, h.x, block.PanelCols, width, f, ld, h.Free.K)
		kern.MulDense(den, h.y, block.PanelCols, width, f, ld, h.Free.K)
	}
}

// sumsTo sets den to the denominators of Kullback-Leibler, the same for every
// row: the sums of the fixed factor's columns.
func (h *muHalf[T]) sumsTo(den []T) {
	copy(den, h.known.Sums)
	if h.zeroSum == 0 {
		return
	}
	for t := range h.known.Of.K {
		if den[t] == 0 {
			den[t] = h.zeroSum
		}
	}
}

// quotients replaces x by x y^(b-2) and y by y^(b-1). A y below eps counts as
// eps wherever its power is negative.
func (h *muHalf[T]) quotients(x, y []T) {
	switch b := float64(h.loss); b {
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

// update multiplies a row of the factor, or several if gamma is 1.
func (h *muHalf[T]) update(w, num, den []T) {
	if h.gamma == 1 {
		kern.Scale(w, num, den, h.l1, h.l2, eps, h.floor)
		return
	}
	most := T(block.Largest[T]())
	for t, v := range w[:h.known.Of.K] {
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
