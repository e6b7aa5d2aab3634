package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/nprand"
)

// CD is coordinate descent for the Frobenius loss (hierarchical alternating
// least squares, one coordinate of W or H at a time):
//
//	G = H H' + l2 I,  B = X H' - l1
//	W[i,t] <- max(0, W[i,t] - (W G - B)[i,t] / G[t,t])    t = 1, ..., k
//
// and the same for H with X transposed. It stops when the sum of the projected
// gradients met in an iteration falls to Tol times the first iteration's.
//
// Cichocki and Phan 2009, doi:10.1587/transfun.E92.A.708; Hsieh and Dhillon
// 2011, doi:10.1145/2020408.2020577.
type CD struct {
	// Shuffle visits the coordinates in a random order, drawn anew from
	// Config.Seed's stream for each half-step.
	Shuffle bool
}

func (CD) name() string { return "cd" }

func (CD) check(c *Config) error {
	if c.Loss != Frobenius {
		return configError("Solver", "CD fits the Frobenius loss only, not %v: use MU{}", c.Loss)
	}
	return nil
}

// descent is coordinate descent at work.
type descent struct {
	p       *problem
	w, h    *half
	rng     *nprand.Source // nil unless shuffled
	now     float64        // sum of projected gradients of the last iteration
	first   float64        // and of the first
	lastErr float64
}

func (s CD) start(p *problem) stepper {
	d := &descent{p: p, lastErr: math.NaN()}
	l1W, l2W, l1H, l2H := p.cfg.penalties(p.n, p.m)
	d.w = newHalf(p.rows(), l1W, l2W, p.cfg.Workers)
	d.h = newHalf(p.cols(), l1H, l2H, p.cfg.Workers)
	if s.Shuffle {
		d.rng = nprand.New(p.cfg.Seed)
		order := make([]int, p.k)
		d.w.order, d.h.order = order, order
	}
	p.gramOf(d.h.gram, p.ht)
	return d
}

func (d *descent) step(iter int) {
	d.now = d.half(d.w, d.h) + d.half(d.h, d.w)
	if iter == 1 {
		d.first = d.now
	}
	d.lastErr = d.p.frobenius(sum(d.h.crosses), d.w.gram, d.h.gram)
}

// half makes one half-step, which updates h's factor while the other's is
// fixed, and returns the sum of the projected gradients that it met.
func (d *descent) half(h, other *half) float64 {
	if d.rng != nil {
		d.rng.Perm(h.order)
	}
	h.setHessian(other.gram)
	d.p.pool.run(len(h.chunks)-1, h.fn)
	d.p.gramOf(h.gram, h.t)
	return sum(h.violations)
}

func (d *descent) err() (float64, bool) { return d.lastErr, !math.IsNaN(d.lastErr) }

func (d *descent) change(int) float64 {
	if d.first == 0 {
		return 0
	}
	return d.now / d.first
}

func (d *descent) save() solverState { return solverState{First: d.first} }

func (d *descent) restore(s solverState, iters int) {
	d.first = s.First
	if d.rng != nil {
		for range 2 * iters {
			d.rng.Perm(d.w.order)
		}
	}
}

// half is one half-step of coordinate descent.
type half struct {
	*side
	gram    []float64 // T'T of the factor T that the half-step updates
	hessian []float64 // the other factor's, with l2 on the diagonal
	inv     []float64 // inverses of the hessian's diagonal
	l1, l2  float64
	order   []int         // of the coordinates, nil: as they stand
	scratch []halfScratch // of each worker

	// By chunk: the projected gradients, and <X, WH> as the half-step
	// leaves it.
	violations, crosses []float64
	fn                  func(worker, chunk int)
}

type halfScratch struct{ buf, grad []float64 }

func newHalf(s *side, l1, l2 float64, workers int) *half {
	ld, chunks := s.t.ld, len(s.chunks)-1
	h := &half{
		side: s, l1: l1, l2: l2,
		gram: alignedSlice(ld * ld), hessian: alignedSlice(ld * ld), inv: alignedSlice(ld),
		violations: make([]float64, chunks), crosses: make([]float64, chunks),
		scratch: make([]halfScratch, workers),
	}
	for i := range h.scratch {
		h.scratch[i] = halfScratch{s.scratch(), alignedSlice(ld)}
	}
	h.fn = h.chunk
	return h
}

func (h *half) setHessian(gram []float64) {
	copy(h.hessian, gram)
	ld := h.t.ld
	for t := range h.t.k {
		g := h.hessian[t*ld+t] + h.l2
		h.hessian[t*ld+t] = g
		// A component that is zero, or so small that its inverse overflows,
		// stays as it is.
		if h.inv[t] = 1 / g; math.IsInf(h.inv[t], 0) {
			h.inv[t] = 0
		}
	}
}

func (h *half) chunk(worker, c int) {
	s, ld := &h.scratch[worker], h.t.ld
	violation, cross := 0.0, 0.0
	for i, end := h.chunks[c], h.chunks[c+1]; i < end; {
		rows := h.product(i, end, s.buf)
		for r := range rows {
			b, w := s.buf[r*ld:][:ld], h.t.padded(i+r)
			h.penalise(b)
			violation += kern.Descend(w, b, s.grad, h.hessian, h.inv, h.order)
			cross += kern.Dot(b, w)
			if h.l1 != 0 {
				cross += h.l1 * sum(w)
			}
		}
		i += rows
	}
	h.violations[c], h.crosses[c] = violation, cross
}

// penalise takes the L1 penalty off the linear term b.
func (h *half) penalise(b []float64) {
	if h.l1 == 0 {
		return
	}
	for t := range h.t.k {
		b[t] -= h.l1
	}
}

func sum(a []float64) float64 {
	s := 0.0
	for _, v := range a {
		s += v
	}
	return s
}
