package chart

import (
	"slices"

	"gonmf/nmf/selection"
)

// leaves returns the items of each cluster of a tree, in the order they are
// drawn: where two clusters merge they are laid end to end so that the ends
// that are closest meet, hence the same distances always give the same order.
// dist holds n x n distances.
func leaves(tree *selection.Dendrogram, dist func(i, j int) float64) []int {
	n := len(tree.Merges) + 1
	of := make([][]int, n, 2*n-1)
	for i := range of {
		of[i] = []int{i}
	}
	for _, m := range tree.Merges {
		of = append(of, join(of[m.A], of[m.B], dist))
		of[m.A], of[m.B] = nil, nil
	}
	return of[len(of)-1]
}

// join lays two sequences end to end, turning each so that the closest ends meet.
func join(a, b []int, dist func(i, j int) float64) []int {
	first, last := a[0], a[len(a)-1]
	turnA, turnB, nearest := false, false, dist(last, b[0])
	if d := dist(last, b[len(b)-1]); d < nearest {
		turnA, turnB, nearest = false, true, d
	}
	if d := dist(first, b[0]); d < nearest {
		turnA, turnB, nearest = true, false, d
	}
	if d := dist(first, b[len(b)-1]); d < nearest {
		turnA, turnB = true, true
	}
	if turnA {
		slices.Reverse(a)
	}
	if turnB {
		slices.Reverse(b)
	}
	return append(a, b...)
}
