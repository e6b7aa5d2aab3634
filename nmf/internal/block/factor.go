package block

import (
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
)

// Factor is W, or H transposed, while it is worked on: a row for each row or
// column of X, padded with zeros to whole vectors.
type Factor[T kern.Float] struct {
	Rows, K, LD int
	A           []T
}

// NewFactor returns a factor of zeros.
func NewFactor[T kern.Float](rows, k int) *Factor[T] {
	line := kern.Line[T]()
	ld := (k + line - 1) / line * line
	return &Factor[T]{rows, k, ld, Aligned[T](rows * ld)}
}

// FactorOf returns a (rows x k) as a factor.
func FactorOf(a mat.Matrix) *Factor[float64] {
	f := NewFactor[float64](a.Dims())
	f.FromMatrix(a)
	return f
}

// Slice returns rows lo to hi-1; they share f's entries.
func (f *Factor[T]) Slice(lo, hi int) *Factor[T] {
	return &Factor[T]{hi - lo, f.K, f.LD, f.A[lo*f.LD : hi*f.LD]}
}

// Row returns row i without its padding.
func (f *Factor[T]) Row(i int) []T { return f.A[i*f.LD : i*f.LD+f.K : i*f.LD+f.K] }

// Padded returns row i with its padding.
func (f *Factor[T]) Padded(i int) []T { return f.A[i*f.LD : (i+1)*f.LD : (i+1)*f.LD] }

// Dot returns the inner product of row i with v, which is as long as a padded
// row.
func (f *Factor[T]) Dot(i int, v []T) float64 { return kern.Dot(f.Padded(i), v) }

// FromMatrix sets the factor to a (rows x k).
func (f *Factor[T]) FromMatrix(a mat.Matrix) {
	if t, ok := a.(mat.Transpose); ok {
		x, isRaw := t.Matrix.(mat.RawMatrixer)
		if to, ok := any(f.A).([]float64); ok && isRaw {
			raw := x.RawMatrix()
			kern.Transpose(to, f.LD, raw.Data, raw.Stride, f.K, f.Rows)
			return
		}
	}
	for i := range f.Rows {
		row := f.Row(i)
		for t := range row {
			row[t] = T(a.At(i, t))
		}
	}
}

// Dense returns the factor as a matrix, rows x k.
func (f *Factor[T]) Dense() *mat.Dense {
	d := mat.NewDense(f.Rows, f.K, nil)
	for i := range f.Rows {
		to := d.RawRowView(i)
		for t, v := range f.Row(i) {
			to[t] = float64(v)
		}
	}
	return d
}

// DenseT returns the factor transposed, k x rows.
func (f *Factor[T]) DenseT() *mat.Dense { return mat.NewDense(f.K, f.Rows, f.Transposed()) }

// Transposed returns the entries of the factor transposed, row by row.
func (f *Factor[T]) Transposed() []float64 {
	a := make([]float64, f.K*f.Rows)
	for i := range f.Rows {
		for t, v := range f.Row(i) {
			a[t*f.Rows+i] = float64(v)
		}
	}
	return a
}

// FromTransposed is the inverse of transposed.
func (f *Factor[T]) FromTransposed(a []float64) {
	for i := range f.Rows {
		row := f.Row(i)
		for t := range row {
			row[t] = T(a[t*f.Rows+i])
		}
	}
}
