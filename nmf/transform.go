package nmf

import (
	"context"
	"fmt"
	"gonmf/nmf/internal/kind"

	"gonum.org/v1/gonum/mat"
)

// Transform folds the rows of X (r x m) in: it returns the W (r x k) that,
// with the model's H fixed, makes the model's loss and penalties small. Each
// row starts from the constant that the solver prescribes (CD: zero) and
// stops by itself under the model's Tol and MaxIter, so that its answer is
// the same alone and in any batch, bit for bit. scikit-learn stops all rows
// together; see [Model.TransformJoint].
//
// An all-zero row of X has an all-zero row of W. If ctx ends, Transform
// returns nil and an error that wraps [context.Cause].
func (m *Model) Transform(ctx context.Context, x mat.Matrix) (*mat.Dense, error) {
	return m.transform(ctx, x, nil, false)
}

// TransformWeighted is [Model.Transform] of rows whose entries have weights
// (r x m), as Config.Weights are: an entry of weight 0 is not observed, may be
// NaN, and counts as a zero of the weight Config.Unobserved. Transform takes
// every entry of a row for observed, unless Unobserved is set; then the
// nonzeros. Neither uses the Mask and the Weights of the fit.
func (m *Model) TransformWeighted(ctx context.Context, x, weights mat.Matrix) (*mat.Dense, error) {
	if weights == nil {
		return nil, kind.Errorf(ErrShape, "nmf: weights are nil: use Transform")
	}
	return m.transform(ctx, x, weights, false)
}

// TransformJoint is [Model.Transform] with scikit-learn's stop rule: rows
// stop together, when the sum of their changes is small. A row's answer then
// depends, in its last digits, on the rows that come with it. It is for
// reproducing what Python gave.
func (m *Model) TransformJoint(ctx context.Context, x mat.Matrix) (*mat.Dense, error) {
	if m.Config.Unobserved != 0 {
		return nil, configError("Unobserved", "is not in scikit-learn, whose rule this is: use Transform")
	}
	return m.transform(ctx, x, nil, true)
}

func (m *Model) transform(ctx context.Context, x, weights mat.Matrix, joint bool) (*mat.Dense, error) {
	cfg := m.Config
	cfg.Mask, cfg.Weights = nil, weights
	in, err := cfg.input(x)
	if err != nil {
		return nil, err
	}
	k, cols := m.H.Dims()
	if in.Cols != cols {
		return nil, kind.Errorf(ErrShape, "nmf: X has %d columns, but the model's H has %d", in.Cols, cols)
	}
	if err := in.checkLoss(m.Config.Loss, Float64); err != nil {
		return nil, err
	}
	if err := checkEntries("H", m.H); err != nil {
		return nil, err
	}
	cfg.Components, cfg.Init = k, InitRandom
	cfg, err = cfg.withDefaults(in.Rows, in.Cols)
	if err != nil {
		return nil, err
	}
	p := newProblem[float64](in, cfg)
	defer p.close()
	p.HT.FromMatrix(m.H.T())
	cfg.Solver.method().FoldIn(ctx, p.Problem, joint)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("nmf: transform stopped: %w", context.Cause(ctx))
	}
	if err := p.failed(); err != nil {
		return nil, err
	}
	w := p.W.Dense()
	return w, finiteRows(w)
}
