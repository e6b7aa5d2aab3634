package block

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// TimesTwice returns X times the square of two to the power of exponent; the
// square itself may be more than a number can be.
func TimesTwice(x *Entries[float64], exponent int) *Entries[float64] {
	factor := math.Ldexp(1, exponent)
	times := func(dst, src []float64) {
		floats.ScaleTo(dst, factor, src)
		floats.Scale(factor, dst)
	}
	e := *x
	if x.CSR != nil {
		val := make([]float64, len(x.CSR.Val))
		times(val, x.CSR.Val)
		e.CSR, e.CSRT = &Compressed[float64]{Ptr: x.CSR.Ptr, Idx: x.CSR.Idx, Val: val}, nil
	} else {
		e.Dense, e.Stride = make([]float64, x.Rows*x.Cols), x.Cols
		for i := range x.Rows {
			_, row := x.Row(i)
			times(e.Dense[i*x.Cols:][:x.Cols], row)
		}
	}
	if x.Weights == nil {
		e.addUp()
		return &e
	}
	e.Sum, e.SumSq = 0, 0
	for p, v := range x.Weights.Val {
		y := e.CSR.Val[p]
		e.Sum += v * y
		e.SumSq += v * y * y
	}
	return &e
}

// Times multiplies the factor by two to the power of exponent.
func (f *Factor[T]) Times(exponent int) {
	if exponent == 0 {
		return
	}
	for i, v := range f.A {
		f.A[i] = T(math.Ldexp(float64(v), exponent))
	}
}

// Take sets the factor to one of its shape, entries beyond most to that.
func (f *Factor[T]) Take(from *Factor[float64], most float64) {
	for i := range f.Rows {
		to := f.Row(i)
		for t, v := range from.Row(i) {
			to[t] = T(min(v, most))
		}
	}
}
