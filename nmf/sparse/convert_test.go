package sparse_test

import (
	"errors"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf/sparse"
)

func TestDenseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawCSR(t)
		d, err := m.ToDense()
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(m, d) {
			t.Fatalf("dense\n%v", mat.Formatted(d))
		}
		for name, x := range map[string]mat.Matrix{"dense": d, "view": d.T().T(), "sparse": m} {
			back, err := sparse.FromDense(x)
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(back, d) {
				t.Fatalf("%s: back\n%v", name, mat.Formatted(back))
			}
		}
	})
}

func TestToDenseRefusesWhatCannotFit(t *testing.T) {
	m, err := sparse.FromTriplets(1<<20, 1<<20, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.ToDense(); !errors.Is(err, sparse.ErrShape) {
		t.Errorf("error %v", err)
	}
}

func TestSelectRows(t *testing.T) {
	m, err := sparse.FromDense(threeByFour)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		rows []int
		want *mat.Dense
	}{
		{"in another order", []int{2, 0}, mat.NewDense(2, 4, []float64{0, 0, .25, 0, 0, 1.5, 0, 0})},
		{"twice", []int{1, 1}, mat.NewDense(2, 4, []float64{2, 0, 0, 3, 2, 0, 0, 3})},
		{"none", nil, &mat.Dense{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := m.SelectRows(test.rows)
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.ToDense()
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(d, test.want) {
				t.Errorf("selected\n%v", mat.Formatted(s))
			}
		})
	}
	for _, bad := range []int{-1, 3} {
		_, err := m.SelectRows([]int{0, bad})
		if !errors.Is(err, sparse.ErrShape) {
			t.Errorf("row %d: error %v", bad, err)
		}
	}
}

func TestFilter(t *testing.T) {
	m, err := sparse.FromDense(threeByFour)
	if err != nil {
		t.Fatal(err)
	}
	var seen []float64
	got := m.Filter(func(i, j int, v float64) bool {
		if v != threeByFour.At(i, j) {
			t.Errorf("(%d,%d) is said to be %v", i, j, v)
		}
		seen = append(seen, v)
		return v > 1.7
	})
	if !slices.Equal(seen, []float64{1.5, 2, 3, .25}) {
		t.Errorf("asked about %v", seen)
	}
	if want := mat.NewDense(3, 4, []float64{4: 2, 7: 3, 11: 0}); !mat.Equal(got, want) || got.NNZ() != 2 {
		t.Errorf("kept\n%v", mat.Formatted(got))
	}
}

func TestMap(t *testing.T) {
	m, err := sparse.FromDense(threeByFour)
	if err != nil {
		t.Fatal(err)
	}
	twice := m.Map(func(i, j int, v float64) float64 {
		if v != threeByFour.At(i, j) {
			t.Errorf("(%d,%d) is said to be %v", i, j, v)
		}
		return 2 * v
	})
	var want mat.Dense
	want.Scale(2, threeByFour)
	if !mat.Equal(twice, &want) || twice.NNZ() != m.NNZ() {
		t.Errorf("twice it is\n%v", mat.Formatted(twice))
	}
	if !mat.Equal(m, threeByFour) {
		t.Error("the matrix itself has changed")
	}
	empty := new(sparse.CSR).Map(func(int, int, float64) float64 { t.Error("an empty matrix has entries"); return 0 })
	if empty.NNZ() != 0 {
		t.Errorf("of an empty matrix it is %v", empty)
	}
}

func TestSums(t *testing.T) {
	m, err := sparse.FromDense(threeByFour)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.RowSums(); !slices.Equal(got, []float64{1.5, 5, .25}) {
		t.Errorf("row sums %v", got)
	}
	if got := m.ColSums(); !slices.Equal(got, []float64{2, 1.5, .25, 3}) {
		t.Errorf("column sums %v", got)
	}
	if got := m.RowNNZ(); !slices.Equal(got, []int{1, 2, 1}) {
		t.Errorf("entries by row %v", got)
	}
	if got := m.ColNNZ(); !slices.Equal(got, []int{1, 1, 1, 1}) {
		t.Errorf("entries by column %v", got)
	}
}
