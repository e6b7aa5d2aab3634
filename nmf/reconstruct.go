package nmf

import (
	"fmt"
	"runtime"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/sparse"
)

// Reconstruct returns the given rows of W H, in the order given, or all of
// them if rows is nil: what the model says that X is. Of a large sparse X
// choose rows: all of W H is dense.
func (m *Model) Reconstruct(rows []int) (*mat.Dense, error) {
	if rows == nil {
		return m.Inverse(m.W)
	}
	n, k := m.W.Dims()
	if len(rows) == 0 {
		return &mat.Dense{}, nil
	}
	w := mat.NewDense(len(rows), k, nil)
	for at, i := range rows {
		if i < 0 || i >= n {
			return nil, fmt.Errorf("nmf: reconstruct: row %d is outside a model of %d rows: %w", i, n, ErrShape)
		}
		w.SetRow(at, m.W.RawRowView(i))
	}
	return m.Inverse(w)
}

// Inverse returns w H (r x m) for a w (r x k), such as [Model.Transform]
// returned: the way back from components to the columns of X.
func (m *Model) Inverse(w mat.Matrix) (*mat.Dense, error) {
	k, cols := m.H.Dims()
	rows, c := w.Dims()
	if rows == 0 || c != k {
		return nil, fmt.Errorf("nmf: inverse: W is %d x %d, want rows of %d components: %w", rows, c, k, ErrShape)
	}
	if cols > maxEntries/rows {
		return nil, fmt.Errorf("nmf: inverse: %d x %d entries do not fit in memory: choose rows: %w", rows, cols, ErrShape)
	}
	raw, ok := w.(mat.RawMatrixer)
	if !ok {
		raw = mat.DenseCopyOf(w)
	}
	return m.times(raw.RawMatrix()), nil
}

// ReconstructAt returns W H at the places at which a matrix of the model's size
// stores an entry, such as entries that were held out: what the model foretells
// there, without the rest of W H.
func (m *Model) ReconstructAt(places *sparse.CSR) (*sparse.CSR, error) {
	n, _ := m.W.Dims()
	_, cols := m.H.Dims()
	if r, c := places.Dims(); r != n || c != cols {
		return nil, fmt.Errorf("nmf: reconstruct: the places are of a %d x %d matrix, but the model of a %d x %d one: %w", r, c, n, cols, ErrShape)
	}
	w, ht := m.rowFactors()
	ptr, idx, _ := places.Raw()
	y := make([]float64, len(idx))
	for i := range n {
		for p := ptr[i]; p < ptr[i+1]; p++ {
			y[p] = kern.Dot(w.padded(i), ht.padded(int(idx[p])))
		}
	}
	return sparse.FromCSR(n, cols, ptr, idx, y)
}

// rowFactors returns W and H transposed as they are worked on.
func (m *Model) rowFactors() (w, ht *factor[float64]) {
	n, k := m.W.Dims()
	_, cols := m.H.Dims()
	w, ht = newFactor[float64](n, k), newFactor[float64](cols, k)
	w.fromMatrix(m.W)
	ht.fromMatrix(m.H.T())
	return w, ht
}

// times returns w H, a panel of columns and some rows of it at a time.
func (m *Model) times(w blas64.General) *mat.Dense {
	const (
		most  = 32 * denseRows // rows for which a panel is packed once
		alone = 1 << 18        // products that are not worth sharing
	)
	h := m.H.RawMatrix()
	out := mat.NewDense(w.Rows, h.Cols, nil)
	workers := m.Config.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if w.Rows*h.Rows < alone/h.Cols {
		workers = 1
	}
	pool := par.NewPool(workers)
	defer pool.Close()
	panels := panelsOf(h.Cols)
	pool.Run((w.Rows+most-1)/most*panels, func(_, block int) {
		lo := block % panels * panelCols
		width := min(panelCols, h.Cols-lo)
		panel, y := alignedSlice[float64](h.Rows*panelCols), alignedSlice[float64](denseRows*panelCols)
		for t := range h.Rows {
			copy(panel[t*panelCols:], h.Data[t*h.Stride+lo:][:width])
		}
		first := block / panels * most
		for i := first; i < min(first+most, w.Rows); i += denseRows {
			rows := min(denseRows, w.Rows-i, first+most-i)
			y := y[:rows*panelCols]
			clear(y)
			kern.MulDense(y, w.Data[i*w.Stride:], w.Stride, h.Rows, panel, panelCols, width)
			for r := range rows {
				copy(out.RawRowView(i + r)[lo:], y[r*panelCols:][:width])
			}
		}
	})
	return out
}

// Transpose returns the model of X transposed: W is m.H transposed and H is
// m.W transposed, and so are the penalties. What the methods of a model do for
// rows of X, those of the transposed model do for its columns: Transform folds
// new columns in.
func (m *Model) Transpose() *Model {
	out := m.withFactors(mat.DenseCopyOf(m.H.T()), mat.DenseCopyOf(m.W.T()))
	c := &out.Config
	c.AlphaW, c.AlphaH = c.AlphaH, c.AlphaW
	c.W0, c.H0 = transposeOf(c.H0), transposeOf(c.W0)
	c.Mask, c.Weights = transposeOf(c.Mask), transposeOf(c.Weights)
	return out
}

func transposeOf(a mat.Matrix) mat.Matrix {
	if a == nil {
		return nil
	}
	return a.T()
}
