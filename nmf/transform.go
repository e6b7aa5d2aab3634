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
	return m.transform(ctx, x, TransformOptions{})
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
	return m.transform(ctx, x, TransformOptions{Weights: weights})
}

// TransformJoint is [Model.Transform] with scikit-learn's stop rule: rows
// stop together, when the sum of their changes is small. A row's answer then
// depends, in its last digits, on the rows that come with it. It is for
// reproducing what Python gave.
func (m *Model) TransformJoint(ctx context.Context, x mat.Matrix) (*mat.Dense, error) {
	return m.transform(ctx, x, TransformOptions{Joint: true})
}

// TransformOptions is what [Model.TransformReport] is told beside X.
type TransformOptions struct {
	Weights mat.Matrix // as for [Model.TransformWeighted]; nil: every entry is observed
	Joint   bool       // rows stop together, as for [Model.TransformJoint]
}

// Transformation is what [Model.TransformReport] found.
type Transformation struct {
	W *mat.Dense // r x k

	// Iter is the number of iterations that the row that took the most made,
	// or all together. It is 0 if all rows are zero.
	Iter int

	// Early counts the rows that had made Config.MaxIter iterations before
	// they converged: of a larger MaxIter these have another W.
	Early int
}

// TransformReport is [Model.Transform] that tells how rows ended. Errors are as
// there.
func (m *Model) TransformReport(ctx context.Context, x mat.Matrix, opt TransformOptions) (*Transformation, error) {
	cfg := m.Config
	switch {
	case opt.Joint && cfg.Unobserved != 0:
		return nil, configError("Unobserved", "is not in scikit-learn, whose rule this is: use Transform")
	case opt.Joint && opt.Weights != nil:
		return nil, configError("Weights", "are not in scikit-learn, whose rule Joint is: leave it out")
	}
	cfg.Mask, cfg.Weights = nil, opt.Weights
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
	how := cfg.Solver.method().FoldIn(ctx, p.Problem, opt.Joint)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("nmf: transform stopped: %w", context.Cause(ctx))
	}
	if err := p.failed(); err != nil {
		return nil, err
	}
	t := &Transformation{W: p.W.Dense(), Iter: how.Iter, Early: how.Early}
	return t, finiteRows(t.W)
}

func (m *Model) transform(ctx context.Context, x mat.Matrix, opt TransformOptions) (*mat.Dense, error) {
	t, err := m.TransformReport(ctx, x, opt)
	if t == nil {
		return nil, err
	}
	return t.W, err
}
