package sparse

import (
	"math"
	"math/rand/v2"
	"sort"
)

// PowerLaw returns a rows x cols matrix of about so many ones, at random places,
// whose rows and columns have the popularity of items and users in a shop: that
// of rank r is in proportion to r^-0.8 (rows) and r^-0.6 (columns). It is to try
// things on, at any size, before there are data.
func PowerLaw(rows, cols, ones int, seed uint64) (*CSR, error) {
	rng := rand.New(rand.NewPCG(seed, 0))
	ranked := func(n int, exponent float64) func() int {
		upTo := make([]float64, n)
		total := 0.0
		for i := range upTo {
			total += math.Pow(float64(i+1), exponent)
			upTo[i] = total
		}
		return func() int { return min(sort.SearchFloat64s(upTo, rng.Float64()*total), n-1) }
	}
	if err := checkDims(rows, cols); err != nil {
		return nil, err
	}
	row, col := ranked(rows, -.8), ranked(cols, -.6)
	draws := max(ones, 0) * 135 / 100 // many meet a place that has one
	i, j, v := make([]int, draws), make([]int, draws), make([]float64, draws)
	for p := range v {
		i[p], j[p], v[p] = row(), col(), 1
	}
	m, err := FromTriplets(rows, cols, i, j, v)
	if err != nil {
		return nil, err
	}
	for p := range m.val {
		m.val[p] = 1
	}
	return m, nil
}
