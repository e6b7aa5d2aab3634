package block

import (
	"math"

	"gonmf/nmf/internal/kern"
)

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

// Single reports whether T is float32.
func Single[T kern.Float]() bool {
	var zero T
	_, single := any(zero).(float32)
	return single
}

// Largest returns the largest number that a T can be.
func Largest[T kern.Float]() float64 {
	if Single[T]() {
		return math.MaxFloat32
	}
	return math.MaxFloat64
}
