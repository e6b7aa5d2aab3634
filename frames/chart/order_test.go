package chart

import (
	"math/rand"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/selection"
	"gonmf/nmf/sparse"
)

func TestGroup(t *testing.T) {
	m := mat.NewDense(6, 2, []float64{
		1, 2, // 0: c1
		0, 0, // 1: nothing
		5, 1, // 2: c0
		0, 9, // 3: c1
		4, 4, // 4: c0, the first of equals
		5, 0, // 5: c0, as large as 2
	})
	want := []int{2, 5, 4, 3, 0, 1}
	rows := table{Matrix: m}.group(true)
	if !slices.Equal(rows.order, want) {
		t.Errorf("rows in order %v, want %v", rows.order, want)
	}
	if cols := (table{Matrix: m.T()}).group(false); !slices.Equal(cols.order, want) {
		t.Errorf("columns in order %v, want %v", cols.order, want)
	}
	if got, want := rows.rank(), []int{0, 1, 2, 0, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("ranks %v, want %v", got, want)
	}
	if got, want := rows.top(1).order, []int{2, 3}; !slices.Equal(got, want) {
		t.Errorf("the first of each group %v, want %v", got, want)
	}
}

func TestAverage(t *testing.T) {
	dense := mat.NewDense(3, 4, []float64{1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 12})
	var i, j []int
	var v []float64
	for r := range 3 {
		for c := range 4 {
			if x := dense.At(r, c); x != 0 {
				i, j, v = append(i, r), append(j, c), append(v, x)
			}
		}
	}
	csr, err := sparse.FromTriplets(3, 4, i, j, v)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]mat.Matrix{"dense": dense, "sparse": csr} {
		t.Run(name, func(t *testing.T) {
			for _, tc := range []struct {
				name             string
				rows, cols       []int
				maxRows, maxCols int
				want             []float64
			}{
				{"cell by cell", []int{2, 0, 1}, []int{3, 2, 1, 0}, 9, 9, []float64{12, 0, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5}},
				{"blocks", []int{0, 1, 2}, []int{0, 1, 2, 3}, 1, 2, []float64{14.0 / 6, 34.0 / 6}},
				{"some rows", []int{2, 0}, []int{0, 3}, 9, 9, []float64{0, 12, 1, 4}},
			} {
				t.Run(tc.name, func(t *testing.T) {
					c, err := table{Matrix: m}.average(tc.rows, tc.cols, tc.maxRows, tc.maxCols)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(c.v, tc.want) {
						t.Errorf("got %v, want %v", c.v, tc.want)
					}
				})
			}
		})
	}
}

// naiveClusters merges the closest two clusters by the mean over their pairs,
// step by step, and returns every cluster that forms.
func naiveClusters(dist []float64, n int) [][]int {
	var alive, all [][]int
	for i := range n {
		alive = append(alive, []int{i})
	}
	mean := func(a, b []int) (d float64) {
		for _, i := range a {
			for _, j := range b {
				d += dist[i*n+j]
			}
		}
		return d / float64(len(a)*len(b))
	}
	for len(alive) > 1 {
		bi, bj := 0, 1
		for i := range alive {
			for j := range i {
				if mean(alive[i], alive[j]) < mean(alive[bi], alive[bj]) {
					bi, bj = i, j
				}
			}
		}
		merged := append(slices.Clone(alive[bi]), alive[bj]...)
		alive = slices.Delete(alive, max(bi, bj), max(bi, bj)+1)
		alive[min(bi, bj)] = merged
		all = append(all, merged)
	}
	return all
}

// leavesOf returns the order in which n items with these distances are drawn.
func leavesOf(t *testing.T, dist []float64, n int) []int {
	t.Helper()
	d := mat.NewSymDense(n, dist)
	tree, err := selection.AverageLinkage(d)
	if err != nil {
		t.Fatal(err)
	}
	return leaves(tree, d.At)
}

func TestLeavesKeepClustersTogether(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for n := 1; n < 25; n++ {
		dist := make([]float64, n*n)
		for i := range n {
			for j := range i {
				dist[i*n+j] = rng.Float64()
				dist[j*n+i] = dist[i*n+j]
			}
		}
		order := leavesOf(t, dist, n)
		place := make([]int, n)
		for at, i := range order {
			place[i] = at
		}
		if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, inOrder(n)) {
			t.Fatalf("n = %d: %v is not a permutation", n, order)
		}
		for _, cluster := range naiveClusters(dist, n) {
			var at []int
			for _, i := range cluster {
				at = append(at, place[i])
			}
			if slices.Max(at)-slices.Min(at) != len(at)-1 {
				t.Errorf("n = %d: cluster %v is torn apart in %v", n, cluster, order)
			}
		}
	}
}

func TestLeavesTies(t *testing.T) {
	order := leavesOf(t, make([]float64, 100), 10)
	if again := leavesOf(t, make([]float64, 100), 10); !slices.Equal(order, again) {
		t.Errorf("%v, then %v", order, again)
	}
	if sorted := slices.Sorted(slices.Values(order)); !slices.Equal(sorted, inOrder(10)) {
		t.Errorf("%v is not a permutation", order)
	}
}
