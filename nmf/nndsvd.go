package nmf

import (
	"math"

	"gonmf/nmf/internal/block"
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

func (p *problem[T]) initNNDSVD(in *input) error {
	// Where |X| is below this so is every s, and every entry sqrt(s) u or
	// sqrt(s) v is below the floor.
	if floor := p.floor(); in.SumSq > floor*floor*floor*floor {
		if err := p.fromSVD(in); err != nil {
			return err
		}
	}
	// The mean is not that of a W or H, and no multiple as these are.
	switch mean := math.Ldexp(in.Mean(), -p.scale.W); p.cfg.Init {
	case InitNNDSVDa:
		p.fillZeros(func() float64 { return mean })
	case InitNNDSVDar:
		rng := nprand.New(p.cfg.Seed)
		p.fillZeros(func() float64 { return math.Abs(mean * rng.Normal() / 100) })
	}
	return nil
}

// floor returns nndsvdFloor for W and H as they are scaled.
func (p *problem[T]) floor() float64 { return math.Ldexp(nndsvdFloor, p.scale.W) }

// fromSVD sets the factors from the singular triplets.
func (p *problem[T]) fromSVD(in *input) error {
	x := &in.Entries
	if precisionOf[T]() == Float32 {
		copied := in.Entries // with what is made of it for this use only
		x = &copied
	}
	u, s, v, err := (&singular{in: x, k: p.k, seed: p.cfg.Seed, pool: p.pool}).triplets()
	if err != nil {
		return err
	}
	uPos, uNeg := partNorms(u)
	vPos, vNeg := partNorms(v)
	shares := make([]share, p.k)
	for t := range shares {
		if t == 0 {
			shares[t] = share{math.Abs, math.Sqrt(s[0]), 1, 1}
		} else if uPos[t]*vPos[t] > uNeg[t]*vNeg[t] {
			shares[t] = share{positive, math.Sqrt(s[t] * uPos[t] * vPos[t]), uPos[t], vPos[t]}
		} else {
			shares[t] = share{negative, math.Sqrt(s[t] * uNeg[t] * vNeg[t]), uNeg[t], vNeg[t]}
		}
	}
	for i := range p.n {
		from, to := u.Row(i), p.w.Row(i)
		for t, c := range shares {
			to[t] = T(c.entry(from[t], c.uNorm, p.floor()))
		}
	}
	for j := range p.m {
		from, to := v.Row(j), p.ht.Row(j)
		for t, c := range shares {
			to[t] = T(c.entry(from[t], c.vNorm, p.floor()))
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
func (p *problem[T]) fillZeros(fill func() float64) {
	set := func(x *T) {
		if *x == 0 {
			*x = T(fill())
		}
	}
	for i := range p.n {
		row := p.w.Row(i)
		for t := range row {
			set(&row[t])
		}
	}
	for t := range p.k {
		for j := range p.m {
			set(&p.ht.Row(j)[t])
		}
	}
}
