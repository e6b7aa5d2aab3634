package solve

import "gonmf/nmf/internal/nprand"

// orders is the sequence of the shuffled orders in which sweeps visit the
// coordinates: the same for every row, and drawn as far as any row needs it.
type orders struct {
	rng   *nprand.Source
	k     int
	drawn [][]int
}

// newOrders returns nil if the coordinates are not shuffled. Each hand has its
// own, which are all the same.
func newOrders(shuffle bool, seed uint32, k int) *orders {
	if !shuffle {
		return nil
	}
	return &orders{rng: nprand.New(seed), k: k}
}

// at returns the order of sweep iter, nil for "as they stand".
func (o *orders) at(iter int) []int {
	if o == nil {
		return nil
	}
	for len(o.drawn) <= iter {
		order := make([]int, o.k)
		o.rng.Perm(order)
		o.drawn = append(o.drawn, order)
	}
	return o.drawn[iter]
}
