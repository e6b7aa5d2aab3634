package nmf

import (
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
)

// factor is W, or H transposed, while it is worked on: a row for each row or
// column of X, padded with zeros to whole vectors.
type factor[T kern.Float] struct {
	rows, k, ld int
	a           []T
}

func newFactor[T kern.Float](rows, k int) *factor[T] {
	line := kern.Line[T]()
	ld := (k + line - 1) / line * line
	return &factor[T]{rows, k, ld, alignedSlice[T](rows * ld)}
}

func (f *factor[T]) row(i int) []T { return f.a[i*f.ld : i*f.ld+f.k : i*f.ld+f.k] }

// padded returns row i with its padding.
func (f *factor[T]) padded(i int) []T { return f.a[i*f.ld : (i+1)*f.ld : (i+1)*f.ld] }

func (f *factor[T]) fromMatrix(a mat.Matrix) {
	if t, ok := a.(mat.Transpose); ok {
		x, isRaw := t.Matrix.(mat.RawMatrixer)
		if to, ok := any(f.a).([]float64); ok && isRaw {
			raw := x.RawMatrix()
			kern.Transpose(to, f.ld, raw.Data, raw.Stride, f.k, f.rows)
			return
		}
	}
	for i := range f.rows {
		row := f.row(i)
		for t := range row {
			row[t] = T(a.At(i, t))
		}
	}
}

// dense returns the factor as a matrix, rows x k.
func (f *factor[T]) dense() *mat.Dense {
	d := mat.NewDense(f.rows, f.k, nil)
	for i := range f.rows {
		to := d.RawRowView(i)
		for t, v := range f.row(i) {
			to[t] = float64(v)
		}
	}
	return d
}

// denseT returns the factor transposed, k x rows.
func (f *factor[T]) denseT() *mat.Dense { return mat.NewDense(f.k, f.rows, f.transposed()) }

// transposed returns the entries of the factor transposed, row by row.
func (f *factor[T]) transposed() []float64 {
	a := make([]float64, f.k*f.rows)
	for i := range f.rows {
		for t, v := range f.row(i) {
			a[t*f.rows+i] = float64(v)
		}
	}
	return a
}

// fromTransposed is the inverse of transposed.
func (f *factor[T]) fromTransposed(a []float64) {
	for i := range f.rows {
		row := f.row(i)
		for t := range row {
			row[t] = T(a[t*f.rows+i])
		}
	}
}
