package solve

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// Loss is a member of the beta family by its beta: see package nmf for the
// divergence that each is.
type Loss float64

// The losses that have ways of their own.
const (
	Frobenius       Loss = 2
	KullbackLeibler Loss = 1
	ItakuraSaito    Loss = 0
)

// exponent returns gamma, with which an update of the loss's majorization
// does not overshoot.
func (l Loss) exponent() float64 {
	switch b := float64(l); {
	case b < 1:
		return 1 / (2 - b)
	case b > 2:
		return 1 / (b - 1)
	default:
		return 1
	}
}

// powerOf returns the function that raises a positive number, or zero if e is
// positive, to the power of e.
func powerOf[T kern.Float](e float64) func(T) T {
	switch e {
	case -.5:
		return func(v T) T { return T(1 / math.Sqrt(float64(v))) }
	case .5:
		return func(v T) T { return T(math.Sqrt(float64(v))) }
	case 1:
		return func(v T) T { return v }
	default:
		return func(v T) T { return T(raise(float64(v), e)) }
	}
}

// raise returns v, which is not negative, to the power of e: halves of small
// whole numbers, which most losses ask for, at a tenth of [math.Pow]'s cost.
func raise(v, e float64) float64 {
	halves := 2 * e
	n := int(math.Abs(halves))
	if math.Abs(halves) != float64(n) || n > 8 {
		return math.Pow(v, e)
	}
	p := 1.0
	if n&1 == 1 {
		p = math.Sqrt(v)
	}
	for range n >> 1 {
		p *= v
	}
	if e < 0 {
		return 1 / p
	}
	return p
}
