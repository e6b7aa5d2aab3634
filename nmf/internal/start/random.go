package start

import (
	"math"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/nprand"
)

// Random draws H and then W as scikit-learn does: absolute values of
// normals scaled so that an entry of WH is of the size of the mean of X.
func Random[T kern.Float](w, ht *block.Factor[T], mean float64, seed uint32) {
	a := math.Sqrt(mean / float64(w.K))
	rng := nprand.New(seed)
	for t := range w.K {
		for j := range ht.Rows {
			ht.Row(j)[t] = T(math.Abs(a * rng.Normal()))
		}
	}
	for i := range w.Rows {
		row := w.Row(i)
		for t := range row {
			row[t] = T(math.Abs(a * rng.Normal()))
		}
	}
}
