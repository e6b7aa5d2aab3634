package solve

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// errorOf is what the error of a problem is computed in, whose parts are made
// when they are first asked for.
type errorOf[T kern.Float] struct {
	p            *Problem[T]
	side         *block.Side[T]
	gramW, gramH []T
	hands        *block.Hands[T]
	eval         *evaluator[T]
}

// Error returns sqrt(2 D(X, WH)) of the factors as they are.
func (p *Problem[T]) Error() float64 { return (&errorOf[T]{p: p}).now() }

// now returns the error of the factors as they are.
func (e *errorOf[T]) now() float64 {
	p := e.p
	if p.Loss != Frobenius || p.Whole().Weighted {
		return e.evaluated()
	}
	if e.hands == nil {
		ld := p.W.LD
		e.side = p.rows()
		e.gramW, e.gramH = block.Aligned[T](ld*ld), block.Aligned[T](ld*ld)
		e.hands = block.NewHands(func(int) block.Hand[T] { return newCrossHand(e.side) })
	}
	p.Gram(e.gramW, p.W)
	p.Gram(e.gramH, p.HT)
	return e.frobenius(p.Map(e.side, e.hands).Term, e.gramW, e.gramH)
}

// newCrossHand returns a hand that computes a block's part of <X, WH>.
func newCrossHand[T kern.Float](s *block.Side[T]) block.HandFunc[T] {
	products, part := s.Scratch(), new(block.Piece[T])
	return func(b block.Rows[T]) (sum block.Sums) {
		for i := b.Lo; i < b.Hi; {
			rows := b.Product(i, b.Hi, products, part)
			for r := range rows {
				sum.Term += kern.Dot(products[r*b.Free.LD:][:b.Free.LD], b.Free.Padded(i+r))
			}
			i += rows
		}
		return sum
	}
}

// evaluated returns the error as the sum of the divergence of each entry.
func (e *errorOf[T]) evaluated() float64 {
	if e.eval == nil {
		e.eval = e.p.newEvaluator(nil)
	} else {
		e.p.Know(e.eval.known)
	}
	return rootError(e.eval.total(e.p))
}

// frobenius returns |X - WH| from the parts of its square: cross = <X, WH>,
// and the Gram matrices of both factors. Where so little is left of |X|^2
// that rounding would show, it forms the residual instead.
func (e *errorOf[T]) frobenius(cross float64, gramW, gramH []T) float64 {
	return e.frobeniusOf(e.p.Whole().SumSq, cross, gramW, gramH)
}

// frobeniusOf is frobenius where terms as large as size went into cross.
func (e *errorOf[T]) frobeniusOf(size, cross float64, gramW, gramH []T) float64 {
	sq := e.p.Whole().SumSq - 2*cross + kern.Dot(gramW, gramH)
	if sq > cancelled[T]()*max(size, e.p.Whole().SumSq) {
		return math.Sqrt(sq)
	}
	return e.evaluated()
}

// cancelled is the share of |X|^2 below which its difference to the other
// terms has lost too many digits: 1e-16/1e-6 leaves ten of them, and of single
// precision 1e-7/1e-2 five.
func cancelled[T kern.Float]() float64 {
	if block.Single[T]() {
		return 1e-2
	}
	return 1e-6
}

// rootError returns the error whose divergence is d, which rounding may have
// made negative.
func rootError(d float64) float64 { return math.Sqrt(2 * max(d, 0)) }
