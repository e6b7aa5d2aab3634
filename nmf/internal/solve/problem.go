package solve

import (
	"context"
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
)

// Settings are what an algorithm is told beside X and where W and H start.
type Settings struct {
	Loss                    Loss
	MaxIter                 int
	Tol                     float64
	Seed                    uint32
	AlphaW, AlphaH, L1Ratio float64
}

// Penalties returns the weights of the L1 and the squared L2 norm of W, which
// grow with the number of columns of X (n x m), and of H, which grow with its
// rows.
func (s *Settings) Penalties(n, m int) (l1W, l2W, l1H, l2H float64) {
	w, h := float64(m)*s.AlphaW, float64(n)*s.AlphaH
	return w * s.L1Ratio, w * (1 - s.L1Ratio), h * s.L1Ratio, h * (1 - s.L1Ratio)
}

// Problem is a fit or a fold-in under way. W and H transposed are the same
// thing, a factor with a row for each row (column) of X, and an iteration is two
// half-steps that differ in their side only.
type Problem[T kern.Float] struct {
	block.Carrier[T] // of X
	Settings
	W, HT *block.Factor[T]
	Scale Scaling // that X, W and H have

	n, m, k int
}

// NewProblem returns that of fitting w and ht to the X of a carrier.
func NewProblem[T kern.Float](x block.Carrier[T], s Settings, w, ht *block.Factor[T]) *Problem[T] {
	return &Problem[T]{Carrier: x, Settings: s, W: w, HT: ht, n: w.Rows, m: ht.Rows, k: ht.K}
}

// rows is the side that updates W from the rows of X, cols the one that
// updates H from its columns.
func (p *Problem[T]) rows() *block.Side[T] { return p.Rows(p.W, p.HT) }
func (p *Problem[T]) cols() *block.Side[T] { return p.Cols(p.HT, p.W) }

// A Method is an algorithm that improves W and H.
type Method interface {
	// start64 and start32 prepare a fit from the factors in p.
	start64(p *Problem[float64]) Stepper
	start32(p *Problem[float32]) Stepper
	// FoldIn finds W for the H in p, row by row or jointly. It returns early
	// if ctx ends.
	FoldIn(ctx context.Context, p *Problem[float64], joint bool) Folded
	// RowSolver prepares the H in p for rows that come one at a time. X gives
	// the kind of rows only: dense, sparse or with weights.
	RowSolver(p *Problem[float64]) RowSolver
}

// Folded tells how rows were folded in.
type Folded struct {
	Iter  int // most iterations that a row took
	Early int // rows that made all iterations that they may without converging
}

func folded(s block.Sums) Folded { return Folded{s.Iter, s.Early} }

// together is of rows that stop together.
func together(iters int, converged bool, rows int) Folded {
	if converged {
		rows = 0
	}
	return Folded{iters, rows}
}

// RowSolver folds in the one row of a problem, as FoldIn does.
type RowSolver interface {
	// FoldOne sets the row of p's W to the answer for p's row of X, which
	// s reads.
	FoldOne(p *Problem[float64], s *block.Side[float64])
}

// Stepper is a method at work.
type Stepper interface {
	// Step makes one iteration, which counts from 1.
	Step(iter int)
	// Err returns the error of the factors as they are, sqrt(2 D(X, WH)), and
	// whether that is known without further work.
	Err() (value float64, known bool)
	// Change returns what the stop rule compares with Tol after iteration
	// iter, NaN when it does not look at this iteration.
	Change(iter int) float64
	// Save and Restore carry what the next iterations depend on beside W and
	// H from a stopped fit to the one that goes on.
	Save() State
	Restore(s State, iters int)
}

// A Finisher is a stepper with something left to do when the fit ends other
// than by its context. It returns early if ctx ends.
type Finisher interface{ Finish(ctx context.Context) }

// A Sweeper is a stepper that tells when numbers have overflowed.
type Sweeper interface{ Finite() bool }

// Start prepares a fit from the factors in p.
func Start[T kern.Float](m Method, p *Problem[T]) Stepper {
	if p, ok := any(p).(*Problem[float32]); ok {
		return m.start32(p)
	}
	return m.start64(any(p).(*Problem[float64]))
}

// Scaling is the powers of two that W and H are multiplied by; X is by both.
// The zero value leaves them as they are.
type Scaling struct{ W, H int }

// penalties are those of the problem's multiples of W and H.
func (p *Problem[T]) penalties() (l1W, l2W, l1H, l2H float64) {
	l1W, l2W, l1H, l2H = p.Penalties(p.n, p.m)
	if p.Scale == (Scaling{}) {
		return l1W, l2W, l1H, l2H
	}
	// With penalties beyond this, beside an X of about 1, nothing is left.
	most := math.Pow(block.Largest[T](), .8)
	// The loss grows by 2 to the power of beta times both.
	loss := float64(p.Loss) * float64(p.Scale.W+p.Scale.H)
	times := func(l float64, exponent float64) float64 {
		if l == 0 {
			return 0
		}
		return min(math.Exp2(math.Log2(l)+loss-exponent), most)
	}
	if p.Loss == Frobenius {
		times = func(l float64, exponent float64) float64 { return min(math.Ldexp(l, int(loss-exponent)), most) }
	}
	w, h := float64(p.Scale.W), float64(p.Scale.H)
	return times(l1W, w), times(l2W, 2*w), times(l1H, h), times(l2H, 2*h)
}

// violation returns the sum of the projected gradients of W and H, up to a
// factor that is the same for all iterations.
func (p *Problem[T]) violation(w, h float64) float64 {
	if shift := p.Scale.H - p.Scale.W; shift > 0 {
		return math.Ldexp(w, -shift) + h
	} else if shift < 0 {
		return w + math.Ldexp(h, shift)
	}
	return w + h
}

// Unscaled returns the error of X, W and H from that of their multiples.
func (p *Problem[T]) Unscaled(e float64) float64 {
	if p.Scale == (Scaling{}) {
		return e
	}
	by := -float64(p.Loss) * float64(p.Scale.W+p.Scale.H) / 2
	if by == math.Trunc(by) {
		return math.Ldexp(e, int(by))
	}
	return e * math.Exp2(by)
}
