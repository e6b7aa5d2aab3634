package solve

import (
	"math"

	"gonmf/nmf/internal/nprand"
)

// sweeps is what all coordinate descents have: the order of the coordinates
// and the stop rule.
type sweeps struct {
	rng     *nprand.Source // nil unless shuffled
	order   []int          // nil unless shuffled
	now     float64        // sum of projected gradients of the last iteration
	first   float64        // and of the first
	lastErr float64
}

func newSweeps(shuffle bool, seed uint32, k int) sweeps {
	d := sweeps{lastErr: math.NaN()}
	if shuffle {
		d.rng, d.order = nprand.New(seed), make([]int, k)
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

func (d *sweeps) Err() (float64, bool) { return d.lastErr, !math.IsNaN(d.lastErr) }

// Finite tells by the projected gradients whether numbers have not overflowed.
func (d *sweeps) Finite() bool { return d.first+d.now <= math.MaxFloat64 }

func (d *sweeps) Change(int) float64 {
	if d.first == 0 {
		return 0
	}
	return d.now / d.first
}

func (d *sweeps) Save() State { return State{First: d.first} }

func (d *sweeps) Restore(s State, iters int) {
	d.first = s.First
	for range 2 * iters {
		d.shuffle()
	}
}
