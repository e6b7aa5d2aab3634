package nmf

import (
	"math"

	"gonmf/nmf/internal/kern"
)

// single reports whether T is float32.
func single[T kern.Float]() bool {
	var zero T
	_, yes := any(zero).(float32)
	return yes
}

// maxFinite returns the largest finite T.
func maxFinite[T kern.Float]() T {
	if single[T]() {
		return math.MaxFloat32
	}
	most := math.MaxFloat64
	return T(most)
}
