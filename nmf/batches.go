package nmf

import (
	"context"
	"math"
	"slices"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// batches is MiniBatch at work on a matrix.
type batches[T kern.Float] struct {
	solver MiniBatch
	p      *problem[T] // of all of X
	work   *batchWork[T]
	parts  []*batch[T]
	mem    *memory[T]
	before []T // H before the last batch

	mean, least float64 // running mean of the batches' loss, and its least value; NaN at first
	worse       int     // batches since then
	moved       float64 // what the stop rule compares with Tol
	lastErr     float64 // NaN where it is not known
}

func (s MiniBatch) start(p *problem[float64]) stepper   { return startBatches(s, p) }
func (s MiniBatch) start32(p *problem[float32]) stepper { return startBatches(s, p) }

func startBatches[T kern.Float](s MiniBatch, p *problem[T]) stepper {
	s = s.withDefaults()
	b := &batches[T]{solver: s, p: p, mean: math.NaN(), least: math.NaN(), lastErr: math.NaN()}
	b.mem = newMemory(p.ht, s.fade(p.n))
	b.before = slices.Clone(p.ht.A)
	for lo := 0; lo < p.n; lo += s.BatchSize {
		hi := min(lo+s.BatchSize, p.n)
		in := p.in.Slice(lo, hi)
		w := p.w.Slice(lo, hi)
		b.parts = append(b.parts, &batch[T]{in, w, block.RowSide(in, w, p.ht), block.ColSide(in, p.ht, w)})
	}
	first := b.parts[0]
	b.work = newBatchWork(&problem[T]{
		in: first.in, cfg: p.cfg, n: first.in.Rows, m: p.m, k: p.k,
		w: first.w, ht: p.ht, pool: p.pool,
	}, b.mem, s.FreshRestarts)
	return b
}

func (b *batches[T]) step(iter int) {
	stops := b.p.cfg.Tol >= 0
	b.moved = math.NaN()
	for i, part := range b.parts {
		b.work.turnTo(part)
		b.work.updateW(context.Background())
		cost := math.NaN()
		if stops {
			cost = b.work.cost()
			copy(b.before, b.p.ht.A)
		}
		b.work.updateH()
		if stops && b.enough(iter == 1 && i == 0, cost) {
			break
		}
	}
	b.lastErr = math.NaN()
	if iter%lookEvery == 0 && !b.solver.FreshRestarts {
		b.lastErr = b.p.error()
	}
}

// enough applies the stop rules after a batch of the given loss.
func (b *batches[T]) enough(veryFirst bool, cost float64) bool {
	if veryFirst {
		return false
	}
	if math.IsNaN(b.mean) {
		b.mean = cost
	} else {
		share := min(float64(b.work.n)/float64(b.p.n+1), 1)
		b.mean = b.mean*(1-share) + cost*share
	}
	if b.moved = relativeChange(b.before, b.p.ht.A); b.moved <= b.p.cfg.Tol {
		return true
	}
	if math.IsNaN(b.least) || b.mean < b.least {
		b.least, b.worse = b.mean, 0
	} else {
		b.worse++
	}
	if b.solver.MaxNoImprovement > 0 && b.worse >= b.solver.MaxNoImprovement {
		b.moved = 0
		return true
	}
	return false
}

func (b *batches[T]) err() (float64, bool) { return b.lastErr, !math.IsNaN(b.lastErr) }

func (b *batches[T]) change(int) float64 { return b.moved }

// finish solves for all of W, where the batches have only had theirs to update
// H with.
func (b *batches[T]) finish(ctx context.Context) {
	if !b.solver.FreshRestarts {
		return
	}
	f := b.p.newMUFold()
	f.byChange, f.floor = true, 0
	f.run(ctx, b.p, true)
	b.lastErr = math.NaN()
}

func (b *batches[T]) save() solverState {
	return solverState{Batches: newBatchState(b.mem, b.p.n, b.mean, b.least, b.worse)}
}

func (b *batches[T]) restore(s solverState, _ int) {
	if s.Batches == nil || !restoreBatches(s.Batches, b.mem) {
		return // H did not come from batches: it is where they start
	}
	b.mean, b.least, b.worse = float64(s.Batches.Mean), float64(s.Batches.Least), s.Batches.Worse
}

// batchState is what the next batches depend on beside W and H.
type batchState struct {
	Num, Den    []float64 `json:"-"` // A and B, as H; they are arrays of their own in a file
	Rows        int       // that rho was made for: of X or of the first block; 0 in files of before it was kept
	Mean, Least jsonFloat
	Worse       int
}

func newBatchState[T kern.Float](m *memory[T], rows int, mean, least float64, worse int) *batchState {
	return &batchState{m.num.Transposed(), m.den.Transposed(), rows, jsonFloat(mean), jsonFloat(least), worse}
}

// restoreBatches reports false, and does nothing, if H has another shape now.
func restoreBatches[T kern.Float](s *batchState, m *memory[T]) bool {
	if size := m.num.Rows * m.num.K; len(s.Num) != size || len(s.Den) != size {
		return false
	}
	m.num.FromTransposed(s.Num)
	m.den.FromTransposed(s.Den)
	return true
}
