// Package stats sums.
package stats

import "errors"

// ErrEmpty says so.
var ErrEmpty = errors.New("empty")

// A Stats has sums.
type Stats struct {
	n   int
	sum float64
}

// Add adds.
func (s *Stats) Add(x float64) { s.n++; s.sum += x }

// Mean is it.
func (s Stats) Mean() (float64, error) {
	if s.n == 0 {
		return 0, ErrEmpty
	}
	return s.sum / float64(s.n), nil
}

// Sum of numbers.
func Sum[T int | float64](xs []T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s
}

func hidden() int { return 7 }
