package block

import "gonmf/nmf/internal/kern"

// Sum returns the sum of a, as float64, in the order of its entries.
func Sum[T kern.Float](a []T) float64 {
	s := 0.0
	for _, v := range a {
		s += float64(v)
	}
	return s
}

// SumSquares returns the sum of the squares of a.
func SumSquares[T kern.Float](a []T) float64 {
	s := 0.0
	for _, v := range a {
		s += float64(v) * float64(v)
	}
	return s
}
