package nmf

import "math"

// copheneticDistances returns for each pair the distance at which average
// linkage (UPGMA: Sokal and Michener 1958) merges the clusters that they are
// in. dist is n x n and symmetric; it is overwritten.
//
// Chains of nearest neighbours make it O(n^2) in all (Murtagh 1983,
// doi:10.1093/comjnl/26.4.354): pairs that are nearest to each other may be
// merged in any order without changing the tree.
func copheneticDistances(dist []float64, n int) []float64 {
	out := make([]float64, n*n)
	members := make([][]int, n)
	alive := make([]int, n)
	for i := range n {
		members[i], alive[i] = []int{i}, i
	}
	var chain []int
	for len(alive) > 1 {
		if len(chain) == 0 {
			chain = append(chain, alive[0])
		}
		tip := chain[len(chain)-1]
		nearest, least := -1, math.Inf(1)
		if len(chain) > 1 { // of equal ones the one before, or the chain would not end
			nearest = chain[len(chain)-2]
			least = dist[tip*n+nearest]
		}
		for _, c := range alive {
			if d := dist[tip*n+c]; c != tip && d < least {
				nearest, least = c, d
			}
		}
		if len(chain) < 2 || nearest != chain[len(chain)-2] {
			chain = append(chain, nearest)
			continue
		}
		chain = chain[:len(chain)-2]
		a, b := min(tip, nearest), max(tip, nearest)
		for _, i := range members[a] {
			for _, j := range members[b] {
				out[i*n+j], out[j*n+i] = least, least
			}
		}
		sizeA, sizeB := float64(len(members[a])), float64(len(members[b]))
		rest := alive[:0]
		for _, c := range alive {
			if c == b {
				continue
			}
			rest = append(rest, c)
			if c != a {
				d := (sizeA*dist[a*n+c] + sizeB*dist[b*n+c]) / (sizeA + sizeB)
				dist[a*n+c], dist[c*n+a] = d, d
			}
		}
		alive = rest
		members[a] = append(members[a], members[b]...)
		members[b] = nil
	}
	return out
}

// correlation returns Pearson's correlation of the entries of a and b above
// the diagonal, n x n both; 1 if neither varies.
func correlation(a, b []float64, n int) float64 {
	var meanA, meanB float64
	pairs := float64(n) * float64(n-1) / 2
	above := func(f func(x, y float64)) {
		for i := range n {
			for j := i + 1; j < n; j++ {
				f(a[i*n+j], b[i*n+j])
			}
		}
	}
	above(func(x, y float64) { meanA += x; meanB += y })
	meanA /= pairs
	meanB /= pairs
	var aa, ab, bb float64
	above(func(x, y float64) {
		x -= meanA
		y -= meanB
		aa += x * x
		ab += x * y
		bb += y * y
	})
	if aa == 0 || bb == 0 {
		return 1
	}
	return ab / math.Sqrt(aa*bb)
}
