package nmf

import (
	"context"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// folding finds W for a fixed H by coordinate descent: one product with X and
// then as many sweeps as it takes, over kern.Lanes rows at a time.
type folding struct {
	*half[float64]
	cfg    *Config
	orders *orders

	// Where the coordinates are shuffled, each worker reorders the problem
	// for each sweep.
	reordered []reordered
}

type reordered struct {
	hessian hessian[float64]
	w, b    []float64
}

func newFolding(p *problem[float64], orders *orders) *folding {
	// X and a row of it have the same penalties: both grow with its columns.
	l1, l2, _, _ := p.penalties()
	f := &folding{half: newHalf(p.rows(), l1, l2, p.cfg.Workers), cfg: &p.cfg, orders: orders}
	p.gramOf(f.gram, p.ht)
	f.hessian.set(f.gram, nil)
	if orders != nil {
		ld := f.Free.LD
		for range p.cfg.Workers {
			f.reordered = append(f.reordered, reordered{
				newHessian(p.k, ld, l2), block.Aligned[float64](ld * kern.Lanes), block.Aligned[float64](ld * kern.Lanes),
			})
		}
	}
	return f
}

// sweep makes sweep iter over the lanes of w, and sets s.violations.
func (f *folding) sweep(worker, iter int, s *block.Lanes[float64], w, b []float64) {
	clear(s.Violations)
	order := f.orders.at(iter)
	if order == nil {
		kern.Descend(w, b, f.hessian.g, f.hessian.diag, s.Violations, f.hessian.k)
		return
	}
	q := &f.reordered[worker]
	q.hessian.set(f.gram, order)
	for to, from := range order {
		copy(q.w[to*kern.Lanes:][:kern.Lanes], w[from*kern.Lanes:])
		copy(q.b[to*kern.Lanes:][:kern.Lanes], b[from*kern.Lanes:])
	}
	kern.Descend(q.w, q.b, q.hessian.g, q.hessian.diag, s.Violations, q.hessian.k)
	for to, from := range order {
		copy(w[from*kern.Lanes:][:kern.Lanes], q.w[to*kern.Lanes:])
	}
}

// done tells whether a sum of projected gradients, first that of the first
// sweep, ends the sweeps.
func (f *folding) done(violation, first float64) bool {
	return f.cfg.Tol >= 0 && (first == 0 || violation/first <= f.cfg.Tol)
}

// alone folds the rows of chunk c in, each until it stops by itself.
func (f *folding) alone(ctx context.Context, worker, c int) {
	s := &f.scratch[worker]
	f.blocks(c, s, func(_ int, rows []float64) { f.settle(ctx, worker, s, rows) })
}

// settle sweeps over the rows whose linear term is in s.b, from zero, until
// each has stopped.
func (f *folding) settle(ctx context.Context, worker int, s *block.Lanes[float64], rows []float64) {
	var first [kern.Lanes]float64
	var stopped [kern.Lanes]bool
	ld := f.Free.LD
	clear(s.W)
	left := len(rows) / ld
	for iter := 0; iter < f.cfg.MaxIter && left > 0 && ctx.Err() == nil; iter++ {
		f.sweep(worker, iter, s, s.W, s.B)
		if iter == 0 {
			copy(first[:], s.Violations)
		}
		last := iter == f.cfg.MaxIter-1
		for l := range len(rows) / ld {
			if stopped[l] || !last && !f.done(s.Violations[l], first[l]) {
				continue
			}
			stopped[l] = true
			left--
			// The lane goes on with the others, to no effect.
			for t := range ld {
				rows[l*ld+t] = s.W[t*kern.Lanes+l]
			}
		}
	}
}

// joint folds all rows in until they stop together.
func (f *folding) joint(ctx context.Context, p *problem[float64]) {
	size := f.Free.LD * kern.Lanes
	blocks := (p.n + kern.Lanes - 1) / kern.Lanes
	w, b := block.Aligned[float64](blocks*size), block.Aligned[float64](blocks*size)
	chunks := len(f.Chunks) - 1
	p.pool.Run(chunks, func(worker, c int) {
		s := &f.scratch[worker]
		f.blocks(c, s, func(i int, _ []float64) { copy(b[i/kern.Lanes*size:], s.B) })
	})
	iter := 0
	sweep := func(worker, c int) {
		s := &f.scratch[worker]
		f.violations[c] = 0
		for i := f.Chunks[c]; i < f.Chunks[c+1]; i += kern.Lanes {
			at := i / kern.Lanes * size
			f.sweep(worker, iter, s, w[at:at+size], b[at:at+size])
			f.violations[c] += block.Sum(s.Violations)
		}
	}
	first := 0.0
	for ; iter < f.cfg.MaxIter && ctx.Err() == nil; iter++ {
		p.pool.Run(chunks, sweep)
		now := block.Sum(f.violations)
		if iter == 0 {
			first = now
		}
		if f.done(now, first) {
			break
		}
	}
	for i := 0; i < p.n; i += kern.Lanes {
		rows := f.Free.A[i*f.Free.LD : min(i+kern.Lanes, p.n)*f.Free.LD]
		kern.FromLanes(rows, w[i/kern.Lanes*size:][:size], f.Free.LD)
	}
}
