package selection_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/selection"
)

// bestTotal tries every pairing of the rows of cos with different columns.
func bestTotal(cos *mat.Dense, row int, used []bool) float64 {
	k, l := cos.Dims()
	if row == k {
		return 0
	}
	best := math.Inf(-1)
	if k > l { // a row may go without
		best = bestTotal(cos, row+1, used)
	}
	for s := range l {
		if !used[s] {
			used[s] = true
			best = max(best, cos.At(row, s)+bestTotal(cos, row+1, used))
			used[s] = false
		}
	}
	return best
}

func TestMatchComponentsFindsTheBestPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cols := rapid.IntRange(1, 4).Draw(t, "cols")
		entry := rapid.Map(rapid.IntRange(0, 9), func(v int) float64 { return float64(v) })
		draw := func(name string) *nmf.Model {
			k := rapid.IntRange(1, 5).Draw(t, "k of "+name)
			return &nmf.Model{H: mat.NewDense(k, cols, rapid.SliceOfN(entry, k*cols, k*cols).Draw(t, name))}
		}
		a, b := draw("a"), draw("b")
		m, err := selection.MatchComponents(a, b)
		if err != nil {
			t.Fatal(err)
		}
		k, l := a.Components(), b.Components()
		cos := mat.NewDense(k, l, nil)
		cos.Apply(func(i, j int, _ float64) float64 {
			x, y := a.H.RowView(i), b.H.RowView(j)
			if length := mat.Norm(x, 2) * mat.Norm(y, 2); length > 0 {
				return mat.Dot(x, y) / length
			}
			return 0
		}, cos)
		total, taken := 0.0, map[int]bool{}
		for i, j := range m.To {
			total += m.Cosine[i]
			if j < 0 {
				continue
			}
			if taken[j] || math.Abs(m.Cosine[i]-cos.At(i, j)) > 1e-12 {
				t.Fatalf("%+v, cosines\n%v", m, mat.Formatted(cos))
			}
			taken[j] = true
		}
		if len(taken) != min(k, l) {
			t.Fatalf("%d pairs of %d and %d components", len(taken), k, l)
		}
		if want := bestTotal(cos, 0, make([]bool, l)); math.Abs(total-want) > 1e-9 {
			t.Fatalf("total %v, want %v: %+v", total, want, m)
		}
	})
}

func TestMatchComponentsUndoesOrderAndScale(t *testing.T) {
	a := &nmf.Model{H: mat.NewDense(3, 4, []float64{1, 0, 0, 1, 0, 2, 0, 0, 0, 0, 3, 1})}
	b := &nmf.Model{H: mat.NewDense(3, 4, []float64{0, 0, 6, 2, .1, 0, 0, .1, 0, 7, 0, 0})}
	m, err := selection.MatchComponents(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.To, []int{1, 2, 0}) {
		t.Errorf("paired %v", m.To)
	}
	for _, c := range m.Cosine {
		if math.Abs(c-1) > 1e-15 {
			t.Errorf("cosines %v", m.Cosine)
		}
	}
	if _, err := selection.MatchComponents(a, &nmf.Model{H: mat.NewDense(3, 5, nil)}); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("other columns: %v", err)
	}
}

func ExampleMatchComponents() {
	a := &nmf.Model{H: mat.NewDense(2, 3, []float64{1, 0, 0, 0, 1, 1})}
	b := &nmf.Model{H: mat.NewDense(2, 3, []float64{0, 4, 3, 2, 0, 0})}
	m, err := selection.MatchComponents(a, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	for t, s := range m.To {
		fmt.Printf("c%d is c%d of the other, cosine %.2f\n", t, s, m.Cosine[t])
	}
	// Output:
	// c0 is c1 of the other, cosine 1.00
	// c1 is c0 of the other, cosine 0.99
}
