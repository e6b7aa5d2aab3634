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

// blockFolds hides rows and columns.
type blockFolds struct {
	x          mat.Matrix // a *sparse.CSR or a *mat.Dense
	rows, cols []int      // fold of each
}

func newBlockFolds(x mat.Matrix, folds int, rng *nprand.Source) (*blockFolds, error) {
	rows, cols := x.Dims()
	if min(rows, cols) < folds {
		return nil, kind.Errorf(nmf.ErrShape, "selection: choosing k: %d x %d entries do not make %d folds of rows and columns", rows, cols, folds)
	}
	return &blockFolds{x, dealt(rows, folds, rng), dealt(cols, folds, rng)}, nil
}

func (b *blockFolds) score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error) {
	hiddenRows, shownRows := places(b.rows, f)
	hiddenCols, shownCols := places(b.cols, f)
	var parts [4]mat.Matrix // D, B, C, A
	for p, at := range [4][2][]int{{shownRows, shownCols}, {hiddenRows, shownCols}, {shownRows, hiddenCols}, {hiddenRows, hiddenCols}} {
		if parts[p], err = sub(b.x, at[0], at[1]); err != nil {
			return 0, 0, err
		}
	}
	m, err := bestOf(ctx, parts[0], cfg, runs)
	if err != nil {
		return 0, 0, err
	}
	w, err := m.Transform(ctx, parts[1])
	if err != nil {
		return 0, 0, err
	}
	h, err := m.Transpose().Transform(ctx, parts[2].T())
	if err != nil {
		return 0, 0, err
	}
	foretold := &nmf.Model{W: w, H: mat.DenseCopyOf(h.T()), Config: m.Config}
	hidden, err := foretold.ErrorOf(parts[3])
	if err != nil {
		return 0, 0, err
	}
	perRoot := func(e float64, rows, cols []int) float64 {
		return e / math.Sqrt(float64(len(rows))*float64(len(cols)))
	}
	return perRoot(m.Err, shownRows, shownCols), perRoot(hidden, hiddenRows, hiddenCols), nil
}

// places returns the places of fold f, and the others.
func places(fold []int, f int) (of, others []int) {
	for i, g := range fold {
		if g == f {
			of = append(of, i)
		} else {
			others = append(others, i)
		}
	}
	return of, others
}

// sub returns the entries of x in the given rows and columns.
func sub(x mat.Matrix, rows, cols []int) (mat.Matrix, error) {
	if csr, ok := x.(*sparse.CSR); ok {
		s, err := csr.SelectRows(rows)
		if err != nil {
			return nil, err
		}
		if s, err = s.Transpose().SelectRows(cols); err != nil {
			return nil, err
		}
		return s.Transpose(), nil
	}
	d := mat.NewDense(len(rows), len(cols), nil)
	for at, i := range rows {
		for to, j := range cols {
			d.Set(at, to, x.At(i, j))
		}
	}
	return d, nil
}
