package selection

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// A Merge is one step of average linkage: two clusters become one.
type Merge struct {
	A, B     int     // A < B: items count from 0 to n-1, and n+i is what step i made
	Distance float64 // between the two
	Size     int     // items in what they become
}

// A Dendrogram is the tree in which [AverageLinkage] merges n items.
type Dendrogram struct {
	Merges []Merge // n-1 of them by ascending Distance, as SciPy's linkage lists them

	// Cophenetic is the correlation of the distances of all pairs with those
	// at which the tree merges them: how well it stands for the distances. 1
	// where they are all the same, NaN for a single item.
	Cophenetic float64
}

// AverageLinkage clusters n items by their distances, n x n: the closest two
// clusters merge first, the distance of clusters being the mean over their
// pairs (UPGMA: Sokal and Michener 1958). The diagonal is not looked at. It
// takes time and memory of the order of n^2.
//
// With 1 - [ConsensusResult].Matrix it is the tree by which Brunet et al. order
// a consensus matrix.
func AverageLinkage(dist mat.Symmetric) (*Dendrogram, error) {
	if s, ok := dist.(*mat.SymDense); dist == nil || ok && (s == nil || s.IsEmpty()) || dist.SymmetricDim() == 0 {
		return nil, errors.New("selection: AverageLinkage of no items: pass the distances of at least one")
	}
	n := dist.SymmetricDim()
	work := make([]float64, n*n)
	for i := range n {
		for j := range i {
			v := dist.At(i, j)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("selection: distance[%d,%d] = %v: not a finite number", i, j, v)
			}
			work[i*n+j], work[j*n+i] = v, v
		}
	}
	tree := newDendrogram(slices.Clone(work), n)
	tree.correlate(work)
	return tree, nil
}

// newDendrogram merges n items; dist is n x n, symmetric, and overwritten.
//
// Chains of nearest neighbours make it O(n^2) in all (Murtagh 1983,
// doi:10.1093/comjnl/26.4.354): pairs that are nearest to each other may be
// merged in any order without changing the tree. Ties go to the lower index.
func newDendrogram(dist []float64, n int) *Dendrogram {
	tree := &Dendrogram{Merges: make([]Merge, 0, n-1)}
	size := make([]float64, n)
	alive := make([]int, n)
	for i := range n {
		size[i], alive[i] = 1, i
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
		tree.Merges = append(tree.Merges, Merge{A: a, B: b, Distance: least})
		rest := alive[:0]
		for _, c := range alive {
			if c == b {
				continue
			}
			rest = append(rest, c)
			if c != a {
				d := (size[a]*dist[a*n+c] + size[b]*dist[b*n+c]) / (size[a] + size[b])
				dist[a*n+c], dist[c*n+a] = d, d
			}
		}
		alive = rest
		size[a] += size[b]
	}
	tree.number(n)
	return tree
}

// number sorts the merges, which name an item of each cluster, and has them
// name the clusters.
func (t *Dendrogram) number(n int) {
	sort.SliceStable(t.Merges, func(i, j int) bool { return t.Merges[i].Distance < t.Merges[j].Distance })
	in := make([]int, 2*n-1) // what a cluster became a part of; itself at the top
	size := make([]int, 2*n-1)
	for c := range in {
		in[c], size[c] = c, 1
	}
	top := func(c int) int {
		for in[c] != c {
			in[c] = in[in[c]]
			c = in[c]
		}
		return c
	}
	for i := range t.Merges {
		m := &t.Merges[i]
		a, b := top(m.A), top(m.B)
		m.A, m.B, m.Size = min(a, b), max(a, b), size[a]+size[b]
		in[a], in[b], size[n+i] = n+i, n+i, m.Size
	}
}

// correlate fills in t.Cophenetic from the distances that the tree was built
// from, n x n.
func (t *Dendrogram) correlate(dist []float64) {
	n := len(t.Merges) + 1
	pairs := float64(n) * float64(n-1) / 2
	var meanD, meanT float64
	each := t.eachPair
	each(func(i, j int, merged float64) { meanD += dist[i*n+j]; meanT += merged })
	meanD /= pairs
	meanT /= pairs
	var dd, dt, tt float64
	each(func(i, j int, merged float64) {
		d, m := dist[i*n+j]-meanD, merged-meanT
		dd += d * d
		dt += d * m
		tt += m * m
	})
	switch {
	case n < 2:
		t.Cophenetic = math.NaN()
	case dd == 0 || tt == 0:
		t.Cophenetic = 1
	default:
		t.Cophenetic = dt / math.Sqrt(dd*tt)
	}
}

// eachPair calls visit for each pair of items with the distance at which they
// are merged.
func (t *Dendrogram) eachPair(visit func(i, j int, distance float64)) {
	n := len(t.Merges) + 1
	members := make([][]int, n, 2*n-1)
	for i := range members {
		members[i] = []int{i}
	}
	for _, m := range t.Merges {
		a, b := members[m.A], members[m.B]
		for _, i := range a {
			for _, j := range b {
				visit(i, j, m.Distance)
			}
		}
		members = append(members, append(a, b...))
		members[m.A], members[m.B] = nil, nil
	}
}

// Cut divides the items into k clusters by undoing the last merges, and
// returns the cluster of each: 0 is that of item 0, 1 that of the first item
// outside it, and so on. A k below 1 counts as 1 and one above the number of
// items as that.
func (t *Dendrogram) Cut(k int) []int {
	n := len(t.Merges) + 1
	k = min(max(k, 1), n)
	above := make([]int, 2*n-1) // what a cluster becomes a part of before the cut
	label := make([]int, 2*n-1) // of a cluster at the cut, plus 1
	for i, m := range t.Merges[:n-k] {
		above[m.A], above[m.B] = n+i, n+i
	}
	cluster := make([]int, n)
	found := 0
	for i := range cluster {
		c := i
		for above[c] > 0 {
			c = above[c]
		}
		if label[c] == 0 {
			found++
			label[c] = found
		}
		cluster[i] = label[c] - 1
	}
	return cluster
}
