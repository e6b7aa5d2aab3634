package block

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// Known is what a half-step needs to know, as a whole, of the factor that it
// holds fixed. Only the parts that the loss uses are there.
type Known[T kern.Float] struct {
	Of     *Factor[T]
	Gram   []T // Of'Of, ld x ld
	Sums   []T // of Of's columns, ld
	Panels []T // Of transposed: see [Known.products]

	parts [][]T // partial sums of Of's columns
	step  int   // rows of a partial sum
	pack  func(worker, panel int)
	add   func(worker, block int)
}

// PanelCols is the number of columns of WH that are formed together: with
// DenseRows rows they fill a first-level cache.
const PanelCols = 128

// Needs says which parts of [Known] a loss uses.
type Needs struct{ Gram, Sums, Panels bool }

// NewKnown makes room for the parts; a [Carrier] fills them in.
func NewKnown[T kern.Float](f *Factor[T], n Needs) *Known[T] {
	x := &Known[T]{Of: f}
	if n.Gram {
		x.Gram = Aligned[T](f.LD * f.LD)
	}
	if n.Sums {
		x.Sums = Aligned[T](f.LD)
		x.step = max(gramRows, (f.Rows+gramParts-1)/gramParts)
		for range (f.Rows + x.step - 1) / x.step {
			x.parts = append(x.parts, Aligned[T](f.LD))
		}
		x.add = x.addBlock
	}
	if n.Panels {
		x.Panels = Aligned[T](PanelsOf(f.Rows) * f.K * PanelCols)
		x.pack = x.packPanel
	}
	return x
}

// PanelsOf returns the number of panels of a factor.
func PanelsOf(rows int) int { return (rows + PanelCols - 1) / PanelCols }

// look computes the parts from the factor as it stands, which may be
// another now, one without more rows than the first.
func (x *Known[T]) look(pool *par.Pool, gram *gramSums[T]) {
	if x.Gram != nil {
		gram.of(pool, x.Gram, x.Of)
	}
	if x.Sums != nil {
		blocks := (x.Of.Rows + x.step - 1) / x.step
		pool.Run(blocks, x.add)
		clear(x.Sums)
		for _, part := range x.parts[:blocks] {
			for t, v := range part {
				x.Sums[t] += v
			}
		}
	}
	if x.Panels != nil {
		pool.Run(PanelsOf(x.Of.Rows), x.pack)
	}
}

func (x *Known[T]) addBlock(_, b int) {
	part := x.parts[b]
	clear(part)
	for j := b * x.step; j < min((b+1)*x.step, x.Of.Rows); j++ {
		for t, v := range x.Of.Padded(j) {
			part[t] += v
		}
	}
}

func (x *Known[T]) packPanel(_, b int) {
	panel := x.Panels[b*x.Of.K*PanelCols:][:x.Of.K*PanelCols]
	for c := range min(PanelCols, x.Of.Rows-b*PanelCols) {
		for t, v := range x.Of.Row(b*PanelCols + c) {
			panel[t*PanelCols+c] = v
		}
	}
}

// Products sets y, rows of PanelCols, to the products of rows i to i+rows-1
// of t with the rows of Of in panel b: a part of WH or of its transpose.
func (x *Known[T]) Products(y []T, t *Factor[T], i, rows, b int) {
	y = y[:rows*PanelCols]
	clear(y)
	kern.MulDense(y, t.A[i*t.LD:], t.LD, t.K, x.Panels[b*x.Of.K*PanelCols:][:x.Of.K*PanelCols], PanelCols, PanelCols)
}
