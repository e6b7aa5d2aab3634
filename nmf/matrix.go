package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
)

// input is X as it was given, dense or sparse, its entries checked.
type input struct {
	entries[float64]
	sparse *sparse.CSR       // X, where it is sparse
	single *entries[float32] // X in single precision; made when a fit needs it
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
	in := &input{entries: entries[float64]{rows: rows, cols: cols}}
	switch x := x.(type) {
	case *sparse.CSR:
		in.set(x)
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
		in.set(csr)
	case mat.NonZeroDoer:
		csr, err := fromNonZeros(name, rows, cols, x.DoNonZero)
		if err != nil {
			return nil, err
		}
		in.set(csr)
	case mat.Transpose:
		if t, ok := x.Matrix.(*sparse.CSR); ok {
			in.set(t.Transpose())
			in.cscT = compressedOf(t)
			break
		}
		in.copyDense(x)
	default:
		in.copyDense(x)
	}
	return in, nil
}

// set makes x the entries.
func (in *input) set(x *sparse.CSR) { in.sparse, in.csr = x, compressedOf(x) }

func compressedOf(x *sparse.CSR) *compressed[float64] {
	ptr, idx, val := x.Raw()
	return &compressed[float64]{ptr: ptr, idx: idx, val: val}
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
