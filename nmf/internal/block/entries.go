package block

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// Entries is X as an iteration reads it, in the precision of the factors.
type Entries[T kern.Float] struct {
	Rows, Cols int

	Dense  []T // row-major, nil if sparse
	Stride int

	CSR  *Compressed[T] // rows of X
	CSRT *Compressed[T] // rows of X transposed; made when a fit needs it

	Sum, SumSq float64 // over all entries

	// Where entries have weights, CSR holds those that are observed, and
	// Weights theirs, in the same places; every other entry is a zero of
	// weight Common.
	Weights, weightsT *Compressed[T]
	Common            float64
	Total             float64 // of all weights
}

// Row returns the entries of row i, which have the precision of X as it was
// given; idx is nil if all of them are there.
func (e *Entries[T]) Row(i int) (idx []int32, val []T) {
	if e.CSR != nil {
		return e.CSR.Row(i)
	}
	return nil, e.Dense[i*e.Stride : i*e.Stride+e.Cols]
}

// NNZ returns the number of entries that a pass over X reads.
func (e *Entries[T]) NNZ() int {
	if e.CSR != nil {
		return e.CSR.NNZ()
	}
	return e.Rows * e.Cols
}

// weightsTransposed returns the weights by column, made once; nil if there are
// none.
func (e *Entries[T]) weightsTransposed() *Compressed[T] {
	if e.weightsT == nil && e.Weights != nil {
		e.weightsT = e.Weights.transpose(e.Cols)
	}
	return e.weightsT
}

// Rounded returns entries in single precision. It shares a sparse X, unless its
// entries have weights.
func Rounded(e *Entries[float64]) *Entries[float32] {
	s := &Entries[float32]{
		Rows: e.Rows, Cols: e.Cols, Sum: e.Sum, SumSq: e.SumSq,
		Weights: e.Weights.rounded(), weightsT: e.weightsT.rounded(), Common: e.Common, Total: e.Total,
	}
	if e.Weights != nil {
		s.CSR, s.CSRT = e.CSR.rounded(), e.CSRT.rounded()
	} else {
		s.CSR, s.CSRT = e.CSR.shared(), e.CSRT.shared()
	}
	if e.Dense != nil {
		s.Stride = e.Cols
		s.Dense = make([]float32, 0, e.Rows*e.Cols)
		for i := range e.Rows {
			_, row := e.Row(i)
			for _, v := range row {
				s.Dense = append(s.Dense, float32(v))
			}
		}
	}
	if s.Weights == nil {
		s.addUp() // the error is a small difference of sums, of the same entries
	}
	return s
}

// Transposed returns the rows of X transposed, made once.
func (e *Entries[T]) Transposed() *Compressed[T] {
	if e.CSRT == nil {
		e.CSRT = e.CSR.transpose(e.Cols)
	}
	return e.CSRT
}

// Share makes what is made once.
func (e *Entries[T]) Share() {
	if e.CSR != nil {
		e.Transposed()
		e.weightsTransposed()
	}
}

// Mean is over all entries, zeros that are not stored included, by weight.
func (e *Entries[T]) Mean() float64 {
	if e.Weights != nil {
		return e.Sum / max(e.Total, math.SmallestNonzeroFloat64)
	}
	return e.Sum / (float64(e.Rows) * float64(e.Cols))
}

// slice returns rows lo to hi-1 of X; it shares X's entries.
func (e *Entries[T]) slice(lo, hi int) *Entries[T] {
	part := &Entries[T]{Rows: hi - lo, Cols: e.Cols}
	if e.CSR != nil {
		part.CSR = e.CSR.slice(lo, hi)
	} else {
		part.Dense, part.Stride = e.Dense[lo*e.Stride:], e.Stride
	}
	part.addUp()
	return part
}

// addUp sums the entries, which have no weights.
func (e *Entries[T]) addUp() {
	e.Sum, e.SumSq = 0, 0
	for i := range e.Rows {
		total, squares := e.sums(i)
		e.Sum += total
		e.SumSq += squares
	}
}

// sums returns the sums of the entries of row i and of their squares.
func (e *Entries[T]) sums(i int) (total, squares float64) {
	if e.CSR == nil {
		_, row := e.Row(i)
		return Sum(row), SumSquares(row)
	}
	return e.CSR.sums(i)
}
