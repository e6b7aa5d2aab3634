package block

import (
	"runtime"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// Multiply returns w h, made by some workers (below 1: GOMAXPROCS), a panel of columns and some rows of it at a time.
func Multiply(w, h blas64.General, workers int) *mat.Dense {
	const (
		most  = 32 * DenseRows // rows for which a panel is packed once
		alone = 1 << 18        // products that are not worth sharing
	)
	out := mat.NewDense(w.Rows, h.Cols, nil)
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	if w.Rows*h.Rows < alone/h.Cols {
		workers = 1
	}
	pool := par.NewPool(workers)
	defer pool.Close()
	panels := PanelsOf(h.Cols)
	pool.Run((w.Rows+most-1)/most*panels, func(_, b int) {
		lo := b % panels * PanelCols
		width := min(PanelCols, h.Cols-lo)
		panel, y := Aligned[float64](h.Rows*PanelCols), Aligned[float64](DenseRows*PanelCols)
		for t := range h.Rows {
			copy(panel[t*PanelCols:], h.Data[t*h.Stride+lo:][:width])
		}
		first := b / panels * most
		for i := first; i < min(first+most, w.Rows); i += DenseRows {
			rows := min(DenseRows, w.Rows-i, first+most-i)
			y := y[:rows*PanelCols]
			clear(y)
			kern.MulDense(y, w.Data[i*w.Stride:], w.Stride, h.Rows, panel, PanelCols, width)
			for r := range rows {
				copy(out.RawRowView(i + r)[lo:], y[r*PanelCols:][:width])
			}
		}
	})
	return out
}
