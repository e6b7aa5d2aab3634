package chart

import (
	"math"
	"slices"
)

// averageLinkage returns the leaves of the tree that average linkage (UPGMA)
// builds from the distances of n things: closest clusters merge first, the
// distance of two clusters being the mean over their pairs. dist holds n x n
// distances and is overwritten.
//
// It follows chains of nearest neighbours (Murtagh 1983,
// doi:10.1093/comjnl/26.4.354), O(n²) in all. At each merge the two clusters
// are laid end to end so that the ends that are closest meet, and ties go to
// the lower index, so the same distances always give the same order.
func averageLinkage(dist []float64, n int) []int {
	between := func(i, j int) float64 { return dist[i*n+j] }
	ends := append([]float64(nil), dist...) // the distances of single things
	leaves := make([][]int, n)
	alive := inOrder(n)
	for i := range leaves {
		leaves[i] = []int{i}
	}
	var chain []int
	for len(alive) > 1 {
		if len(chain) == 0 {
			chain = append(chain, alive[0])
		}
		tip := chain[len(chain)-1]
		next, nearest := -1, math.Inf(1)
		if len(chain) > 1 { // prefer going back: this ends the chain at a tie
			next = chain[len(chain)-2]
			nearest = between(tip, next)
		}
		for _, c := range alive {
			if c != tip && between(tip, c) < nearest {
				next, nearest = c, between(tip, c)
			}
		}
		if len(chain) < 2 || next != chain[len(chain)-2] {
			chain = append(chain, next)
			continue
		}
		chain = chain[:len(chain)-2]
		a, b := min(tip, next), max(tip, next)
		na, nb := float64(len(leaves[a])), float64(len(leaves[b]))
		for _, c := range alive {
			if c != a && c != b {
				d := (na*between(a, c) + nb*between(b, c)) / (na + nb)
				dist[a*n+c], dist[c*n+a] = d, d
			}
		}
		leaves[a] = join(leaves[a], leaves[b], ends, n)
		leaves[b] = nil
		alive = remove(alive, b)
	}
	return leaves[alive[0]]
}

// join lays two sequences end to end, turning each so that the closest ends meet.
func join(a, b []int, dist []float64, n int) []int {
	first, last := a[0], a[len(a)-1]
	at := func(i, j int) float64 { return dist[i*n+j] }
	turnA, turnB, nearest := false, false, at(last, b[0])
	if d := at(last, b[len(b)-1]); d < nearest {
		turnA, turnB, nearest = false, true, d
	}
	if d := at(first, b[0]); d < nearest {
		turnA, turnB, nearest = true, false, d
	}
	if d := at(first, b[len(b)-1]); d < nearest {
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

// remove returns the ascending list without v.
func remove(list []int, v int) []int {
	at, _ := slices.BinarySearch(list, v)
	return slices.Delete(list, at, at+1)
}
