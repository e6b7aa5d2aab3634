package selection

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// entryFolds hides observed entries of X, all of which are listed.
type entryFolds struct {
	x    mat.Matrix
	all  *sparse.CSR // the observed entries, zeros too
	fold []int       // of each
}

// newEntryFolds hides entries of x; read are those that are observed, a
// *sparse.CSR or a *mat.Dense.
func newEntryFolds(x, read mat.Matrix, folds int, rng *nprand.Source) (*entryFolds, error) {
	e := &entryFolds{x: x}
	if csr, ok := read.(*sparse.CSR); ok {
		e.all = csr
	} else {
		var err error
		if e.all, err = listed(read); err != nil {
			return nil, err
		}
	}
	if e.all.NNZ() < folds {
		return nil, kind.Errorf(nmf.ErrShape, "selection: choosing k: %d entries do not make %d folds", e.all.NNZ(), folds)
	}
	e.fold = dealt(e.all.NNZ(), folds, rng)
	return e, nil
}

// listed returns x as a sparse matrix that stores every entry.
func listed(x mat.Matrix) (*sparse.CSR, error) {
	rows, cols := x.Dims()
	ptr, idx, val := make([]int, rows+1), make([]int32, 0, rows*cols), make([]float64, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			idx, val = append(idx, int32(j)), append(val, x.At(i, j))
		}
		ptr[i+1] = len(val)
	}
	return sparse.FromCSR(rows, cols, ptr, idx, val)
}

func (e *entryFolds) score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error) {
	shown, hidden := part(e.all, e.fold, f, false), part(e.all, e.fold, f, true)
	var mask marks
	mask.add(shown, 1)
	if cfg.Mask, err = mask.matrix(shown); err != nil {
		return 0, 0, err
	}
	m, err := bestOf(ctx, e.x, cfg, runs)
	if err != nil {
		return 0, 0, err
	}
	loss, err := lossAt(m, hidden, largest(shown))
	if err != nil {
		return 0, 0, err
	}
	return m.Err / math.Sqrt(float64(shown.NNZ())), perEntry(loss, float64(hidden.NNZ())), nil
}
