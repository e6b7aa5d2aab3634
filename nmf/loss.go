package nmf

import (
	"math"
	"strconv"

	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
)

// Loss is the divergence D(X, WH) that a fit makes small: a member of the
// beta family (Févotte and Idier 2011, doi:10.1162/NECO_a_00168), summed over
// all entries x of X and y of WH:
//
//	beta = 2  (x-y)^2 / 2                                   Frobenius
//	beta = 1  x log(x/y) - x + y                            Kullback-Leibler
//	beta = 0  x/y - log(x/y) - 1                            Itakura-Saito
//	else      (x^b + (b-1) y^b - b x y^(b-1)) / (b (b-1))
//
// The zero Loss is Frobenius. Losses compare with ==.
type Loss struct {
	beta  float64
	given bool // distinguishes Beta(0) from the zero value
}

// The losses with names of their own.
var (
	Frobenius       = Loss{}
	KullbackLeibler = Beta(1)
	ItakuraSaito    = Beta(0)
)

// Beta returns the loss of the beta family with parameter b.
func Beta(b float64) Loss {
	if b == 2 {
		return Loss{}
	}
	return Loss{beta: b, given: true}
}

// Beta returns the loss's parameter: 2 for Frobenius.
func (l Loss) Beta() float64 {
	if !l.given {
		return 2
	}
	return l.beta
}

// Divergence returns the loss of y for x: the sum of D over their entries,
// which are as many. As in scikit-learn an x up to 2^-23 counts as zero, and a y
// below that as 2^-23 where x is not zero.
func (l Loss) Divergence(x, y []float64) float64 { return solve.Divergence(l.solve(), x, y) }

// solve is the loss as the algorithms know it.
func (l Loss) solve() solve.Loss { return solve.Loss(l.Beta()) }

// String returns the loss's name as scikit-learn writes it, or "beta(b)".
func (l Loss) String() string {
	switch l {
	case Frobenius:
		return "frobenius"
	case KullbackLeibler:
		return "kullback-leibler"
	case ItakuraSaito:
		return "itakura-saito"
	}
	return "beta(" + strconv.FormatFloat(l.beta, 'g', -1, 64) + ")"
}

// ParseLoss is the inverse of [Loss.String]. It takes a bare number, as in
// "1.5", for beta too.
func ParseLoss(s string) (Loss, error) {
	for _, l := range []Loss{Frobenius, KullbackLeibler, ItakuraSaito} {
		if s == l.String() {
			return l, nil
		}
	}
	num := s
	if len(s) > 6 && s[:5] == "beta(" && s[len(s)-1] == ')' {
		num = s[5 : len(s)-1]
	}
	b, err := strconv.ParseFloat(num, 64)
	if err != nil || math.IsNaN(b) || math.IsInf(b, 0) {
		return Loss{}, kind.Errorf(ErrConfig, "nmf: loss %q: want frobenius, kullback-leibler, itakura-saito or a number", s)
	}
	return Beta(b), nil
}
