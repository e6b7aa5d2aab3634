package start

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/nprand"
)

// ErrOverflow says that X is too large a matrix for its singular values.
var ErrOverflow = errors.New("the singular values of X overflow: use InitRandom")

const (
	svdOversamples = 10

	// evenSpread is the spread of the squared singular values up to which a
	// and a' may follow one another without a basis between them: their
	// product squares it, and the Gram matrix of that has half the digits left.
	evenSpread = 300
)

// singular finds singular triplets of X, in double precision whatever that of
// the factors is.
type singular struct {
	x    block.Carrier[float64]
	k    int
	seed uint32

	spare  []*block.Factor[float64] // no longer in use
	spread float64                  // of the squared pivots of the last [singular.choleskyQR]
}

// take returns a factor that may hold anything, and give takes back one.
func (p *singular) take(rows, k int) *block.Factor[float64] {
	for i, f := range p.spare {
		if f.Rows == rows && f.K == k {
			p.spare = slices.Delete(p.spare, i, i+1)
			return f
		}
	}
	return block.NewFactor[float64](rows, k)
}

func (p *singular) give(f *block.Factor[float64]) { p.spare = append(p.spare, f) }

// triplets returns about the k largest singular triplets of X: u (n x k),
// s and v (m x k), with the entry of largest magnitude of each column of u
// positive. It draws from the seed's stream and takes the steps of
// scikit-learn's randomized_svd, so that its answers are the same but for
// rounding.
//
// Halko, Martinsson and Tropp 2011, doi:10.1137/090771806.
func (p *singular) triplets() (u *block.Factor[float64], s []float64, v *block.Factor[float64], err error) {
	// a is X, or X transposed if that is the taller one.
	n, m := p.x.Whole().Rows, p.x.Whole().Cols
	tall, cols := n >= m, min(n, m)
	times := func(f *block.Factor[float64], transposed bool) *block.Factor[float64] {
		if transposed == tall {
			t := p.take(m, f.K)
			p.multiply(p.x.Cols(t, f))
			return t
		}
		t := p.take(n, f.K)
		p.multiply(p.x.Rows(t, f))
		return t
	}
	iters := 4
	if float64(p.k) < .1*float64(min(n, m)) {
		iters = 7
	}
	rng := nprand.New(p.seed)
	q := block.NewFactor[float64](cols, p.k+svdOversamples)
	for i := range cols {
		row := q.Row(i)
		for t := range row {
			row[t] = rng.Normal()
		}
	}
	next := func(q *block.Factor[float64], transposed bool) *block.Factor[float64] {
		t := times(q, transposed)
		p.give(q)
		return t
	}
	straighten := true
	for i := range iters {
		if q = next(q, false); straighten {
			q = p.basis(q)
		}
		if i == 0 {
			straighten = !(p.spread < evenSpread)
		}
		q = p.basis(next(q, true))
	}
	q = p.orthonormal(next(q, false))
	// a'q = right diag(s) left', so that a's left vectors are q left.
	right, s, left, err := p.thinSVD(times(q, true))
	if err != nil {
		return nil, nil, nil, err
	}
	us, vs := p.timesSmall(q, left, p.k), right
	if !tall {
		us, vs = vs, us
	}
	for t := range p.k {
		largest := 0.0
		for i := range us.Rows {
			if x := us.Row(i)[t]; math.Abs(x) > math.Abs(largest) {
				largest = x
			}
		}
		if largest < 0 {
			negate(us, t)
			negate(vs, t)
		}
	}
	return us, s, vs, nil
}

func negate(f *block.Factor[float64], t int) {
	for i := range f.Rows {
		f.Row(i)[t] = -f.Row(i)[t]
	}
}

// multiply sets s.t to the product that s is for.
func (p *singular) multiply(s *block.Side[float64]) {
	p.x.Map(s, block.NewHands(func(int) block.Hand[float64] {
		buf := s.Scratch()
		return block.HandFunc[float64](func(b block.Rows[float64]) (none block.Sums) {
			for i := b.Lo; i < b.Hi; {
				rows := b.Product(i, b.Hi, buf, nil)
				copy(b.Free.A[i*b.Free.LD:], buf[:rows*b.Free.LD])
				i += rows
			}
			return none
		})
	}))
}

// general returns the factor as LAPACK takes it, without its padding; it
// shares the factor's memory.
func general(f *block.Factor[float64]) blas64.General {
	return blas64.General{Rows: f.Rows, Cols: f.K, Stride: f.LD, Data: f.A}
}

// basis returns a well-conditioned basis of a's columns, which it may destroy.
func (p *singular) basis(a *block.Factor[float64]) *block.Factor[float64] {
	q, _, ok := p.choleskyQR(a)
	if !ok {
		return lowerOf(a)
	}
	p.give(a)
	return q
}

// orthonormal returns Q of the economic factorization A = Q R, and may destroy
// a.
func (p *singular) orthonormal(a *block.Factor[float64]) *block.Factor[float64] {
	if q, _, ok := p.choleskyTwice(a); ok {
		return q
	}
	return householderQ(a)
}

// choleskyTwice is [singular.choleskyQR] made twice, which mends what the
// condition of A costs the first time: Q is orthonormal to rounding.
func (p *singular) choleskyTwice(a *block.Factor[float64]) (q *block.Factor[float64], r []float64, ok bool) {
	q, first, ok := p.choleskyQR(a)
	if !ok {
		return nil, nil, false
	}
	q, second, ok := p.choleskyQR(q)
	if !ok {
		return nil, nil, false
	}
	r = make([]float64, a.LD*a.LD)
	kern.MulDense(r, second, a.LD, a.LD, first, a.LD, a.K)
	return q, r, true
}

// leastPivot is the smallest square of a pivot, relative to the largest, with
// which a Gram matrix, which squares the condition, is good enough for a
// basis: 1e-16/1e-8 leaves eight digits of what the next step straightens.
const leastPivot = 1e-8

// choleskyQR returns A = Q R from A'A = R'R, R upper triangular (ld x ld):
// three passes over A that are all products. It reports false where A is too
// near to being rank-deficient.
//
// Fukaya et al. 2014, doi:10.1109/ScalA.2014.11.
func (p *singular) choleskyQR(a *block.Factor[float64]) (q *block.Factor[float64], r []float64, ok bool) {
	k, ld := a.K, a.LD
	p.spread = math.Inf(1)
	if a.Rows < k {
		return nil, nil, false
	}
	r = make([]float64, ld*ld)
	p.x.Gram(r, a)
	largest, least := 0.0, math.Inf(1)
	for t := range k {
		largest = max(largest, r[t*ld+t])
	}
	// Row by row: r[t,u] = (g[t,u] - sum over s < t of r[s,t] r[s,u]) / r[t,t].
	for t := range k {
		row := r[t*ld:][:ld]
		for s := range t {
			above := r[s*ld:][:ld]
			for u := t; u < k; u++ {
				row[u] -= above[t] * above[u]
			}
		}
		if !(row[t] > leastPivot*largest) {
			return nil, nil, false
		}
		least = min(least, row[t])
		pivot := math.Sqrt(row[t])
		for u := range k {
			if u < t {
				row[u] = 0
			} else {
				row[u] /= pivot
			}
		}
	}
	p.spread = largest / least
	inv := blas64.General{Rows: k, Cols: k, Stride: ld, Data: inverseUpper(r, k, ld)}
	return p.timesSmall(a, inv, k), r, true
}

// inverseUpper returns the inverse of an upper triangular k x k matrix with
// rows of ld, in the same form.
func inverseUpper(r []float64, k, ld int) []float64 {
	inv := make([]float64, ld*ld)
	for t := k - 1; t >= 0; t-- {
		row := inv[t*ld:][:ld]
		row[t] = 1
		for s := t + 1; s < k; s++ {
			for u := s; u < k; u++ {
				row[u] -= r[t*ld+s] * inv[s*ld+u]
			}
		}
		for u := t; u < k; u++ {
			row[u] /= r[t*ld+t]
		}
	}
	return inv
}

// timesSmall returns the product of a with the first cols columns of b, which
// has a.k rows.
func (p *singular) timesSmall(a *block.Factor[float64], b blas64.General, cols int) *block.Factor[float64] {
	t := p.take(a.Rows, cols)
	padded := block.Aligned[float64](a.K * t.LD)
	for r := range a.K {
		copy(padded[r*t.LD:][:cols], b.Data[r*b.Stride:])
	}
	p.x.Times(t, a, padded)
	return t
}

// lowerOf returns P L of the factorization A = P L U with partial pivoting:
// a well-scaled basis of A's columns, cheaper than an orthonormal one.
func lowerOf(a *block.Factor[float64]) *block.Factor[float64] {
	g := general(a)
	size := min(a.Rows, a.K)
	pivots := make([]int, size)
	lapack64.Getrf(g, pivots)
	l := block.NewFactor[float64](a.Rows, size)
	for i := range a.Rows {
		copy(l.Row(i)[:min(i, size)], a.Row(i))
		if i < size {
			l.Row(i)[i] = 1
		}
	}
	for i := size - 1; i >= 0; i-- {
		if r := pivots[i]; r != i {
			x, y := l.Row(i), l.Row(r)
			for t := range x {
				x[t], y[t] = y[t], x[t]
			}
		}
	}
	return l
}

// householderQ returns Q of the economic factorization A = Q R.
func householderQ(a *block.Factor[float64]) *block.Factor[float64] {
	g := general(a)
	size := min(a.Rows, a.K)
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
	q := block.NewFactor[float64](a.Rows, size)
	for i := range a.Rows {
		copy(q.Row(i), a.Row(i))
	}
	return q
}

// thinSVD returns A = U diag(s) V': the first p.k columns of U (rows x k), s
// in descending order, and V, whose rows are A's columns. It may destroy a.
func (p *singular) thinSVD(a *block.Factor[float64]) (u *block.Factor[float64], s []float64, v blas64.General, err error) {
	q, r, ok := p.choleskyTwice(a)
	if !ok {
		all, s, v, err := lapackSVD(a)
		if err != nil {
			return nil, nil, v, err
		}
		u := block.NewFactor[float64](a.Rows, p.k)
		for i := range a.Rows {
			copy(u.Row(i), all.Data[i*all.Stride:])
		}
		return u, s, v, nil
	}
	small, s, v, err := lapackSVD(&block.Factor[float64]{Rows: a.K, K: a.K, LD: a.LD, A: r})
	if err != nil {
		return nil, nil, v, err
	}
	return p.timesSmall(q, small, p.k), s, v, nil
}

// lapackSVD returns A = U diag(s) V': U (rows x size), s in descending order,
// and V (columns x size). It destroys a.
func lapackSVD(a *block.Factor[float64]) (u blas64.General, s []float64, v blas64.General, err error) {
	size := min(a.Rows, a.K)
	if sq := kern.Dot(a.A, a.A); math.IsNaN(sq) || math.IsInf(sq, 0) { // on which LAPACK may go on forever
		return u, nil, v, ErrOverflow
	}
	s = make([]float64, size)
	u = blas64.General{Rows: a.Rows, Cols: size, Stride: size, Data: make([]float64, a.Rows*size)}
	vt := blas64.General{Rows: size, Cols: a.K, Stride: a.K, Data: make([]float64, size*a.K)}
	work := make([]float64, 1)
	lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, general(a), u, vt, s, work, -1)
	work = make([]float64, int(work[0]))
	if !lapack64.Gesvd(lapack.SVDStore, lapack.SVDStore, general(a), u, vt, s, work, len(work)) {
		return u, s, v, errors.New("the singular values of X did not converge: use InitRandom")
	}
	v = blas64.General{Rows: a.K, Cols: size, Stride: size, Data: make([]float64, a.K*size)}
	for i := range size {
		for j := range a.K {
			v.Data[j*size+i] = vt.Data[i*vt.Stride+j]
		}
	}
	return u, s, v, nil
}
