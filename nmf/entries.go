package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// entries is X as an iteration reads it, in the precision of the factors.
type entries[T kern.Float] struct {
	rows, cols int

	dense  []T // row-major, nil if sparse
	stride int

	csr  *compressed[T] // rows of X
	cscT *compressed[T] // rows of X transposed; made when a fit needs it

	sum, sumSq float64 // over all entries

	// Where entries have weights, csr holds those that are observed, and
	// weights theirs, in the same places; every other entry is a zero of
	// weight common.
	weights, weightsT *compressed[T]
	common            float64
	total             float64 // of all weights
}

// row returns the entries of row i, which have the precision of X as it was
// given; idx is nil if all of them are there.
func (e *entries[T]) row(i int) (idx []int32, val []T) {
	if e.csr != nil {
		return e.csr.Row(i)
	}
	return nil, e.dense[i*e.stride : i*e.stride+e.cols]
}

// nnz returns the number of entries that a pass over X reads.
func (e *entries[T]) nnz() int {
	if e.csr != nil {
		return e.csr.nnz()
	}
	return e.rows * e.cols
}

// weightsTransposed returns the weights by column, made once; nil if there are
// none.
func (e *entries[T]) weightsTransposed() *compressed[T] {
	if e.weightsT == nil && e.weights != nil {
		e.weightsT = e.weights.transpose(e.cols)
	}
	return e.weightsT
}

// entriesOf returns X in the precision of T.
func entriesOf[T kern.Float](in *input) *entries[T] {
	if e, ok := any(&in.entries).(*entries[T]); ok {
		return e
	}
	if in.single == nil {
		in.single = rounded(&in.entries)
	}
	return any(in.single).(*entries[T])
}

// rounded returns entries in single precision. It shares a sparse X, unless its
// entries have weights.
func rounded(e *entries[float64]) *entries[float32] {
	s := &entries[float32]{
		rows: e.rows, cols: e.cols, sum: e.sum, sumSq: e.sumSq,
		weights: e.weights.rounded(), weightsT: e.weightsT.rounded(), common: e.common, total: e.total,
	}
	if e.weights != nil {
		s.csr, s.cscT = e.csr.rounded(), e.cscT.rounded()
	} else {
		s.csr, s.cscT = e.csr.shared(), e.cscT.shared()
	}
	if e.dense != nil {
		s.stride = e.cols
		s.dense = make([]float32, 0, e.rows*e.cols)
		for i := range e.rows {
			_, row := e.row(i)
			for _, v := range row {
				s.dense = append(s.dense, float32(v))
			}
		}
	}
	if s.weights == nil {
		s.addUp() // the error is a small difference of sums, of the same entries
	}
	return s
}

// transposed returns the rows of X transposed, made once.
func (e *entries[T]) transposed() *compressed[T] {
	if e.cscT == nil {
		e.cscT = e.csr.transpose(e.cols)
	}
	return e.cscT
}

// share makes what is made once, so that fits may read X side by side.
func (in *input) share(p Precision) {
	if p == Float32 {
		entriesOf[float32](in).share()
	} else {
		in.entries.share()
	}
}

func (e *entries[T]) share() {
	if e.csr != nil {
		e.transposed()
		e.weightsTransposed()
	}
}

// mean is over all entries, zeros that are not stored included, by weight.
func (e *entries[T]) mean() float64 {
	if e.weights != nil {
		return e.sum / max(e.total, math.SmallestNonzeroFloat64)
	}
	return e.sum / (float64(e.rows) * float64(e.cols))
}

// slice returns rows lo to hi-1 of X; it shares X's entries.
func (e *entries[T]) slice(lo, hi int) *entries[T] {
	part := &entries[T]{rows: hi - lo, cols: e.cols}
	if e.csr != nil {
		part.csr = e.csr.slice(lo, hi)
	} else {
		part.dense, part.stride = e.dense[lo*e.stride:], e.stride
	}
	part.addUp()
	return part
}

// addUp sums the entries, which have no weights.
func (e *entries[T]) addUp() {
	e.sum, e.sumSq = 0, 0
	for i := range e.rows {
		total, squares := e.sums(i)
		e.sum += total
		e.sumSq += squares
	}
}

// sums returns the sums of the entries of row i and of their squares.
func (e *entries[T]) sums(i int) (total, squares float64) {
	if e.csr == nil || e.csr.wide == nil {
		_, val := e.row(i)
		return sum(val), sumSquares(val)
	}
	for p := e.csr.ptr[i]; p < e.csr.ptr[i+1]; p++ {
		_, v := e.csr.at(p)
		total += float64(v)
		squares += float64(v) * float64(v)
	}
	return total, squares
}
