package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/sparse"
)

// input is X as the solvers read it: dense or sparse, its entries checked.
type input struct {
	rows, cols int

	dense  []float64 // row-major, nil if sparse
	stride int

	csr  *sparse.CSR // rows of X
	cscT *sparse.CSR // rows of X transposed; made when a fit needs it

	sum, sumSq float64 // over all entries

	// Where entries have weights, csr holds those that are observed, and
	// weights theirs, in the same places; every other entry is a zero of
	// weight common.
	weights, weightsT *sparse.CSR
	common            float64
	total             float64 // of all weights
}

// newInput takes x as it is where its layout is known, and copies it
// otherwise: matrices that can list their nonzeros become sparse, others dense.
func newInput(x mat.Matrix) (*input, error) {
	in, err := readMatrix("X", x)
	if err != nil {
		return nil, err
	}
	return in, in.check("X")
}

// readMatrix is newInput without a look at the entries.
func readMatrix(name string, x mat.Matrix) (*input, error) {
	if x == nil {
		return nil, fmt.Errorf("nmf: %s is nil: %w", name, ErrShape)
	}
	rows, cols := x.Dims()
	if rows == 0 || cols == 0 {
		return nil, fmt.Errorf("nmf: %s is %d x %d: it must have a row and a column: %w", name, rows, cols, ErrShape)
	}
	in := &input{rows: rows, cols: cols}
	switch x := x.(type) {
	case *sparse.CSR:
		in.csr = x
	case mat.RawMatrixer:
		raw := x.RawMatrix()
		in.dense, in.stride = raw.Data, raw.Stride
	case mat.RowNonZeroDoer:
		csr, err := fromNonZeros(name, rows, cols, func(add func(i, j int, v float64)) {
			for i := range rows {
				x.DoRowNonZero(i, add)
			}
		})
		if err != nil {
			return nil, err
		}
		in.csr = csr
	case mat.NonZeroDoer:
		csr, err := fromNonZeros(name, rows, cols, x.DoNonZero)
		if err != nil {
			return nil, err
		}
		in.csr = csr
	case mat.Transpose:
		if t, ok := x.Matrix.(*sparse.CSR); ok {
			in.csr, in.cscT = t.Transpose(), t
			break
		}
		in.copyDense(x)
	default:
		in.copyDense(x)
	}
	return in, nil
}

func (in *input) copyDense(x mat.Matrix) {
	in.dense, in.stride = make([]float64, in.rows*in.cols), in.cols
	for i := range in.rows {
		row := in.dense[i*in.cols : (i+1)*in.cols]
		for j := range row {
			row[j] = x.At(i, j)
		}
	}
}

// fromNonZeros collects what do lists.
func fromNonZeros(name string, rows, cols int, do func(func(i, j int, v float64))) (*sparse.CSR, error) {
	var is, js []int
	var vs []float64
	do(func(i, j int, v float64) {
		is, js, vs = append(is, i), append(js, j), append(vs, v)
	})
	csr, err := sparse.FromTriplets(rows, cols, is, js, vs)
	if err != nil {
		return nil, fmt.Errorf("nmf: %s lists its nonzeros wrongly: %w (%w)", name, ErrShape, err)
	}
	return csr, nil
}

// check looks at every entry and sums them.
func (in *input) check(name string) error {
	for i := range in.rows {
		idx, val := in.row(i)
		sum, sumSq := 0.0, 0.0
		for _, v := range val {
			sum += v
			sumSq += v * v
		}
		// A bad entry shows in the sums; only then is it worth looking for.
		if !(sum >= 0 && sumSq <= math.MaxFloat64) || hasNegative(val) {
			for p, v := range val {
				j := p
				if idx != nil {
					j = int(idx[p])
				}
				if err := checkEntry(name, i, j, v); err != nil {
					return err
				}
			}
		}
		in.sum += sum
		in.sumSq += sumSq
	}
	if math.IsInf(in.sumSq, 0) {
		return fmt.Errorf("nmf: the sum of squares of %s overflows: divide it by its largest entry: %w", name, ErrNotFinite)
	}
	return nil
}

func hasNegative(val []float64) bool {
	for _, v := range val {
		if v < 0 {
			return true
		}
	}
	return false
}

// row returns the entries of row i; idx is nil if all of them are there.
func (in *input) row(i int) (idx []int32, val []float64) {
	if in.csr != nil {
		return in.csr.Row(i)
	}
	return nil, in.dense[i*in.stride : i*in.stride+in.cols]
}

// nnz returns the number of entries that a pass over X reads.
func (in *input) nnz() int {
	if in.csr != nil {
		return in.csr.NNZ()
	}
	return in.rows * in.cols
}

// weightsTransposed returns the weights by column, made once; nil if there are
// none.
func (in *input) weightsTransposed() *sparse.CSR {
	if in.weightsT == nil && in.weights != nil {
		in.weightsT = in.weights.Transpose()
	}
	return in.weightsT
}

// transposed returns the rows of X transposed, made once.
func (in *input) transposed() *sparse.CSR {
	if in.cscT == nil {
		in.cscT = in.csr.Transpose()
	}
	return in.cscT
}

// share makes what is made once, so that fits may read X side by side.
func (in *input) share() {
	if in.csr != nil {
		in.transposed()
		in.weightsTransposed()
	}
}

// mean is over all entries, zeros that are not stored included, by weight.
func (in *input) mean() float64 {
	if in.weights != nil {
		return in.sum / max(in.total, math.SmallestNonzeroFloat64)
	}
	return in.sum / (float64(in.rows) * float64(in.cols))
}

// factor is W, or H transposed, while it is worked on: a row for each row or
// column of X, padded with zeros to whole vectors.
type factor struct {
	rows, k, ld int
	a           []float64
}

func newFactor(rows, k int) *factor {
	line := kern.Line[float64]()
	ld := (k + line - 1) / line * line
	return &factor{rows, k, ld, alignedSlice(rows * ld)}
}

func (f *factor) row(i int) []float64 { return f.a[i*f.ld : i*f.ld+f.k : i*f.ld+f.k] }

// padded returns row i with its padding.
func (f *factor) padded(i int) []float64 { return f.a[i*f.ld : (i+1)*f.ld : (i+1)*f.ld] }

func (f *factor) fromMatrix(a mat.Matrix) {
	for i := range f.rows {
		row := f.row(i)
		for t := range row {
			row[t] = a.At(i, t)
		}
	}
}

// dense returns the factor as a matrix, rows x k.
func (f *factor) dense() *mat.Dense {
	d := mat.NewDense(f.rows, f.k, nil)
	for i := range f.rows {
		d.SetRow(i, f.row(i))
	}
	return d
}

// denseT returns the factor transposed, k x rows.
func (f *factor) denseT() *mat.Dense { return mat.NewDense(f.k, f.rows, f.transposed()) }

// transposed returns the entries of the factor transposed, row by row.
func (f *factor) transposed() []float64 {
	a := make([]float64, f.k*f.rows)
	for i := range f.rows {
		for t, v := range f.row(i) {
			a[t*f.rows+i] = v
		}
	}
	return a
}

// fromTransposed is the inverse of transposed.
func (f *factor) fromTransposed(a []float64) {
	for i := range f.rows {
		row := f.row(i)
		for t := range row {
			row[t] = a[t*f.rows+i]
		}
	}
}
