package chart

import (
	"math"
	"sort"
)

// A grouping is the clustered order of rows or columns of a factor: by
// the component that is largest there (the first of equals), and for the same
// component from the largest value down. Entries that are zero everywhere come
// last. Equal entries stay as they came, so the order is always the same.
type grouping struct {
	order     []int
	component []int // of each entry in the original order; -1: all zero
}

// group returns the clustered order of the rows of t, or of its columns.
func (t table) group(rows bool) grouping {
	n, m := t.Dims()
	if !rows {
		n, m = m, n
	}
	g := grouping{inOrder(n), make([]int, n)}
	largest := make([]float64, n)
	for e := range g.component {
		g.component[e] = -1
	}
	r, _ := t.Dims()
	for i := range r {
		t.row(i, func(j int, v float64) {
			e, c := i, j
			if !rows {
				e, c = j, i
			}
			if v > largest[e] {
				largest[e], g.component[e] = v, c
			}
		})
	}
	last := func(c int) int { // after all components
		if c < 0 {
			return math.MaxInt
		}
		return c
	}
	sort.SliceStable(g.order, func(a, b int) bool {
		x, y := g.order[a], g.order[b]
		if cx, cy := last(g.component[x]), last(g.component[y]); cx != cy {
			return cx < cy
		}
		return largest[x] > largest[y]
	})
	return g
}

// rank says in which order labels claim their places: the first entry of each
// group, then the second of each, and so on.
func (g grouping) rank() []int {
	first := 0 // of the current group
	rank := make([]int, len(g.order))
	for at, e := range g.order {
		if at > 0 && g.component[e] != g.component[g.order[at-1]] {
			first = at
		}
		rank[at] = at - first
	}
	return rank
}

// top keeps the first n entries of each group, and none that are all zero.
func (g grouping) top(n int) grouping {
	kept := grouping{component: g.component}
	for at, r := range g.rank() {
		if e := g.order[at]; r < n && g.component[e] >= 0 {
			kept.order = append(kept.order, e)
		}
	}
	return kept
}
