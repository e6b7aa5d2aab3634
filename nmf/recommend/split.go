package recommend

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// SplitOptions says what [Split] holds out. The zero value holds out a fifth
// of all entries.
type SplitOptions struct {
	Fraction float64 // of the entries to hold out, between 0 and 1; 0 means 0.2
	By       SplitBy
	Seed     uint32
}

// SplitBy says from what a fraction is held out.
type SplitBy int

// The ways to hold entries out.
const (
	SplitEntries SplitBy = iota // from all entries
	SplitItems                  // from each item's entries (a row of X); one of them at least stays
	SplitUsers                  // from each user's entries (a column of X); one of them at least stays
)

// Split divides the nonzero entries of x (items x users) at random into those
// to fit to and those held out, matrices of the size of x. The numbers held
// out are the fraction rounded to the nearest.
func Split(x mat.Matrix, opt SplitOptions) (train, test *sparse.CSR, err error) {
	if opt.Fraction == 0 {
		opt.Fraction = .2
	}
	if !(opt.Fraction > 0 && opt.Fraction < 1) {
		return nil, nil, kind.Errorf(nmf.ErrConfig, "recommend: SplitOptions.Fraction is %v: it must be between 0 and 1", opt.Fraction)
	}
	csr, err := sparseOf("X", x)
	if err != nil {
		return nil, nil, err
	}
	rng := nprand.New(opt.Seed)
	switch opt.By {
	case SplitEntries:
		train, test = split(csr, chooseEntries(csr, opt.Fraction, rng))
	case SplitItems:
		train, test = split(csr, chooseByRow(csr, opt.Fraction, rng))
	case SplitUsers:
		t := csr.Transpose()
		train, test = split(t, chooseByRow(t, opt.Fraction, rng))
		train, test = train.Transpose(), test.Transpose()
	default:
		return nil, nil, kind.Errorf(nmf.ErrConfig, "recommend: SplitOptions.By is %d: want SplitEntries, SplitItems or SplitUsers", opt.By)
	}
	return train, test, nil
}

// chooseEntries returns for each stored entry whether it is held out.
func chooseEntries(x *sparse.CSR, fraction float64, rng *nprand.Source) []bool {
	chosen := make([]bool, x.NNZ())
	choose(chosen, int(math.Round(fraction*float64(len(chosen)))), rng)
	return chosen
}

// chooseByRow is [chooseEntries] for each row by itself.
func chooseByRow(x *sparse.CSR, fraction float64, rng *nprand.Source) []bool {
	chosen := make([]bool, x.NNZ())
	ptr, _, _ := x.Raw()
	for i := range len(ptr) - 1 {
		row := chosen[ptr[i]:ptr[i+1]]
		choose(row, min(int(math.Round(fraction*float64(len(row)))), len(row)-1), rng)
	}
	return chosen
}

// choose sets n random places of chosen.
func choose(chosen []bool, n int, rng *nprand.Source) {
	order := make([]int, len(chosen))
	rng.Perm(order)
	for _, p := range order[:max(n, 0)] {
		chosen[p] = true
	}
}

// split returns the entries of x that are not chosen, and those that are;
// zeros are in neither.
func split(x *sparse.CSR, chosen []bool) (rest, picked *sparse.CSR) {
	part := func(want bool) *sparse.CSR {
		p := -1
		return x.Filter(func(_, _ int, v float64) bool {
			p++
			return chosen[p] == want && v != 0
		})
	}
	return part(false), part(true)
}
