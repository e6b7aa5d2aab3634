package solve

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// MU is multiplicative updates, for every loss of the beta family:
//
//	W <- W * [ ((X * (WH)^(b-2)) H') / ((WH)^(b-1) H' + l1 + l2 W) ]^gamma
//
// and the same for H with everything transposed; *, / and powers are taken
// entry by entry. gamma is 1/(2-b) for b < 1, 1/(b-1) for b > 2 and otherwise
// 1, with which no update raises the penalised loss. Every tenth iteration MU
// looks at the error e = sqrt(2 D(X, WH)), and stops when it has fallen by
// less than Tol of the first.
//
// A zero of W or H stays zero: InitNNDSVD, which has many, suits CD better.
// If b <= 0, X must not have zeros. As in scikit-learn, for other losses than
// Frobenius an entry of X up to 2^-23 counts as zero in the error, and one of WH
// below it as 2^-23 where something is divided by it.
//
// Of a sparse X only the stored entries are visited for the Frobenius and the
// Kullback-Leibler loss; the others need all of WH, formed a block at a time.
//
// Lee and Seung 2001 (NIPS 13); Févotte and Idier 2011,
// doi:10.1162/NECO_a_00168.
type MU struct{}

var _ Method = MU{}

const (
	// lookEvery is the number of iterations between two looks at the error.
	lookEvery = 10

	// tiny is what small entries of W and H are set to zero below, where the
	// update would divide by powers of them.
	tiny = 1. / (1 << 52)
)

// multiplicative is MU at work.
type multiplicative[T kern.Float] struct {
	p      *Problem[T]
	w, h   *muHalf[T]
	eval   *evaluator[T] // nil for Frobenius, whose error the updates yield
	errors errorOf[T]

	first, previous float64 // error at the start and at the last look
	moved           float64 // what the stop rule compares with Tol
	lastErr         float64 // NaN where it is not known
}

func (MU) start64(p *Problem[float64]) Stepper { return startMU(p) }
func (MU) start32(p *Problem[float32]) Stepper { return startMU(p) }

func startMU[T kern.Float](p *Problem[T]) Stepper {
	s := &multiplicative[T]{p: p, errors: errorOf[T]{p: p}, lastErr: math.NaN()}
	s.w, s.h = p.muHalves()
	if s.w.kind == byGram {
		s.w.side.Tile()
		s.h.side.Tile()
	}
	p.Know(s.w.known)
	if s.w.kind != byGram {
		s.eval = p.newEvaluator(s.w.known)
	}
	return s
}

// muHalves returns the half-steps that update W and H.
func (p *Problem[T]) muHalves() (w, h *muHalf[T]) {
	l1W, l2W, l1H, l2H := p.penalties()
	scratch := new(muScratches[T])
	w = newMUHalf(p.rows(), p.Loss, l1W, l2W, scratch)
	h = newMUHalf(p.cols(), p.Loss, l1H, l2H, scratch)
	b := p.Loss
	if b < 1 {
		w.floor = tiny
	}
	if b <= 1 {
		h.floor = tiny
	}
	h.zeroSum = 1
	return w, h
}

func (s *multiplicative[T]) Step(iter int) {
	if iter == 1 {
		s.first = s.errors.now()
		s.previous = s.first
	}
	s.w.run(s.p)
	s.p.Know(s.h.known)
	s.h.run(s.p)
	s.p.Know(s.w.known)

	look := iter%lookEvery == 0
	switch {
	case s.eval == nil:
		s.lastErr = s.errors.frobenius(s.h.cross, s.h.known.Gram, s.w.known.Gram)
	case look:
		s.lastErr = rootError(s.eval.total(s.p))
	default:
		s.lastErr = math.NaN()
	}
	s.moved = math.NaN()
	if look {
		s.moved = relativeFall(s.previous, s.lastErr, s.first)
		s.previous = s.lastErr
	}
}

// relativeFall returns by how much of first the error has fallen.
func relativeFall(previous, now, first float64) float64 {
	if first == 0 {
		return 0
	}
	return (previous - now) / first
}

func (s *multiplicative[T]) Err() (float64, bool) { return s.lastErr, !math.IsNaN(s.lastErr) }

func (s *multiplicative[T]) Change(int) float64 { return s.moved }

func (s *multiplicative[T]) Save() State {
	return State{First: s.first, Previous: s.previous}
}

func (s *multiplicative[T]) Restore(st State, _ int) {
	s.first, s.previous = st.First, st.Previous
}
