package nmf

import (
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
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
			return nil, kind.Errorf(ErrShape, "nmf: reconstruct: row %d is outside a model of %d rows", i, n)
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
		return nil, kind.Errorf(ErrShape, "nmf: inverse: W is %d x %d, want rows of %d components", rows, c, k)
	}
	if cols > maxEntries/rows {
		return nil, kind.Errorf(ErrShape, "nmf: inverse: %d x %d entries do not fit in memory: choose rows", rows, cols)
	}
	raw, ok := w.(mat.RawMatrixer)
	if !ok {
		raw = mat.DenseCopyOf(w)
	}
	return block.Multiply(raw.RawMatrix(), m.H.RawMatrix(), m.Config.Workers), nil
}

// ReconstructAt returns W H at the places at which a matrix of the model's size
// stores an entry, such as entries that were held out: what the model foretells
// there, without the rest of W H.
func (m *Model) ReconstructAt(places *sparse.CSR) (*sparse.CSR, error) {
	n, _ := m.W.Dims()
	_, cols := m.H.Dims()
	if r, c := places.Dims(); r != n || c != cols {
		return nil, kind.Errorf(ErrShape, "nmf: reconstruct: the places are of a %d x %d matrix, but the model of a %d x %d one", r, c, n, cols)
	}
	w, ht := block.FactorOf(m.W), block.FactorOf(m.H.T())
	ptr, idx, _ := places.Raw()
	y := make([]float64, len(idx))
	for i := range n {
		for p := ptr[i]; p < ptr[i+1]; p++ {
			y[p] = w.Dot(i, ht.Padded(int(idx[p])))
		}
	}
	return sparse.FromCSR(n, cols, ptr, idx, y)
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
