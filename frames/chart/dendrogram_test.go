package chart

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/selection"
)

// cutOf returns the tree of a consensus matrix, cut.
func cutOf(t *testing.T, consensus *mat.Dense, k int) dendrogram {
	t.Helper()
	n, _ := consensus.Dims()
	dist := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i {
			dist.SetSym(i, j, 1-consensus.At(i, j))
		}
	}
	tree, err := selection.AverageLinkage(dist)
	if err != nil {
		t.Fatal(err)
	}
	return newDendrogram(tree, leaves(tree, dist.At), k)
}

func TestDendrogramFindsClusters(t *testing.T) {
	d := cutOf(t, agreement(30, 3), 0)
	if d.clusters() != 3 {
		t.Fatalf("%d clusters of 3", d.clusters())
	}
	for i := range 30 {
		if d.cluster[i] != d.cluster[i%3] {
			t.Errorf("item %d is in cluster %d, item %d in %d", i, d.cluster[i], i%3, d.cluster[i%3])
		}
	}
	if d.cluster[30+28] != -1 || d.cluster[30] < 0 {
		t.Error("the last merge is not above the cut, or the first is")
	}
	for k := 1; k <= 30; k++ {
		if got := cutOf(t, agreement(30, 3), k).clusters(); got != k {
			t.Errorf("cut into %d: %d clusters", k, got)
		}
	}
}

// TestDendrogramBranchesDoNotCross checks that each merge joins neighbours.
func TestDendrogramBranchesDoNotCross(t *testing.T) {
	d := cutOf(t, agreement(40, 4), 0)
	of := make([][]float64, 40)
	for i := range of {
		of[i] = []float64{d.place[i]}
	}
	for _, m := range d.tree.Merges {
		both := slices.Sorted(slices.Values(slices.Concat(of[m.A], of[m.B])))
		if width := both[len(both)-1] - both[0]; width != float64(len(both)-1) {
			t.Errorf("merge of %d items spans %g columns", len(both), width+1)
		}
		of = append(of, both)
	}
}

func TestConsensusSaysWhatTheTreeTells(t *testing.T) {
	for _, tc := range []struct {
		opt       Options
		want, not string
	}{
		{Options{}, "3 clusters", ""},
		{Options{Clusters: 5}, "5 clusters", ""},
		{Options{Clusters: 1}, "1 cluster", "clusters"},
		{Options{Subtitle: "mine"}, "mine", "cophenetic"},
		{Options{KeepOrder: true}, "", "cophenetic"},
	} {
		c, err := Consensus(agreement(12, 3), nil, tc.opt)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(texts(t, c), "|")
		if !strings.Contains(all, tc.want) || tc.not != "" && strings.Contains(all, tc.not) {
			t.Errorf("%+v: texts %q, want %q and not %q", tc.opt, all, tc.want, tc.not)
		}
	}
	for _, k := range []int{-1, 13} {
		_, err := Consensus(agreement(12, 3), nil, Options{Clusters: k})
		wantError(t, err, "Options.Clusters", "1 to 12")
	}
}
