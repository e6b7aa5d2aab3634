package solve

import (
	"context"
	"math"
	"slices"

	"gonmf/nmf/internal/kern"
)

// batches is MiniBatch at work on a matrix.
type batches[T kern.Float] struct {
	solver MiniBatch
	p      *Problem[T] // of all of X
	work   *Batch[T]
	parts  []*part[T] // by batch, those that are kept
	mem    *Memory[T]
	before []T // H before the last batch

	mean, least float64 // running mean of the batches' loss, and its least value; NaN at first
	worse       int     // batches since then
	made        int     // batches in all
	moved       float64 // what the stop rule compares with Tol
	lastErr     float64 // NaN where it is not known
	errors      errorOf[T]
}

func (s MiniBatch) start64(p *Problem[float64]) Stepper { return startBatches(s, p) }
func (s MiniBatch) start32(p *Problem[float32]) Stepper { return startBatches(s, p) }

func startBatches[T kern.Float](s MiniBatch, p *Problem[T]) Stepper {
	s = s.WithDefaults()
	b := &batches[T]{solver: s, p: p, errors: errorOf[T]{p: p}, mean: math.NaN(), least: math.NaN(), lastErr: math.NaN()}
	b.mem = NewMemory(p.HT, s.Fade(p.n))
	b.before = slices.Clone(p.HT.A)
	b.parts = make([]*part[T], (p.n+s.BatchSize-1)/s.BatchSize)
	first := b.part(0)
	b.work = NewBatch(NewProblem(first.x, p.Settings, first.w, p.HT), b.mem, s.FreshRestarts)
	return b
}

// part returns batch i, which it keeps if X is in memory.
func (b *batches[T]) part(i int) *part[T] {
	if b.parts[i] != nil {
		return b.parts[i]
	}
	lo := i * b.solver.BatchSize
	hi := min(lo+b.solver.BatchSize, b.p.n)
	x, w := b.p.Slice(lo, hi), b.p.W.Slice(lo, hi)
	made := &part[T]{x, w, x.Rows(w, b.p.HT), x.Cols(b.p.HT, w)}
	if !b.p.Whole().Apart {
		b.parts[i] = made
	}
	return made
}

func (b *batches[T]) Step(iter int) {
	stops := b.p.Tol >= 0
	b.moved = math.NaN()
	for i := range b.parts {
		b.work.turnTo(b.part(i))
		b.work.UpdateW(context.Background())
		cost := math.NaN()
		if stops {
			cost = b.work.cost()
			copy(b.before, b.p.HT.A)
		}
		b.work.UpdateH()
		b.made++
		if stops && b.enough(iter == 1 && i == 0, cost) {
			break
		}
	}
	b.lastErr = math.NaN()
	if iter%lookEvery == 0 && !b.solver.FreshRestarts {
		b.lastErr = b.errors.now()
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
	if b.moved = RelativeChange(b.before, b.p.HT.A); b.moved <= b.p.Tol {
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

func (b *batches[T]) Err() (float64, bool) { return b.lastErr, !math.IsNaN(b.lastErr) }

func (b *batches[T]) Change(int) float64 { return b.moved }

// finish solves for all of W, where the batches have only had theirs to update
// H with.
func (b *batches[T]) Finish(ctx context.Context) {
	if !b.solver.FreshRestarts {
		return
	}
	f := b.p.newMUFold()
	f.byChange, f.floor = true, 0
	f.run(ctx, b.p, true)
	b.lastErr = math.NaN()
}

func (b *batches[T]) Save() State {
	s := b.mem.State(b.p.n, b.mean, b.least, b.worse)
	s.Made = b.made
	return State{Batches: s}
}

func (b *batches[T]) Restore(s State, _ int) {
	if s.Batches == nil || !b.mem.Restore(s.Batches) {
		return // H did not come from batches: it is where they start
	}
	b.mean, b.least, b.worse, b.made = s.Batches.Mean, s.Batches.Least, s.Batches.Worse, s.Batches.Made
}
