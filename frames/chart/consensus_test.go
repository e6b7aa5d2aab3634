package chart

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// agreement returns the consensus of n items in k interleaved clusters.
func agreement(n, k int) *mat.Dense {
	c := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			switch {
			case i == j:
				c.Set(i, j, 1)
			case i%k == j%k:
				c.Set(i, j, 0.9-0.1*float64((i+j)%3))
			case i%k+j%k == 1:
				c.Set(i, j, 0.2)
			}
		}
	}
	return c
}

func TestConsensusGolden(t *testing.T) {
	names := make([]string, 30)
	for i := range names {
		names[i] = string(rune('A'+i%3)) + string(rune('a'+i/3))
	}
	c, err := Consensus(agreement(30, 3), names, Options{Title: "Consensus"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "consensus", c)
	readable(t, c)
	// The clusters come whole, one after the other.
	var groups []byte
	for _, l := range labelsOf(t, c) {
		if len(l.text) == 2 && (len(groups) == 0 || groups[len(groups)-1] != l.text[0]) {
			groups = append(groups, l.text[0])
		}
	}
	if groups = slices.Compact(groups[:len(groups)/2]); len(groups) != 3 {
		t.Errorf("clusters come in pieces: %s", groups)
	}
}

func TestConsensusKeepOrder(t *testing.T) {
	names := []string{"n0", "n1", "n2", "n3"}
	c, err := Consensus(agreement(4, 2), names, Options{KeepOrder: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := labelsWith(t, c, "n")[:4]; !slices.Equal(got, names) {
		t.Errorf("rows %q, want %q", got, names)
	}
}

func TestConsensusErrors(t *testing.T) {
	for _, tc := range []struct {
		name   string
		m      mat.Matrix
		labels []string
		want   []string
	}{
		{"nil", nil, nil, []string{"consensus is nil"}},
		{"not square", mat.NewDense(2, 3, nil), nil, []string{"2 x 3", "square"}},
		{"labels", mat.NewDense(2, 2, nil), []string{"a"}, []string{"1 labels for 2 items"}},
		{"too large", mat.NewDiagDense(5001, nil), nil, []string{"5001 items", "at most 5000"}},
		{"NaN", mat.NewDense(1, 1, []float64{math.NaN()}), nil, []string{"consensus[0,0] is NaN"}},
		{"no share", mat.NewDense(2, 2, []float64{1, 7, 7, 1}), nil, []string{"consensus[0,1] is 7", "between 0 and 1"}},
		{"asymmetric", mat.NewDense(2, 2, []float64{1, 0.5, 0.25, 1}), nil, []string{"[0,1] is 0.5", "[1,0] is 0.25", "symmetric"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Consensus(tc.m, tc.labels, Options{})
			wantError(t, err, tc.want...)
		})
	}
}
