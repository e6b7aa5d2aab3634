// Package nmftest has the matrices and models that tests of several packages look at.
package nmftest

import (
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
)

// Shop has six items in two groups and six users, each of one group.
var Shop = mat.NewDense(6, 6, []float64{
	1, 1, 0, 0, 0, 0,
	1, 1, 1, 0, 0, 0,
	1, 0, 1, 0, 0, 0,
	0, 0, 0, 1, 1, 0,
	0, 0, 0, 1, 1, 1,
	0, 0, 0, 1, 0, 1,
})

// Blocks is a 9 x 8 matrix of three groups of rows, with a little of
// everything everywhere.
var Blocks = func() *mat.Dense {
	x := mat.NewDense(9, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		v := .1 + .01*float64((3*i+5*j)%7)
		if i/3 == j*3/8 {
			v += float64(2 + (i+j)%3)
		}
		return v
	}, x)
	return x
}()

// NewRows are five rows to fold in, one of them zero.
var NewRows = func() *mat.Dense {
	x := mat.NewDense(5, 8, nil)
	x.Apply(func(i, j int, _ float64) float64 {
		if i == 3 || (i+j)%3 == 0 {
			return 0
		}
		return float64((7*i+3*j)%5) / 4
	}, x)
	return x
}()

// DrawModel draws a model with entries of sizes that differ, some zero.
func DrawModel(t *rapid.T) *nmf.Model {
	n, k, m := rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "k"), rapid.IntRange(1, 5).Draw(t, "m")
	entry := rapid.Custom(func(t *rapid.T) float64 {
		if rapid.IntRange(0, 3).Draw(t, "zero") == 0 {
			return 0
		}
		return rapid.Float64Range(1e-3, 1e3).Draw(t, "v")
	})
	return &nmf.Model{
		W: mat.NewDense(n, k, rapid.SliceOfN(entry, n*k, n*k).Draw(t, "W")),
		H: mat.NewDense(k, m, rapid.SliceOfN(entry, k*m, k*m).Draw(t, "H")),
	}
}
