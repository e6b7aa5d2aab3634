package solve

import (
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// CD is coordinate descent for the Frobenius loss (hierarchical alternating
// least squares, one coordinate of W or H at a time):
//
//	G = H H' + l2 I,  B = X H' - l1
//	W[i,t] <- max(0, W[i,t] - (W G - B)[i,t] / G[t,t])    t = 1, ..., k
//
// and the same for H with X transposed. It stops when the sum of the projected
// gradients met in an iteration falls to Tol times the first iteration's, or if
// the first's are nothing but rounding, less than 2^-40 of the terms that they
// are the differences of (2^-18 in Float32): the start is a solution then, as
// NNDSVD's of one component is for most X.
//
// Cichocki and Phan 2009, doi:10.1587/transfun.E92.A.708; Hsieh and Dhillon
// 2011, doi:10.1145/2020408.2020577.
type CD struct {
	Shuffle bool // visit the coordinates in a random order, drawn anew for each half-step
}

var _ Method = CD{}

// descent is coordinate descent at work.
type descent[T kern.Float] struct {
	sweeps
	p      *Problem[T]
	w, h   *half[T]
	errors errorOf[T]
}

func (s CD) start64(p *Problem[float64]) Stepper { return startCD(s, p) }
func (s CD) start32(p *Problem[float32]) Stepper { return startCD(s, p) }

func startCD[T kern.Float](s CD, p *Problem[T]) Stepper {
	if p.Whole().Weighted {
		return startWeightedCD(s, p)
	}
	d := newDescent(s, p)
	l1W, l2W, l1H, l2H := p.penalties()
	d.w = newHalf(p.rows(), l1W, l2W)
	d.h = newHalf(p.cols(), l1H, l2H)
	d.w.order, d.h.order = d.order, d.order
	d.w.side.Tile()
	d.h.side.Tile()
	p.Gram(d.h.gram, p.HT)
	return d
}

func newDescent[T kern.Float](s CD, p *Problem[T]) *descent[T] {
	return &descent[T]{sweeps: newSweeps(s.Shuffle, p.Seed, p.k), p: p, errors: errorOf[T]{p: p}}
}

func (d *descent[T]) Step(iter int) {
	d.moved(iter, d.unlessRounding(iter, d.p.violation(d.half(d.w, d.h.gram), d.half(d.h, d.w.gram))))
	d.lastErr = d.errors.frobeniusOf(d.h.penalty(), d.h.cross, d.w.gram, d.h.gram)
}

// half makes one half-step, which updates h's factor while the other, whose
// Gram matrix is given, is fixed, and returns the sum of the projected
// gradients that it met.
func (d *descent[T]) half(h *half[T], gram []T) float64 {
	d.shuffle()
	h.hessian.set(gram, h.order)
	sums := d.p.Map(h.side, h.hands)
	d.p.Gram(h.gram, h.side.Free)
	h.cross = sums.Term
	return sums.Moved
}

// unlessRounding returns the sum of projected gradients of an iteration, or 0 if
// it is the first's and no more than the rounding of the terms of the gradients.
func (d *descent[T]) unlessRounding(iter int, violation float64) float64 {
	if iter > 1 {
		return violation
	}
	share := 1. / (1 << 40)
	if block.Single[T]() {
		share = 1. / (1 << 18)
	}
	if violation <= share*d.p.violation(d.w.terms(d.h.gram), d.h.terms(d.w.gram)) {
		return 0
	}
	return violation
}

// half is one half-step of coordinate descent.
type half[T kern.Float] struct {
	side    *block.Side[T]
	hessian hessian[T]
	gram    []T // F'F of the factor F that the half-step updates
	l1      T
	order   []int // of the coordinates, nil: as they stand
	hands   *block.Hands[T]
	cross   float64 // <X, WH> as the half-step left it
}

// hand makes the half-step for a block of rows, some of them at a time.
type hand[T kern.Float] struct {
	*half[T]
	block.Lanes[T]
}

func newHalf[T kern.Float](s *block.Side[T], l1, l2 float64) *half[T] {
	ld := s.Free.LD
	h := &half[T]{side: s, l1: T(l1), hessian: newHessian(s.Free.K, ld, T(l2)), gram: block.Aligned[T](ld * ld)}
	h.hands = block.NewHands(func(int) block.Hand[T] { return h.newHand() })
	return h
}

func (h *half[T]) newHand() *hand[T] { return &hand[T]{h, block.NewLanes(h.side)} }

// Update makes the half-step for a block.
func (h *hand[T]) Update(b block.Rows[T]) (sum block.Sums) {
	h.some(b, func(_ int, rows []T) {
		clear(h.Violations)
		h.Take(h.W, rows, h.order)
		sum.Term += h.sweep()
		h.Give(rows, h.W, h.order)
		sum.Moved += block.Sum(h.Violations)
	})
	return sum
}

// sweep makes one sweep over the rows at hand and returns their part of
// <X, WH>.
func (h *hand[T]) sweep() (cross float64) {
	kern.Descend(h.W, h.B, h.hessian.g, h.hessian.diag, h.Violations, h.hessian.k)
	cross = kern.Dot(h.B, h.W)
	if h.l1 != 0 {
		cross += float64(h.l1) * block.Sum(h.W)
	}
	return cross
}

// terms returns the sum of the entries of W G, for the factor as W and the Gram
// matrix of the other: of the size of the terms of the gradients.
func (h *half[T]) terms(gram []T) float64 {
	ld, total := h.side.Free.LD, 0.0
	for r := range h.side.Free.K {
		size := 0.0
		for at := r; at < len(h.side.Free.A); at += ld {
			size += float64(h.side.Free.A[at])
		}
		total += size * (block.Sum(gram[r*ld:][:ld]) + float64(h.hessian.l2))
	}
	return total
}

// penalty returns the L1 penalty of the factor, which sweep puts into <X, WH>
// to take it out of b again.
func (h *half[T]) penalty() float64 {
	if h.l1 == 0 {
		return 0
	}
	return float64(h.l1) * block.Sum(h.side.Free.A)
}

// some calls visit for some rows of a block after others, at most kern.Lanes of
// them, the first of which is i. rows are those of the factor; h.B has their
// linear term, in the order of h.order.
func (h *hand[T]) some(b block.Rows[T], visit func(i int, rows []T)) {
	ld := b.Free.LD
	for i := b.Lo; i < b.Hi; {
		n := b.Product(i, b.Hi, h.Products, &h.Part)
		for lo := 0; lo < n; lo += kern.Lanes {
			hi := min(lo+kern.Lanes, n)
			h.linear(h.Products[lo*ld : hi*ld])
			visit(i+lo, b.Free.A[(i+lo)*ld:(i+hi)*ld])
		}
		i += n
	}
}

// linear sets h.B to the linear term of rows with the given products.
func (h *hand[T]) linear(products []T) {
	h.Take(h.B, products, h.order)
	if h.l1 != 0 {
		for e := range h.B[:h.hessian.k*kern.Lanes] {
			h.B[e] -= h.l1
		}
	}
}
