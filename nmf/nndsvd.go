package nmf

import (
	"math"

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
	if in.sumSq > nndsvdFloor*nndsvdFloor*nndsvdFloor*nndsvdFloor {
		if err := p.fromSVD(in); err != nil {
			return err
		}
	}
	switch mean := in.mean(); p.cfg.Init {
	case InitNNDSVDa:
		p.fillZeros(func() float64 { return mean })
	case InitNNDSVDar:
		rng := nprand.New(p.cfg.Seed)
		p.fillZeros(func() float64 { return math.Abs(mean * rng.Normal() / 100) })
	}
	return nil
}

// fromSVD sets the factors from the singular triplets.
func (p *problem[T]) fromSVD(in *input) error {
	x := &in.entries
	if precisionOf[T]() == Float32 {
		copied := in.entries // with what is made of it for this use only
		x = &copied
	}
	u, s, v, err := (&singular{in: x, k: p.k, seed: p.cfg.Seed, pool: p.pool}).triplets()
	if err != nil {
		return err
	}
	for t := range p.k {
		keep, scale := positive, 0.0
		uPos, uNeg := partNorms(u, t)
		vPos, vNeg := partNorms(v, t)
		if t == 0 {
			keep, scale = math.Abs, math.Sqrt(s[0])
			uPos, vPos = 1, 1
		} else if uPos*vPos > uNeg*vNeg {
			scale = math.Sqrt(s[t] * uPos * vPos)
		} else {
			keep, scale = negative, math.Sqrt(s[t]*uNeg*vNeg)
			uPos, vPos = uNeg, vNeg
		}
		if scale == 0 {
			continue // the component stays zero
		}
		for i := range p.n {
			p.w.row(i)[t] = T(floored(scale * (keep(u.row(i)[t]) / uPos)))
		}
		for j := range p.m {
			p.ht.row(j)[t] = T(floored(scale * (keep(v.row(j)[t]) / vPos)))
		}
	}
	return nil
}

func positive(x float64) float64 { return max(x, 0) }
func negative(x float64) float64 { return math.Abs(min(x, 0)) }

func floored(x float64) float64 {
	if x < nndsvdFloor {
		return 0
	}
	return x
}

// partNorms returns the norms of the positive and the negative part of
// column t.
func partNorms(a *factor[float64], t int) (pos, neg float64) {
	for i := range a.rows {
		x := a.row(i)[t]
		pos += positive(x) * positive(x)
		neg += negative(x) * negative(x)
	}
	return math.Sqrt(pos), math.Sqrt(neg)
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
		row := p.w.row(i)
		for t := range row {
			set(&row[t])
		}
	}
	for t := range p.k {
		for j := range p.m {
			set(&p.ht.row(j)[t])
		}
	}
}
