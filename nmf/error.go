package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// errorWork is what the error of a fit is computed in, made when it is first
// asked for.
type errorWork[T kern.Float] struct {
	gramW, gramH []T
	crosses      []float64 // <X, WH> by blocks of rows
	fn           func(worker, block int)
	eval         *evaluator[T]
}

// crossRows is the number of rows of a block of errorWork.crosses.
const crossRows = 16

// error returns sqrt(2 D(X, WH)) of the factors as they are.
func (p *problem[T]) error() float64 {
	if p.cfg.Loss != Frobenius || p.in.weights != nil {
		return p.evaluated()
	}
	if e := &p.errors; e.fn == nil {
		ld := p.w.ld
		e.gramW, e.gramH = alignedSlice[T](ld*ld), alignedSlice[T](ld*ld)
		e.crosses = make([]float64, (p.n+crossRows-1)/crossRows)
		e.fn = p.crossBlock
	}
	p.gramOf(p.errors.gramW, p.w)
	p.gramOf(p.errors.gramH, p.ht)
	p.pool.run(len(p.errors.crosses), p.errors.fn)
	return p.frobenius(sum(p.errors.crosses), p.errors.gramW, p.errors.gramH)
}

// evaluated returns the error as the sum of the divergence of each entry.
func (p *problem[T]) evaluated() float64 {
	if p.errors.eval == nil {
		p.errors.eval = p.newEvaluator(nil)
	} else {
		p.errors.eval.fixed.prepare(p)
	}
	return rootError(p.errors.eval.total(p))
}

// crossBlock computes a block of <X, WH>.
func (p *problem[T]) crossBlock(_, b int) {
	total := 0.0
	for i := b * crossRows; i < min((b+1)*crossRows, p.n); i++ {
		w := p.w.padded(i)
		if x := p.in.csr; x != nil {
			for e := x.ptr[i]; e < x.ptr[i+1]; e++ {
				j, v := x.at(e)
				total += float64(v) * kern.Dot(w, p.ht.padded(j))
			}
			continue
		}
		_, val := p.in.row(i)
		for j, v := range val {
			total += float64(v) * kern.Dot(w, p.ht.padded(j))
		}
	}
	p.errors.crosses[b] = total
}

// frobenius returns |X - WH| from the parts of its square: cross = <X, WH>,
// and the Gram matrices of both factors. Where so little is left of |X|^2
// that rounding would show, it forms the residual instead.
func (p *problem[T]) frobenius(cross float64, gramW, gramH []T) float64 {
	sq := p.in.sumSq - 2*cross + kern.Dot(gramW, gramH)
	if sq > cancelled[T]()*p.in.sumSq {
		return math.Sqrt(sq)
	}
	return p.evaluated()
}

// cancelled is the share of |X|^2 below which its difference to the other
// terms has lost too many digits: 1e-16/1e-6 leaves ten of them, and of single
// precision 1e-7/1e-2 five.
func cancelled[T kern.Float]() float64 {
	if precisionOf[T]() == Float32 {
		return 1e-2
	}
	return 1e-6
}
