package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// error returns sqrt(2 D(X, WH)) of the factors as they are.
func (p *problem) error() float64 {
	if p.cfg.Loss != Frobenius {
		return rootError(p.newEvaluator(nil).total(p))
	}
	ld := p.w.ld
	gramW, gramH := alignedSlice(ld*ld), alignedSlice(ld*ld)
	p.gramOf(gramW, p.w)
	p.gramOf(gramH, p.ht)
	return p.frobenius(p.cross(), gramW, gramH)
}

// cross returns <X, WH>.
func (p *problem) cross() float64 {
	return p.sumRows(func(i int) float64 {
		idx, val := p.in.row(i)
		w, total := p.w.padded(i), 0.0
		for e, v := range val {
			j := e
			if idx != nil {
				j = int(idx[e])
			}
			total += v * kern.Dot(w, p.ht.padded(j))
		}
		return total
	})
}

// frobenius returns |X - WH| from the parts of its square: cross = <X, WH>,
// and the Gram matrices of both factors. Where so little is left of |X|^2
// that rounding would show, it forms the residual instead.
func (p *problem) frobenius(cross float64, gramW, gramH []float64) float64 {
	sq := p.in.sumSq - 2*cross + kern.Dot(gramW, gramH)
	if sq > cancelled*p.in.sumSq {
		return math.Sqrt(sq)
	}
	if p.residual == nil {
		p.residual = p.newEvaluator(nil)
	} else {
		p.residual.fixed.prepare(p)
	}
	return rootError(p.residual.total(p))
}

// cancelled is the share of |X|^2 below which its difference to the other
// terms has lost too many digits: 1e-16/1e-6 leaves ten of them.
const cancelled = 1e-6

// sumRows returns the sum of f over the rows of X, taken by fixed blocks.
func (p *problem) sumRows(f func(i int) float64) float64 {
	const rows = 16
	sums := make([]float64, (p.n+rows-1)/rows)
	p.pool.run(len(sums), func(_, b int) {
		for i := b * rows; i < min((b+1)*rows, p.n); i++ {
			sums[b] += f(i)
		}
	})
	return sum(sums)
}
