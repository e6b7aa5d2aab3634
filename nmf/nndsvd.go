package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

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

func (p *problem) initNNDSVD() error {
	// Where |X| is below this so is every s, and every entry sqrt(s) u or
	// sqrt(s) v is below the floor.
	if p.in.sumSq > nndsvdFloor*nndsvdFloor*nndsvdFloor*nndsvdFloor {
		if err := p.fromSVD(); err != nil {
			return err
		}
	}
	switch mean := p.mean(); p.cfg.Init {
	case InitNNDSVDa:
		p.fillZeros(func() float64 { return mean })
	case InitNNDSVDar:
		rng := nprand.New(p.cfg.Seed)
		p.fillZeros(func() float64 { return math.Abs(mean * rng.Normal() / 100) })
	}
	return nil
}

// fromSVD sets the factors from the singular triplets.
func (p *problem) fromSVD() error {
	u, s, v, err := p.randomizedSVD()
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
			p.w.row(i)[t] = floored(scale * (keep(u.row(i)[t]) / uPos))
		}
		for j := range p.m {
			p.ht.row(j)[t] = floored(scale * (keep(v.row(j)[t]) / vPos))
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
func partNorms(a *factor, t int) (pos, neg float64) {
	for i := range a.rows {
		x := a.row(i)[t]
		pos += positive(x) * positive(x)
		neg += negative(x) * negative(x)
	}
	return math.Sqrt(pos), math.Sqrt(neg)
}

// fillZeros puts fill() where W, and then where H, is zero, in row-major
// order.
func (p *problem) fillZeros(fill func() float64) {
	set := func(x *float64) {
		if *x == 0 {
			*x = fill()
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

const svdOversamples = 10

// randomizedSVD returns about the k largest singular triplets of X: u (n x k),
// s and v (m x k), with the entry of largest magnitude of each column of u
// positive. It draws from Config.Seed's stream and takes the steps of
// scikit-learn's randomized_svd, so that its answers are the same but for
// rounding.
//
// Halko, Martinsson and Tropp 2011, doi:10.1137/090771806.
func (p *problem) randomizedSVD() (u *factor, s []float64, v *factor, err error) {
	// a is X, or X transposed if that is the taller one.
	tall, rows, cols := true, p.n, p.m
	if p.n < p.m {
		tall, rows, cols = false, p.m, p.n
	}
	times := func(f *factor, transposed bool) *factor {
		if transposed == tall {
			t := newFactor(p.m, f.k)
			p.multiply(newColSide(p.in, t, f))
			return t
		}
		t := newFactor(p.n, f.k)
		p.multiply(newRowSide(p.in, t, f))
		return t
	}
	iters := 4
	if float64(p.k) < .1*float64(min(p.n, p.m)) {
		iters = 7
	}
	rng := nprand.New(p.cfg.Seed)
	q := newFactor(cols, p.k+svdOversamples)
	for i := range cols {
		row := q.row(i)
		for t := range row {
			row[t] = rng.Normal()
		}
	}
	for range iters {
		q = lowerOf(times(q, false))
		q = lowerOf(times(q, true))
	}
	q = orthonormal(times(q, false)) // rows x size
	// b = q'a as its transpose, cols x size: a'q = right diag(s) left'.
	right, s, left, err := thinSVD(times(q, true))
	if err != nil {
		return nil, nil, nil, err
	}
	us, vs := newFactor(rows, p.k), newFactor(cols, p.k)
	for i := range rows {
		for t := range p.k {
			x := 0.0
			for r, v := range q.row(i) {
				x += v * left.Data[r*left.Stride+t]
			}
			us.row(i)[t] = x
		}
	}
	for j := range cols {
		copy(vs.row(j), right.Data[j*right.Stride:])
	}
	if !tall {
		us, vs = vs, us
	}
	for t := range p.k {
		largest := 0.0
		for i := range us.rows {
			if x := us.row(i)[t]; math.Abs(x) > math.Abs(largest) {
				largest = x
			}
		}
		if largest < 0 {
			us.negate(t)
			vs.negate(t)
		}
	}
	return us, s, vs, nil
}

func (f *factor) negate(t int) {
	for i := range f.rows {
		f.row(i)[t] = -f.row(i)[t]
	}
}

// multiply sets s.t to the product that s is for.
func (p *problem) multiply(s *side) {
	bufs := make([][]float64, p.cfg.Workers)
	p.pool.run(len(s.chunks)-1, func(worker, c int) {
		if bufs[worker] == nil {
			bufs[worker] = s.scratch()
		}
		for i, end := s.chunks[c], s.chunks[c+1]; i < end; {
			rows := s.product(i, end, bufs[worker])
			copy(s.t.a[i*s.t.ld:], bufs[worker][:rows*s.t.ld])
			i += rows
		}
	})
}

// general returns the factor as LAPACK takes it, without its padding; it
// shares the factor's memory.
func (f *factor) general() blas64.General {
	return blas64.General{Rows: f.rows, Cols: f.k, Stride: f.ld, Data: f.a}
}

// lowerOf returns P L of the factorization A = P L U with partial pivoting:
// a well-scaled basis of A's columns, cheaper than an orthonormal one.
func lowerOf(a *factor) *factor {
	g := a.general()
	size := min(a.rows, a.k)
	pivots := make([]int, size)
	lapack64.Getrf(g, pivots)
	l := newFactor(a.rows, size)
	for i := range a.rows {
		copy(l.row(i)[:min(i, size)], a.row(i))
		if i < size {
			l.row(i)[i] = 1
		}
	}
	for i := size - 1; i >= 0; i-- {
		if r := pivots[i]; r != i {
			x, y := l.row(i), l.row(r)
			for t := range x {
				x[t], y[t] = y[t], x[t]
			}
		}
	}
	return l
}

// orthonormal returns Q of the economic factorization A = Q R.
func orthonormal(a *factor) *factor {
	g := a.general()
	size := min(a.rows, a.k)
	tau := make([]float64, size)
	work := make([]float64, 1)
	lapack64.Geqrf(g, tau, work, -1)
	work = make([]float64, int(work[0]))
	lapack64.Geqrf(g, tau, work, len(work))
	g.Cols = size
	lapack64.Orgqr(g, tau, work[:1], -1)
	if need := int(work[0]); need > len(work) {
		work = make([]float64, need)
	}
	lapack64.Orgqr(g, tau, work, len(work))
	q := newFactor(a.rows, size)
	for i := range a.rows {
		copy(q.row(i), a.row(i))
	}
	return q
}

// thinSVD returns A = U diag(s) V': U (rows x size), s in descending order,
// and V (size x size as its rows are A's columns).
func thinSVD(a *factor) (u blas64.General, s []float64, v blas64.General, err error) {
	size := min(a.rows, a.k)
	s = make([]float64, size)
	u = blas64.General{Rows: a.rows, Cols: size, Stride: size, Data: make([]float64, a.rows*size)}
	vt := blas64.General{Rows: size, Cols: a.k, Stride: a.k, Data: make([]float64, size*a.k)}
	work := make([]float64, 1)
	lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.general(), u, vt, s, work, -1)
	work = make([]float64, int(work[0]))
	if !lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, a.general(), u, vt, s, work, len(work)) {
		return u, s, v, fmt.Errorf("nmf: the singular values of X did not converge: use InitRandom")
	}
	v = blas64.General{Rows: a.k, Cols: size, Stride: size, Data: make([]float64, a.k*size)}
	for i := range size {
		for j := range a.k {
			v.Data[j*size+i] = vt.Data[i*vt.Stride+j]
		}
	}
	return u, s, v, nil
}
