package start

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/nprand"
)

// NNDSVD starts from the k largest singular triplets (u, s, v) of X. The first
// component is sqrt(s) |u|, sqrt(s) |v|; another takes of u and v either the
// positive parts or the negative ones, whichever pair has the larger product
// of norms p, each part scaled to norm sqrt(s p). Entries below 1e-6 become 0.
//
// Boutsidis and Gallopoulos 2008, doi:10.1016/j.patcog.2007.09.010.

// nndsvdFloor is the entry below which NNDSVD puts zero.
const nndsvdFloor = 1e-6

// Fill says what NNDSVD puts where it would put zero.
type Fill int

// The ways to fill.
const (
	Zeros Fill = iota // nothing
	Mean              // the mean of X: NNDSVDa
	Noise             // small random numbers: NNDSVDar
)

// Options are what [NNDSVD] is told beside X.
type Options struct {
	Fill Fill
	Seed uint32

	// Exponent is that of the power of two that W and H are to be multiplied
	// by; X is by the square.
	Exponent int
}

// NNDSVD sets w and ht to the start for X.
func NNDSVD[T kern.Float](x block.Carrier[float64], w, ht *block.Factor[T], opt Options) error {
	whole, floor := x.Whole(), math.Ldexp(nndsvdFloor, opt.Exponent)
	// Where |X| is below this so is every s, and every entry sqrt(s) u or
	// sqrt(s) v is below the floor.
	if whole.SumSq > floor*floor*floor*floor {
		if err := fromSVD(x, w, ht, opt.Seed, floor); err != nil {
			return err
		}
	}
	// The mean is not that of a W or H, and no multiple as these are.
	switch mean := math.Ldexp(whole.Mean, -opt.Exponent); opt.Fill {
	case Mean:
		fillZeros(w, ht, func() float64 { return mean })
	case Noise:
		rng := nprand.New(opt.Seed)
		fillZeros(w, ht, func() float64 { return math.Abs(mean * rng.Normal() / 100) })
	}
	return nil
}

// fromSVD sets the factors from the singular triplets.
func fromSVD[T kern.Float](x block.Carrier[float64], w, ht *block.Factor[T], seed uint32, floor float64) error {
	u, s, v, err := (&singular{x: x, k: w.K, seed: seed}).triplets()
	if err != nil {
		return err
	}
	uPos, uNeg := partNorms(u)
	vPos, vNeg := partNorms(v)
	shares := make([]share, w.K)
	for t := range shares {
		if t == 0 {
			shares[t] = share{math.Abs, math.Sqrt(s[0]), 1, 1}
		} else if uPos[t]*vPos[t] > uNeg[t]*vNeg[t] {
			shares[t] = share{positive, math.Sqrt(s[t] * uPos[t] * vPos[t]), uPos[t], vPos[t]}
		} else {
			shares[t] = share{negative, math.Sqrt(s[t] * uNeg[t] * vNeg[t]), uNeg[t], vNeg[t]}
		}
	}
	for i := range w.Rows {
		from, to := u.Row(i), w.Row(i)
		for t, c := range shares {
			to[t] = T(c.entry(from[t], c.uNorm, floor))
		}
	}
	for j := range ht.Rows {
		from, to := v.Row(j), ht.Row(j)
		for t, c := range shares {
			to[t] = T(c.entry(from[t], c.vNorm, floor))
		}
	}
	return nil
}

// share is what a component takes of its singular vectors.
type share struct {
	of           func(x float64) float64
	scale        float64
	uNorm, vNorm float64 // of the part of either vector
}

// entry returns the component's entry for x of a vector whose part has the
// norm given, and 0 if it is below the floor.
func (c share) entry(x, norm, floor float64) float64 {
	if c.scale == 0 {
		return 0
	}
	if v := c.scale * (c.of(x) / norm); v >= floor {
		return v
	}
	return 0
}

func positive(x float64) float64 { return max(x, 0) }
func negative(x float64) float64 { return math.Abs(min(x, 0)) }

// partNorms returns the norms of the positive and the negative part of each
// column.
func partNorms(a *block.Factor[float64]) (pos, neg []float64) {
	pos, neg = make([]float64, a.K), make([]float64, a.K)
	for i := range a.Rows {
		for t, x := range a.Row(i) {
			pos[t] += positive(x) * positive(x)
			neg[t] += negative(x) * negative(x)
		}
	}
	for t := range pos {
		pos[t], neg[t] = math.Sqrt(pos[t]), math.Sqrt(neg[t])
	}
	return pos, neg
}

// fillZeros puts fill() where W, and then where H, is zero, in row-major
// order.
func fillZeros[T kern.Float](w, ht *block.Factor[T], fill func() float64) {
	set := func(x *T) {
		if *x == 0 {
			*x = T(fill())
		}
	}
	for i := range w.Rows {
		row := w.Row(i)
		for t := range row {
			set(&row[t])
		}
	}
	for t := range w.K {
		for j := range ht.Rows {
			set(&ht.Row(j)[t])
		}
	}
}
