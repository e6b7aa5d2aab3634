package nmf

import (
	"context"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Data is an X that has been read and checked once, for many fits: from other
// starts, or with other numbers of components. Any number of goroutines may fit
// to one Data.
type Data struct {
	in     *input
	cfg    Config // what X was read with
	shared [2]sync.Once
}

// NewData reads X with the Mask, the Weights and the Unobserved of cfg, whose
// other fields are not looked at. X must not change while it is in use. Errors
// are as in [Fit].
func NewData(x mat.Matrix, cfg Config) (*Data, error) {
	in, err := cfg.input(x)
	if err != nil {
		return nil, err
	}
	return &Data{in: in, cfg: Config{Mask: cfg.Mask, Weights: cfg.Weights, Unobserved: cfg.Unobserved}}, nil
}

// Fit is [Fit] for the X that d has read, with the Mask, the Weights and the
// Unobserved that it was read with.
func (d *Data) Fit(ctx context.Context, cfg Config) (*Model, error) {
	cfg.Mask, cfg.Weights, cfg.Unobserved = d.cfg.Mask, d.cfg.Weights, d.cfg.Unobserved
	if p := cfg.Precision; p == Float64 || p == Float32 {
		d.shared[p].Do(func() { d.in.share(p) })
	}
	return d.in.fit(ctx, cfg)
}

// Matrix returns the entries that are fitted to, a [*sparse.CSR], a
// [*sparse.Shards] or a *mat.Dense that must not be changed: where some are not
// observed, or count more than others, those that are observed.
//
// [*sparse.CSR]: https://pkg.go.dev/gonmf/nmf/sparse#CSR
// [*sparse.Shards]: https://pkg.go.dev/gonmf/nmf/sparse#Shards
func (d *Data) Matrix() mat.Matrix {
	if d.in.shards != nil {
		return d.in.shards
	}
	if d.in.sparse != nil {
		return d.in.sparse
	}
	var x mat.Dense
	x.SetRawMatrix(blas64.General{Rows: d.in.Rows, Cols: d.in.Cols, Stride: d.in.Stride, Data: d.in.Dense})
	return &x
}
