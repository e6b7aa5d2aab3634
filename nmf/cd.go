package nmf

import (
	"math"

	"gonmf/nmf/internal/block"
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
// gradients met in an iteration falls to Tol times the first iteration's, or if
// the first's are nothing but rounding, less than 2^-40 of the terms that they
// are the differences of (2^-18 in Float32): the start is a solution then, as
// NNDSVD's of one component is for most X.
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
type descent[T kern.Float] struct {
	sweeps
	p    *problem[T]
	w, h *half[T]
}

func (s CD) start(p *problem[float64]) stepper   { return startCD(s, p) }
func (s CD) start32(p *problem[float32]) stepper { return startCD(s, p) }

func startCD[T kern.Float](s CD, p *problem[T]) stepper {
	if p.in.Weights != nil {
		return startWeightedCD(s, p)
	}
	d := &descent[T]{sweeps: s.sweeps(&p.cfg), p: p}
	l1W, l2W, l1H, l2H := p.penalties()
	d.w = newHalf(p.rows(), l1W, l2W, p.cfg.Workers)
	d.h = newHalf(p.cols(), l1H, l2H, p.cfg.Workers)
	d.w.order, d.h.order = d.order, d.order
	d.w.Tile()
	d.h.Tile()
	p.gramOf(d.h.gram, p.ht)
	return d
}

func (d *descent[T]) step(iter int) {
	d.moved(iter, d.unlessRounding(iter, d.p.violation(d.half(d.w, d.h.gram), d.half(d.h, d.w.gram))))
	d.lastErr = d.p.frobeniusOf(d.h.penalty(), block.Sum(d.h.crosses), d.w.gram, d.h.gram)
}

// half makes one half-step, which updates h's factor while the other, whose
// Gram matrix is given, is fixed, and returns the sum of the projected
// gradients that it met.
func (d *descent[T]) half(h *half[T], gram []T) float64 {
	d.shuffle()
	h.hessian.set(gram, h.order)
	h.Form(d.p.pool)
	d.p.pool.Run(len(h.Chunks)-1, h.fn)
	d.p.gramOf(h.gram, h.Free)
	return block.Sum(h.violations)
}

// unlessRounding returns the sum of projected gradients of an iteration, or 0 if
// it is the first's and no more than the rounding of the terms of the gradients.
func (d *descent[T]) unlessRounding(iter int, violation float64) float64 {
	if iter > 1 {
		return violation
	}
	share := 1. / (1 << 40)
	if precisionOf[T]() == Float32 {
		share = 1. / (1 << 18)
	}
	if violation <= share*d.p.violation(d.w.terms(d.h.gram), d.h.terms(d.w.gram)) {
		return 0
	}
	return violation
}

// sweeps is what all coordinate descents have: the order of the coordinates
// and the stop rule.
type sweeps struct {
	rng     *nprand.Source // nil unless shuffled
	order   []int          // nil unless shuffled
	now     float64        // sum of projected gradients of the last iteration
	first   float64        // and of the first
	lastErr float64
}

func (s CD) sweeps(c *Config) sweeps {
	d := sweeps{lastErr: math.NaN()}
	if s.Shuffle {
		d.rng, d.order = nprand.New(c.Seed), make([]int, c.Components)
	}
	return d
}

// shuffle draws the order of the next half-step.
func (d *sweeps) shuffle() {
	if d.rng != nil {
		d.rng.Perm(d.order)
	}
}

// moved takes in the sum of the projected gradients of an iteration.
func (d *sweeps) moved(iter int, violation float64) {
	d.now = violation
	if iter == 1 {
		d.first = violation
	}
}

func (d *sweeps) err() (float64, bool) { return d.lastErr, !math.IsNaN(d.lastErr) }

// sweeper is a stepper whose projected gradients tell when numbers overflow.
type sweeper interface{ finite() bool }

func (d *sweeps) finite() bool { return d.first+d.now <= math.MaxFloat64 }

func (d *sweeps) change(int) float64 {
	if d.first == 0 {
		return 0
	}
	return d.now / d.first
}

func (d *sweeps) save() solverState { return solverState{First: d.first} }

func (d *sweeps) restore(s solverState, iters int) {
	d.first = s.First
	for range 2 * iters {
		d.shuffle()
	}
}

// half is one half-step of coordinate descent.
type half[T kern.Float] struct {
	*block.Side[T]
	hessian hessian[T]
	gram    []T // F'F of the factor F that the half-step updates
	l1      T
	order   []int            // of the coordinates, nil: as they stand
	scratch []block.Lanes[T] // of each worker

	// By chunk: the projected gradients, and <X, WH> as the half-step
	// leaves it.
	violations, crosses []float64
	fn                  func(worker, chunk int)
}

func newHalf[T kern.Float](s *block.Side[T], l1, l2 float64, workers int) *half[T] {
	ld, chunks := s.Free.LD, len(s.Chunks)-1
	h := &half[T]{
		Side: s, l1: T(l1), hessian: newHessian(s.Free.K, ld, T(l2)), gram: block.Aligned[T](ld * ld),
		violations: make([]float64, chunks), crosses: make([]float64, chunks),
		scratch: make([]block.Lanes[T], workers),
	}
	for i := range h.scratch {
		h.scratch[i] = block.NewLanes(s)
	}
	h.fn = h.chunk
	return h
}

// chunk makes the half-step for the rows of chunk c.
func (h *half[T]) chunk(worker, c int) {
	s := &h.scratch[worker]
	violation, cross := 0.0, 0.0
	h.blocks(c, s, func(_ int, rows []T) {
		clear(s.Violations)
		s.Take(s.W, rows, h.order)
		cross += h.sweep(s)
		s.Give(rows, s.W, h.order)
		violation += block.Sum(s.Violations)
	})
	h.violations[c], h.crosses[c] = violation, cross
}

// sweep makes one sweep over the block of rows in s and returns their part of
// <X, WH>.
func (h *half[T]) sweep(s *block.Lanes[T]) (cross float64) {
	kern.Descend(s.W, s.B, h.hessian.g, h.hessian.diag, s.Violations, h.Free.K)
	cross = kern.Dot(s.B, s.W)
	if h.l1 != 0 {
		cross += float64(h.l1) * block.Sum(s.W)
	}
	return cross
}

// terms returns the sum of the entries of W G, for the factor as W and the Gram
// matrix of the other: of the size of the terms of the gradients.
func (h *half[T]) terms(gram []T) float64 {
	ld, total := h.Free.LD, 0.0
	for r := range h.Free.K {
		size := 0.0
		for at := r; at < len(h.Free.A); at += ld {
			size += float64(h.Free.A[at])
		}
		total += size * (block.Sum(gram[r*ld:][:ld]) + float64(h.hessian.l2))
	}
	return total
}

// penalty returns the L1 penalty of the factor, which sweep puts into <X, WH>
// to take it out of b again.
func (h *half[T]) penalty() float64 {
	if h.l1 == 0 {
		return 0
	}
	return float64(h.l1) * block.Sum(h.Free.A)
}

// blocks calls visit for each block of rows of chunk c, at most kern.Lanes of
// them, the first of which is i. rows are those of the factor; s.b has the
// block's linear term, in the order of h.order.
func (h *half[T]) blocks(c int, s *block.Lanes[T], visit func(i int, rows []T)) {
	ld := h.Free.LD
	for i, end := h.Chunks[c], h.Chunks[c+1]; i < end; {
		n := h.Product(i, end, s.Products, &s.Part)
		for lo := 0; lo < n; lo += kern.Lanes {
			hi := min(lo+kern.Lanes, n)
			h.linear(s, s.Products[lo*ld:hi*ld])
			visit(i+lo, h.Free.A[(i+lo)*ld:(i+hi)*ld])
		}
		i += n
	}
}

// linear sets s.b to the linear term of rows with the given products.
func (h *half[T]) linear(s *block.Lanes[T], products []T) {
	s.Take(s.B, products, h.order)
	if h.l1 != 0 {
		for e := range s.B[:h.Free.K*kern.Lanes] {
			s.B[e] -= h.l1
		}
	}
}
