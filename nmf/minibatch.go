package nmf

import (
	"context"
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// MiniBatch is multiplicative updates of H after every few rows of X. For
// each batch of rows in turn it makes one update of their W and then, with
// the numerator N and the denominator D of that batch's update of H,
//
//	A <- rho A + N * H^(1/gamma)
//	B <- rho B + D
//	H <- (A / B)^gamma
//
// where rho = ForgetFactor^(BatchSize/n) lets earlier batches fade, A starts
// as H and B as ones; see [MU] for the rest. An iteration is one pass over X.
// It stops at the batch at which |H - H_before| / |H| falls to Tol, or
// MaxNoImprovement batches after the running mean of the batches' loss was at
// its least. A negative Tol turns both rules off, the smallest number, 5e-324,
// the first only, as tol=0 does in scikit-learn.
//
// To fit what does not fit in memory see [Online] and [FitStream].
//
// Lefèvre, Bach and Févotte 2011, doi:10.1109/ASPAA.2011.6082314.
type MiniBatch struct {
	BatchSize        int     // rows of a batch; 0 means 1024
	ForgetFactor     float64 // of one pass, up to 1; 0 means 0.7, a negative number that all is forgotten
	MaxNoImprovement int     // 0 means 10, a negative number no limit

	// FreshRestarts solves for a batch's W from a constant, by up to 30
	// updates, instead of making one update of what the last pass left. It
	// costs more a pass and needs fewer of them. At the end W is solved for
	// once more, for all rows.
	FreshRestarts bool
}

const (
	defaultBatchSize     = 1024
	defaultForget        = .7
	defaultNoImprovement = 10
	freshUpdates         = 30 // most updates of a batch's W
)

func (MiniBatch) name() string { return "minibatch" }

func (s MiniBatch) check(c *Config) error {
	if c.Mask != nil || c.Weights != nil || c.Unobserved != 0 {
		return configError("Solver", "MiniBatch takes no Mask, Weights or Unobserved: use CD{} or MU{}")
	}
	if s.BatchSize < 0 {
		return configError("Solver", "has the BatchSize %d: it must not be negative", s.BatchSize)
	}
	if !(s.ForgetFactor <= 1) {
		return configError("Solver", "has the ForgetFactor %v: it must be at most 1", s.ForgetFactor)
	}
	return nil
}

func (s MiniBatch) withDefaults() MiniBatch {
	if s.BatchSize == 0 {
		s.BatchSize = defaultBatchSize
	}
	if s.ForgetFactor == 0 {
		s.ForgetFactor = defaultForget
	}
	if s.MaxNoImprovement == 0 {
		s.MaxNoImprovement = defaultNoImprovement
	}
	return s
}

// fade returns rho for a matrix of n rows.
func (s MiniBatch) fade(n int) float64 {
	return math.Pow(max(s.ForgetFactor, 0), float64(min(s.BatchSize, n))/float64(n))
}

func (s MiniBatch) foldIn(ctx context.Context, p *problem[float64], joint bool) {
	s.newFold(p).run(ctx, p, joint)
}

func (s MiniBatch) rowSolver(p *problem[float64]) rowSolver { return s.newFold(p) }

// newFold updates each row from a constant until it changes by no more than
// Tol of its norm.
func (MiniBatch) newFold(p *problem[float64]) *muFold[float64] {
	f := p.newMUFold()
	f.byChange, f.floor = true, 0
	return f
}

// memory holds the sums over batches that H is the quotient of.
type memory[T kern.Float] struct {
	num, den *block.Factor[T] // A and B, transposed as H is
	rho      T
}

func newMemory[T kern.Float](ht *block.Factor[T], rho float64) *memory[T] {
	a := &memory[T]{block.NewFactor[T](ht.Rows, ht.K), block.NewFactor[T](ht.Rows, ht.K), T(rho)}
	copy(a.num.A, ht.A)
	for i := range ht.Rows {
		row := a.den.Row(i)
		for t := range row {
			row[t] = 1
		}
	}
	return a
}

// update takes the terms of one column of H in and updates that column.
func (a *memory[T]) update(h *muHalf[T], j int, num, den []T) {
	col, nums, dens := h.Free.Row(j), a.num.Row(j), a.den.Row(j)
	most := T(precisionOf[T]().largest())
	for t, v := range col {
		d, power := h.penalised(den[t], v), v
		if h.gamma != 1 {
			power = T(math.Pow(float64(v), 1/h.gamma))
		}
		top, bottom := a.rho*nums[t]+num[t]*power, a.rho*dens[t]+d
		q := top / bottom
		if h.gamma != 1 {
			q = T(math.Pow(float64(q), h.gamma))
		}
		if q < h.floor {
			q = 0
		}
		// As where MU updates: what overflows stays as it is.
		if q <= most && top <= most && bottom <= most {
			nums[t], dens[t], col[t] = top, bottom, q
		}
	}
}

// batchWork is what the updates of a batch need. One is enough for all the
// batches of a matrix, which take turns in it.
type batchWork[T kern.Float] struct {
	*problem[T] // of the batch
	w, h        *muHalf[T]
	fresh       *muFold[T] // nil if W is not solved for from a constant
	eval        *evaluator[T]
}

func newBatchWork[T kern.Float](p *problem[T], mem *memory[T], fresh bool) *batchWork[T] {
	s := &batchWork[T]{problem: p}
	s.w, s.h = p.muHalves()
	s.h.memory = mem
	s.w.known.Prepare(p.pool, &p.gram)
	if s.w.kind == byGram {
		s.eval = p.newEvaluator(nil)
		p.errors.eval = s.eval
	} else {
		s.eval = p.newEvaluator(s.w.known)
	}
	if fresh {
		s.fresh = &muFold[T]{muHalf: s.w, eval: s.eval, maxIter: freshUpdates, tol: p.cfg.Tol, byChange: true}
	}
	return s
}

// batch is the rows lo to hi-1 of X with the views that its updates take.
type batch[T kern.Float] struct {
	in         *block.Entries[T]
	w          *block.Factor[T]
	rows, cols *block.Side[T]
}

// turnTo makes the work that of another batch, not larger than the first.
func (s *batchWork[T]) turnTo(b *batch[T]) {
	s.in, s.n, s.problem.w = b.in, b.in.Rows, b.w
	s.w.Side, s.h.Side, s.eval.Side = b.rows, b.cols, b.rows
	s.h.known.Of = b.w
	l1W, l2W, l1H, l2H := s.penalties()
	s.w.l1, s.w.l2, s.h.l1, s.h.l2 = T(l1W), T(l2W), T(l1H), T(l2H)
}

// updateW updates W, once or, if it is solved for afresh, until it stops or
// ctx ends.
func (s *batchWork[T]) updateW(ctx context.Context) {
	if s.fresh == nil {
		s.w.run(s.problem)
	} else {
		floor := s.w.floor
		s.w.floor = 0
		s.fresh.together(ctx, s.problem)
		s.w.floor = floor
		for i, v := range s.problem.w.A {
			if v < floor {
				s.problem.w.A[i] = 0
			}
		}
	}
	s.h.known.Prepare(s.problem.pool, &s.problem.gram)
}

// updateH updates H, and what the next update of W needs to know of it.
func (s *batchWork[T]) updateH() {
	s.h.run(s.problem)
	s.w.known.Prepare(s.problem.pool, &s.problem.gram)
}

// cost returns the penalised loss of the batch for each of its rows. The
// squared norms are not halved, as in scikit-learn.
func (s *batchWork[T]) cost() float64 {
	loss := 0.0
	if s.w.kind == byGram {
		e := s.frobenius(s.w.cross(), s.h.known.Gram, s.w.known.Gram)
		loss = e * e / 2
	} else {
		loss = s.eval.total(s.problem)
	}
	if s.w.l1 != 0 || s.w.l2 != 0 {
		loss += float64(s.w.l1)*block.Sum(s.problem.w.A) + float64(s.w.l2)*block.SumSquares(s.problem.w.A)
	}
	if s.h.l1 != 0 || s.h.l2 != 0 {
		loss += float64(s.h.l1)*block.Sum(s.ht.A) + float64(s.h.l2)*block.SumSquares(s.ht.A)
	}
	return loss / float64(s.n)
}
