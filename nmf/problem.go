package nmf

import (
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// problem is a fit or a fold-in under way: X, the factors and the goroutines
// that work on them. Solvers see W and H transposed as the same thing, a
// factor with a row for each row (column) of X, and an iteration as two
// half-steps that differ in their side only.
type problem[T kern.Float] struct {
	in      *block.Entries[T]
	cfg     Config
	n, m, k int

	w, ht *block.Factor[T]
	scale scaling // that X, W and H have

	pool   *par.Pool
	gram   block.GramSums[T]
	errors errorWork[T]
}

func newProblem[T kern.Float](in *input, cfg Config) *problem[T] {
	p := &problem[T]{in: entriesOf[T](in), cfg: cfg, n: in.Rows, m: in.Cols, k: cfg.Components}
	p.w, p.ht = block.NewFactor[T](p.n, p.k), block.NewFactor[T](p.m, p.k)
	p.pool = par.NewPool(cfg.Workers)
	return p
}

func (p *problem[T]) close() { p.pool.Close() }

// mean is the mean of X over all its entries.
func (p *problem[T]) mean() float64 { return p.in.Mean() }

// rows is the side that updates W from the rows of X, cols the one that
// updates H from its columns.
func (p *problem[T]) rows() *block.Side[T] { return block.RowSide(p.in, p.w, p.ht) }
func (p *problem[T]) cols() *block.Side[T] { return block.ColSide(p.in, p.ht, p.w) }

// gramOf sets g (ld x ld) to a'a.
func (p *problem[T]) gramOf(g []T, a *block.Factor[T]) { p.gram.Of(p.pool, g, a) }
