package selection

import (
	"math"
	"slices"
	"testing"
)

// cophenetic returns the distance at which each pair is merged, n x n.
func (t *Dendrogram) cophenetic(n int) []float64 {
	out := make([]float64, n*n)
	t.eachPair(func(i, j int, d float64) { out[i*n+j], out[j*n+i] = d, d })
	return out
}

// What scipy.cluster.hierarchy.cophenet gives for average linkage of the same
// distances (SciPy 1.17.1).
func TestCopheneticDistancesAreSciPys(t *testing.T) {
	const n = 7
	dist := make([]float64, n*n)
	for i := range n {
		for j := range i {
			dist[i*n+j] = float64((7*i*i+3*j*j+5*i*j)%23+1) / 24
			dist[j*n+i] = dist[i*n+j]
		}
	}
	want := []float64{
		0.6319444444444445, 0.25, 0.5520833333333334, 0.5520833333333334, 0.5520833333333334, 0.5520833333333334,
		0.6319444444444445, 0.6319444444444445, 0.6319444444444445, 0.6319444444444445, 0.6319444444444445,
		0.5520833333333334, 0.5520833333333334, 0.5520833333333334, 0.5520833333333334,
		0.44791666666666663, 0.44791666666666663, 0.08333333333333333, 0.08333333333333333, 0.44791666666666663, 0.44791666666666663,
	}
	tree := newDendrogram(slices.Clone(dist), n)
	tree.correlate(dist)
	got := tree.cophenetic(n)
	at := 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if math.Abs(got[i*n+j]-want[at]) > 1e-15 || got[j*n+i] != got[i*n+j] {
				t.Errorf("(%d,%d) merge at %v, want %v", i, j, got[i*n+j], want[at])
			}
			at++
		}
	}
	if c := tree.Cophenetic; math.Abs(c-0.550160678622727) > 1e-14 {
		t.Errorf("cophenetic correlation %v", c)
	}
}

func TestCopheneticDistancesWhereAllAreEqual(t *testing.T) {
	for _, d := range []float64{0, 1} {
		const n = 5
		dist := make([]float64, n*n)
		for i := range n {
			for j := range n {
				if i != j {
					dist[i*n+j] = d
				}
			}
		}
		tree := newDendrogram(slices.Clone(dist), n)
		tree.correlate(dist)
		got := tree.cophenetic(n)
		if !slices.Equal(got, dist) {
			t.Errorf("distances of %v merge at %v", d, got)
		}
		if c := tree.Cophenetic; c != 1 {
			t.Errorf("distances of %v: correlation %v", d, c)
		}
	}
}
