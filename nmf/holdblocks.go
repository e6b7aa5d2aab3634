package nmf

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/nprand"
)

// blockFolds hides rows and columns.
type blockFolds struct {
	in         *input
	rows, cols []int // fold of each
}

func newBlockFolds(in *input, folds int, rng *nprand.Source) (*blockFolds, error) {
	if min(in.rows, in.cols) < folds {
		return nil, fmt.Errorf("nmf: choosing k: %d x %d entries do not make %d folds of rows and columns: %w", in.rows, in.cols, folds, ErrShape)
	}
	return &blockFolds{in, dealt(in.rows, folds, rng), dealt(in.cols, folds, rng)}, nil
}

func (b *blockFolds) score(ctx context.Context, cfg Config, f, restarts int) (train, test float64, err error) {
	hiddenRows, shownRows := places(b.rows, f)
	hiddenCols, shownCols := places(b.cols, f)
	var parts [4]mat.Matrix // D, B, C, A
	for p, at := range [4][2][]int{{shownRows, shownCols}, {hiddenRows, shownCols}, {shownRows, hiddenCols}, {hiddenRows, hiddenCols}} {
		if parts[p], err = b.in.sub(at[0], at[1]); err != nil {
			return 0, 0, err
		}
	}
	m, err := bestOf(ctx, parts[0], cfg, restarts)
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
	hidden, err := newInput(parts[3])
	if err != nil {
		return 0, 0, err
	}
	c := m.Config
	c.Workers = 1
	p := newProblem[float64](hidden, c)
	defer p.close()
	p.w.fromMatrix(w)
	p.ht.fromMatrix(h)
	perRoot := func(e float64, rows, cols []int) float64 {
		return e / math.Sqrt(float64(len(rows))*float64(len(cols)))
	}
	return perRoot(m.Err, shownRows, shownCols), perRoot(p.error(), hiddenRows, hiddenCols), nil
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

// sub returns the entries of X in the given rows and columns.
func (in *input) sub(rows, cols []int) (mat.Matrix, error) {
	if in.csr != nil {
		s, err := in.sparse.SelectRows(rows)
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
		_, row := in.row(i)
		for to, j := range cols {
			d.Set(at, to, row[j])
		}
	}
	return d, nil
}
