package solve

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

var _ Method = MiniBatch{}

const (
	defaultBatchSize     = 1024
	defaultForget        = .7
	defaultNoImprovement = 10
	freshUpdates         = 30 // most updates of a batch's W
)

// WithDefaults returns s with its defaults filled in.
func (s MiniBatch) WithDefaults() MiniBatch {
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

// Fade returns rho for a matrix of n rows.
func (s MiniBatch) Fade(n int) float64 {
	return math.Pow(max(s.ForgetFactor, 0), float64(min(s.BatchSize, n))/float64(n))
}

func (s MiniBatch) FoldIn(ctx context.Context, p *Problem[float64], joint bool) Folded {
	return s.newFold(p).run(ctx, p, joint)
}

func (s MiniBatch) RowSolver(p *Problem[float64]) RowSolver { return s.newFold(p) }

// newFold updates each row from a constant until it changes by no more than
// Tol of its norm.
func (MiniBatch) newFold(p *Problem[float64]) *muFold[float64] {
	f := p.newMUFold()
	f.byChange, f.floor = true, 0
	return f
}

// Memory holds the sums over batches that H is the quotient of.
type Memory[T kern.Float] struct {
	num, den *block.Factor[T] // A and B, transposed as H is
	rho      T
}

// NewMemory returns the sums before the first batch.
func NewMemory[T kern.Float](ht *block.Factor[T], rho float64) *Memory[T] {
	a := &Memory[T]{block.NewFactor[T](ht.Rows, ht.K), block.NewFactor[T](ht.Rows, ht.K), T(rho)}
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
func (a *Memory[T]) update(h *muHand[T], j int, num, den []T) {
	col, nums, dens := h.Free.Row(j), a.num.Row(h.first+j), a.den.Row(h.first+j)
	most := T(block.Largest[T]())
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

// State returns what the next batches depend on.
func (m *Memory[T]) State(rows int, mean, least float64, worse int) *Batches {
	return &Batches{Num: m.num.Transposed(), Den: m.den.Transposed(), Rows: rows, Mean: mean, Least: least, Worse: worse}
}

// Restore reports false, and does nothing, if H has another shape now.
func (m *Memory[T]) Restore(s *Batches) bool {
	if size := m.num.Rows * m.num.K; len(s.Num) != size || len(s.Den) != size {
		return false
	}
	m.num.FromTransposed(s.Num)
	m.den.FromTransposed(s.Den)
	return true
}

// Batch is what the updates of a batch need. One is enough for all the
// batches of a matrix, which take turns in it.
type Batch[T kern.Float] struct {
	*Problem[T] // of the batch
	w, h        *muHalf[T]
	fresh       *muFold[T] // nil if W is not solved for from a constant
	eval        *evaluator[T]
	errors      errorOf[T]
}

// NewBatch returns the work on a first batch.
func NewBatch[T kern.Float](p *Problem[T], mem *Memory[T], fresh bool) *Batch[T] {
	s := &Batch[T]{Problem: p, errors: errorOf[T]{p: p}}
	s.w, s.h = p.muHalves()
	s.h.column = mem.update
	p.Know(s.w.known)
	if s.w.kind == byGram {
		s.eval = p.newEvaluator(nil)
		s.errors.eval = s.eval
	} else {
		s.eval = p.newEvaluator(s.w.known)
	}
	if fresh {
		s.fresh = &muFold[T]{muHalf: s.w, eval: s.eval, maxIter: freshUpdates, tol: p.Tol, byChange: true}
	}
	return s
}

// part is the rows lo to hi-1 of X with the views that its updates take.
type part[T kern.Float] struct {
	x          block.Carrier[T]
	w          *block.Factor[T]
	rows, cols *block.Side[T]
}

// turnTo makes the work that of another batch, not larger than the first.
func (s *Batch[T]) turnTo(b *part[T]) {
	s.Carrier, s.n, s.Problem.W = b.x, b.x.Whole().Rows, b.w
	s.w.side, s.h.side, s.eval.side = b.rows, b.cols, b.rows
	s.h.known.Of = b.w
	l1W, l2W, l1H, l2H := s.penalties()
	s.w.l1, s.w.l2, s.h.l1, s.h.l2 = T(l1W), T(l2W), T(l1H), T(l2H)
}

// UpdateW updates W, once or, if it is solved for afresh, until it stops or
// ctx ends.
func (s *Batch[T]) UpdateW(ctx context.Context) {
	if s.fresh == nil {
		s.w.run(s)
	} else {
		floor := s.w.floor
		s.w.floor = 0
		s.fresh.together(ctx, s.Problem)
		s.w.floor = floor
		for i, v := range s.Problem.W.A {
			if v < floor {
				s.Problem.W.A[i] = 0
			}
		}
	}
	s.Know(s.h.known)
}

// UpdateH updates H, and what the next update of W needs to know of it.
func (s *Batch[T]) UpdateH() {
	s.h.run(s)
	s.Know(s.w.known)
}

// cost returns the penalised loss of the batch for each of its rows. The
// squared norms are not halved, as in scikit-learn.
func (s *Batch[T]) cost() float64 {
	loss := 0.0
	if s.w.kind == byGram {
		e := s.errors.frobenius(s.w.cross, s.h.known.Gram, s.w.known.Gram)
		loss = e * e / 2
	} else {
		loss = s.eval.total(s)
	}
	if s.w.l1 != 0 || s.w.l2 != 0 {
		loss += float64(s.w.l1)*block.Sum(s.Problem.W.A) + float64(s.w.l2)*block.SumSquares(s.Problem.W.A)
	}
	if s.h.l1 != 0 || s.h.l2 != 0 {
		loss += float64(s.h.l1)*block.Sum(s.HT.A) + float64(s.h.l2)*block.SumSquares(s.HT.A)
	}
	return loss / float64(s.n)
}
