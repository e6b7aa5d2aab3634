package nmf

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// errorWork is what the error of a fit is computed in, made when it is first
// asked for.
type errorWork[T kern.Float] struct {
	*block.Side[T]
	gramW, gramH []T
	crosses      []float64         // <X, WH> by chunk
	scratch      []errorScratch[T] // of each worker
	fn           func(worker, chunk int)
	eval         *evaluator[T]
}

type errorScratch[T kern.Float] struct {
	products []T
	part     block.Piece[T]
}

// error returns sqrt(2 D(X, WH)) of the factors as they are.
func (p *problem[T]) error() float64 {
	if p.cfg.Loss != Frobenius || p.in.Weights != nil {
		return p.evaluated()
	}
	e := &p.errors
	if e.fn == nil {
		ld := p.w.LD
		e.Side = p.rows()
		e.gramW, e.gramH = block.Aligned[T](ld*ld), block.Aligned[T](ld*ld)
		e.crosses = make([]float64, len(e.Chunks)-1)
		for range p.pool.Workers() {
			e.scratch = append(e.scratch, errorScratch[T]{products: e.Side.Scratch()})
		}
		e.fn = e.cross
	}
	p.gramOf(e.gramW, p.w)
	p.gramOf(e.gramH, p.ht)
	p.pool.Run(len(e.crosses), e.fn)
	return p.frobenius(block.Sum(e.crosses), e.gramW, e.gramH)
}

// cross computes a chunk of <X, WH>.
func (e *errorWork[T]) cross(worker, c int) {
	total, s := 0.0, &e.scratch[worker]
	for i, end := e.Chunks[c], e.Chunks[c+1]; i < end; {
		rows := e.Product(i, end, s.products, &s.part)
		for r := range rows {
			total += kern.Dot(s.products[r*e.Free.LD:][:e.Free.LD], e.Free.Padded(i+r))
		}
		i += rows
	}
	e.crosses[c] = total
}

// evaluated returns the error as the sum of the divergence of each entry.
func (p *problem[T]) evaluated() float64 {
	if p.errors.eval == nil {
		p.errors.eval = p.newEvaluator(nil)
	} else {
		p.errors.eval.known.Prepare(p.pool, &p.gram)
	}
	return rootError(p.errors.eval.total(p))
}

// frobenius returns |X - WH| from the parts of its square: cross = <X, WH>,
// and the Gram matrices of both factors. Where so little is left of |X|^2
// that rounding would show, it forms the residual instead.
func (p *problem[T]) frobenius(cross float64, gramW, gramH []T) float64 {
	return p.frobeniusOf(p.in.SumSq, cross, gramW, gramH)
}

// frobeniusOf is frobenius where terms as large as size went into cross.
func (p *problem[T]) frobeniusOf(size, cross float64, gramW, gramH []T) float64 {
	sq := p.in.SumSq - 2*cross + kern.Dot(gramW, gramH)
	if sq > cancelled[T]()*max(size, p.in.SumSq) {
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
