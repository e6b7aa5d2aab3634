package chart

import (
	"fmt"
	"math"
)

// huge is beyond what is drawn: sums of such numbers would overflow.
const huge = 1e300

// undrawable reports whether v has no place on an axis.
func undrawable(v float64) bool { return math.IsNaN(v) || math.Abs(v) > huge }

// defect says what is wrong with an undrawable value.
func defect(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprintf("%g: not a finite number", v)
	}
	return fmt.Sprintf("%g: too large to draw, beyond %g: divide all by a power of ten", v, huge)
}
