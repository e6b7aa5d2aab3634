package selection_test

import (
	"fmt"
	"log"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/selection"
)

// distances returns those of which the tests know SciPy's tree.
func distances() *mat.SymDense {
	d := mat.NewSymDense(7, nil)
	for i := range 7 {
		for j := range i {
			d.SetSym(i, j, float64((7*i*i+3*j*j+5*i*j)%23+1)/24)
		}
	}
	return d
}

// What scipy.cluster.hierarchy.linkage and fcluster give (SciPy 1.17.1).
func TestAverageLinkageIsSciPys(t *testing.T) {
	tree, err := selection.AverageLinkage(distances())
	if err != nil {
		t.Fatal(err)
	}
	want := []selection.Merge{
		{A: 3, B: 6, Distance: 0.08333333, Size: 2}, {A: 4, B: 5, Distance: 0.08333333, Size: 2},
		{A: 0, B: 2, Distance: 0.25, Size: 2}, {A: 7, B: 8, Distance: 0.44791667, Size: 4},
		{A: 9, B: 10, Distance: 0.55208333, Size: 6}, {A: 1, B: 11, Distance: 0.63194444, Size: 7},
	}
	for i, m := range tree.Merges {
		w := want[i]
		if m.A != w.A || m.B != w.B || m.Size != w.Size || math.Abs(m.Distance-w.Distance) > 1e-8 {
			t.Errorf("merge %d is %+v, want %+v", i, m, w)
		}
	}
	for k, want := range map[int][]int{
		-1: {0, 0, 0, 0, 0, 0, 0},
		2:  {0, 1, 0, 0, 0, 0, 0},
		3:  {0, 1, 0, 2, 2, 2, 2},
		7:  {0, 1, 2, 3, 4, 5, 6},
		99: {0, 1, 2, 3, 4, 5, 6},
	} {
		if got := tree.Cut(k); !slices.Equal(got, want) {
			t.Errorf("cut into %d: %v, want %v", k, got, want)
		}
	}
}

func TestAverageLinkageOfOne(t *testing.T) {
	tree, err := selection.AverageLinkage(mat.NewSymDense(1, []float64{5}))
	if err != nil || len(tree.Merges) != 0 || !math.IsNaN(tree.Cophenetic) || !slices.Equal(tree.Cut(1), []int{0}) {
		t.Errorf("%+v, %v", tree, err)
	}
}

func TestAverageLinkageErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		dist mat.Symmetric
		want string
	}{
		"nil":       {nil, "of no items"},
		"nil dense": {(*mat.SymDense)(nil), "of no items"},
		"empty":     {&mat.SymDense{}, "of no items"},
		"NaN":       {mat.NewSymDense(2, []float64{0, math.NaN(), math.NaN(), 0}), "distance[1,0] = NaN"},
	} {
		if _, err := selection.AverageLinkage(tc.dist); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func ExampleAverageLinkage() {
	dist := mat.NewSymDense(4, []float64{ // two pairs
		0.0, 0.1, 0.9, 0.8,
		0.1, 0.0, 0.7, 0.8,
		0.9, 0.7, 0.0, 0.2,
		0.8, 0.8, 0.2, 0.0,
	})
	tree, err := selection.AverageLinkage(dist)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range tree.Merges {
		fmt.Printf("%d and %d at %.2f: %d items\n", m.A, m.B, m.Distance, m.Size)
	}
	fmt.Printf("cophenetic correlation %.3f\n", tree.Cophenetic)
	// Output:
	// 0 and 1 at 0.10: 2 items
	// 2 and 3 at 0.20: 2 items
	// 4 and 5 at 0.80: 4 items
	// cophenetic correlation 0.983
}

func ExampleDendrogram_Cut() {
	dist := mat.NewSymDense(3, []float64{
		0.0, 0.9, 0.1,
		0.9, 0.0, 0.9,
		0.1, 0.9, 0.0,
	})
	tree, err := selection.AverageLinkage(dist)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tree.Cut(2))
	// Output: [0 1 0]
}

// How well does the tree stand for the distances? 1 would be perfect.
func ExampleDendrogram() {
	tree, err := selection.AverageLinkage(mat.NewSymDense(3, []float64{0, 1, 8, 1, 0, 6, 8, 6, 0}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f\n", tree.Cophenetic)
	// Output:
	// 0.961
}

// Cluster 3 is what the first step made of items 0 and 1.
func ExampleMerge() {
	tree, err := selection.AverageLinkage(mat.NewSymDense(3, []float64{0, 1, 8, 1, 0, 6, 8, 6, 0}))
	if err != nil {
		log.Fatal(err)
	}
	last := tree.Merges[1]
	fmt.Println(last.A, last.B, "make a cluster of", last.Size)
	// Output:
	// 2 3 make a cluster of 3
}
