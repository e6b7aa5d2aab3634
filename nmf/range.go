package nmf

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
)

// Where squares and products of the entries of X, W or H would overflow or
// become zero, CD, AcceleratedCD and MU fit a multiple of X by a power of two,
// from multiples of where W and H start, and give the multiples back. That
// changes exponents only, so that it is the fit of X where that has the range.

// inRange are exponents of entries with which nothing is scaled: far from those
// at which products of three and their sums leave the range.
func inRange[T kern.Float](largest float64) bool {
	exponent, most := math.Ilogb(largest), 200
	if precisionOf[T]() == Float32 {
		most = 30
	}
	return largest == 0 || -most < exponent && exponent < most
}

// scales reports whether the solver can fit a multiple. What mini-batches
// remember starts as ones, whatever X is.
func scales(s Solver) bool {
	_, no := s.(MiniBatch)
	return !no
}

// outOfRange reports whether a fit from m on is to be scaled. The floors of
// other losses than Frobenius are of no multiple, so that these are scaled only
// where they overflow.
func outOfRange[T kern.Float](in *input, m *Model) bool {
	cfg := &m.Config
	switch {
	case m.W != nil:
		return m.state.Scale != nil
	case !scales(cfg.Solver):
		return false
	case cfg.Loss != Frobenius:
		largest := in.largest()
		begin := largest
		if cfg.Init == InitCustom {
			begin = mat.Max(cfg.W0) * mat.Max(cfg.H0)
		} else if cfg.Init != InitRandom {
			begin *= largest // where the mean fills zeros
		}
		size := float64(in.Rows) * float64(in.Cols)
		power := max(cfg.Loss.Beta(), 2) / 2
		most := max(largest, begin*float64(cfg.Components))
		return !(math.Pow(size*most*most, power) <= precisionOf[T]().largest())
	case cfg.Init == InitCustom:
		return !inRange[T](in.largest()) || !inRange[T](mat.Max(cfg.W0)) || !inRange[T](mat.Max(cfg.H0))
	default:
		return !inRange[T](in.largest())
	}
}

// largest returns the largest entry.
func (in *input) largest() float64 {
	if in.shards != nil {
		return max(0, in.shards.Folder().Largest)
	}
	most := 0.
	for i := range in.Rows {
		if _, val := in.Row(i); len(val) > 0 {
			most = max(most, floats.Max(val))
		}
	}
	return most
}

// runScaled is runAs for a multiple of X.
func runScaled[T kern.Float](ctx context.Context, in *input, m *Model) (*Model, error) {
	if in.shards != nil { // so rare that it is not worth a way of its own
		csr, err := in.shards.CSR()
		if err != nil {
			return nil, unread(err)
		}
		if in, err = newInput(csr); err != nil {
			return nil, err
		}
	}
	cfg := m.Config
	cfg.Workers = in.workers(&cfg)
	var to solve.Scaling
	if m.W != nil {
		to = *m.state.Scale
	} else if largest := in.largest(); largest > 0 {
		to.W = -math.Ilogb(largest) / 2
		to.H = to.W
	}
	x := &input{Entries: *block.TimesTwice(&in.Entries, (to.W+to.H)/2)}
	first := newProblem[float64](x, cfg)
	defer first.close()
	switch {
	case m.W != nil:
		first.W.FromMatrix(m.W)
		first.HT.FromMatrix(m.H.T())
		first.W.Times(to.W)
		first.HT.Times(to.H)
	default:
		first.Scale = to
		if err := first.begin(x); err != nil {
			return nil, err
		}
		// W comes first, whose size does not matter, from H, whose does.
		if largest := floats.Max(first.HT.A); largest > 0 {
			shift := -math.Ilogb(largest)
			first.W.Times(-shift)
			first.HT.Times(shift)
			to.W, to.H = to.W-shift, to.H+shift
		}
	}
	p := newProblem[T](x, cfg)
	defer p.close()
	p.Scale = to
	most := math.MaxFloat64
	if _, mu := cfg.Solver.(MU); !mu {
		most = mostStart
	}
	p.W.Take(first.W, most)
	p.HT.Take(first.HT, most)
	if most < math.MaxFloat64 {
		return p.fit(ctx, in, m)
	}
	if err := p.checkStart(in); err != nil {
		return nil, err
	}
	// What an update multiplies W by is to be a number.
	if largest := floats.Max(first.W.A); largest > 0 && largest*precisionOf[T]().largest() < 1e4 {
		return nil, in.tooLarge("X", "is too small for the W that %v starts from in %v: use Float64, or InitRandom, or multiply X", cfg.Init, cfg.Precision)
	}
	return p.fit(ctx, in, m)
}

// mostStart is what W starts from at most where it is scaled for coordinate
// descent, which makes a new W at once; from more it would make one of rounding.
const mostStart = 1 << 20

// back divides a, which is scaled, by a power of two.
func back(a *mat.Dense, exponent int) {
	if exponent == 0 {
		return
	}
	a.Apply(func(_, _ int, v float64) float64 { return math.Ldexp(v, -exponent) }, a)
}

// finiteRows returns an error if W, folded in, has left the range of numbers.
func finiteRows(w *mat.Dense) error {
	if err := checkEntries("W", w); err != nil {
		return fmt.Errorf("nmf: transform: X or H has entries too large or too small beside each other: %w", err)
	}
	return nil
}

// checkFinite returns an error if rounding has left the range of numbers all
// the same.
func (m *Model) checkFinite() error {
	err := checkEntries("W", m.W)
	if err == nil {
		err = checkEntries("H", m.H)
	}
	switch {
	case err != nil:
		return fmt.Errorf("nmf: the fit has left the range of %v after %d iterations: bring the entries of X nearer to 1: %w", m.Config.Precision, m.Iter, err)
	case !(m.Err <= math.MaxFloat64):
		return kind.Errorf(ErrNotFinite, "nmf: the error of the fit, of the loss %v, is more than a number can be: divide X by its largest entry", m.Config.Loss)
	}
	return nil
}
