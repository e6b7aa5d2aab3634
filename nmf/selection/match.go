package selection

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
)

// Match pairs the components of two models of the same columns.
type Match struct {
	// To holds for each component of the first model the one of the second
	// that it is paired with, -1 for none where the second has fewer.
	To []int

	// Cosine holds the cosines of the pairs' rows of H, 0 where there is none.
	Cosine []float64
}

// MatchComponents pairs each component of a with one of b, such that the sum
// of the cosines of their rows of H is the largest that there is (Kuhn 1955,
// doi:10.1002/nav.3800020109). Order and scale of components do not matter.
func MatchComponents(a, b *nmf.Model) (*Match, error) {
	_, colsA := a.H.Dims()
	_, colsB := b.H.Dims()
	if colsA != colsB {
		return nil, kind.Errorf(nmf.ErrShape, "selection: match: one model has %d columns and the other %d", colsA, colsB)
	}
	return matchRows(a.H, b.H), nil
}

// matchRows pairs the rows of two matrices of as many columns.
func matchRows(a, b *mat.Dense) *Match {
	cos := cosines(a, b)
	k, l := cos.Dims()
	m := &Match{To: make([]int, k), Cosine: make([]float64, k)}
	if k <= l {
		m.To = assign(k, l, cos.At)
	} else {
		for t := range m.To {
			m.To[t] = -1
		}
		for s, t := range assign(l, k, func(s, t int) float64 { return cos.At(t, s) }) {
			m.To[t] = s
		}
	}
	for t, s := range m.To {
		if s >= 0 {
			m.Cosine[t] = cos.At(t, s)
		}
	}
	return m
}

// cosines returns the cosines of the rows of a with those of b; those of a row
// of zeros are 0.
func cosines(a, b *mat.Dense) *mat.Dense {
	var c mat.Dense
	c.Mul(unitLengths(a), unitLengths(b).T())
	return &c
}

func unitLengths(a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	rows, _ := out.Dims()
	for i := range rows {
		row := out.RawRowView(i)
		if length := floats.Norm(row, 2); length > 0 {
			for j := range row {
				row[j] /= length
			}
		}
	}
	return out
}

// assign returns for each of n rows a column of its own, of m >= n, such that
// the sum of their gains is the largest: shortest augmenting paths with
// potentials, O(n^2 m) (Jonker and Volgenant 1987, doi:10.1007/BF02278710).
func assign(n, m int, gain func(i, j int) float64) []int {
	// Rows and columns count from 1 here; column 0 stands for "none yet".
	u, v := make([]float64, n+1), make([]float64, m+1)
	owner, from := make([]int, m+1), make([]int, m+1)
	least, done := make([]float64, m+1), make([]bool, m+1)
	for i := 1; i <= n; i++ {
		for j := range least {
			least[j], done[j] = math.Inf(1), false
		}
		owner[0] = i
		at := 0
		for owner[at] != 0 {
			done[at] = true
			row, next, step := owner[at], 0, math.Inf(1)
			for j := 1; j <= m; j++ {
				if done[j] {
					continue
				}
				if d := -gain(row-1, j-1) - u[row] - v[j]; d < least[j] {
					least[j], from[j] = d, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := range done {
				if done[j] {
					u[owner[j]] += step
					v[j] -= step
				} else {
					least[j] -= step
				}
			}
			at = next
		}
		for at != 0 {
			owner[at] = owner[from[at]]
			at = from[at]
		}
	}
	to := make([]int, n)
	for j := 1; j <= m; j++ {
		if owner[j] != 0 {
			to[owner[j]-1] = j - 1
		}
	}
	return to
}

// agreement returns how alike two sets of components are, 0 to 1: with C the
// cosines of a's rows and b's, the mean of the largest of each row and of the
// largest of each column of C.
func agreement(a, b *mat.Dense) float64 {
	c := cosines(a, b)
	k, l := c.Dims()
	rows, cols := 0.0, 0.0
	for t := range k {
		rows += mat.Max(c.RowView(t))
	}
	for s := range l {
		cols += mat.Max(c.ColView(s))
	}
	return (rows/float64(k) + cols/float64(l)) / 2
}
