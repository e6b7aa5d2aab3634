package nmf

import "gonmf/nmf/internal/kern"

// fixed is what a half-step needs to know of the factor f that it holds
// fixed. Only the parts that the loss uses are there.
type fixed[T kern.Float] struct {
	f      *factor[T]
	gram   []T // f'f, ld x ld
	sums   []T // of f's columns, ld
	panels []T // f transposed: see [fixed.products]

	parts [][]T // partial sums of f's columns
	step  int   // rows of a partial sum
	pack  func(worker, panel int)
	add   func(worker, block int)
}

// panelCols is the number of columns of WH that are formed together: with
// denseRows rows they fill a first-level cache.
const panelCols = 128

// needs says which parts of [fixed] a loss uses.
type needs struct{ gram, sums, panels bool }

func newFixed[T kern.Float](f *factor[T], n needs) *fixed[T] {
	x := &fixed[T]{f: f}
	if n.gram {
		x.gram = alignedSlice[T](f.ld * f.ld)
	}
	if n.sums {
		x.sums = alignedSlice[T](f.ld)
		x.step = max(gramRows, (f.rows+gramParts-1)/gramParts)
		for range (f.rows + x.step - 1) / x.step {
			x.parts = append(x.parts, alignedSlice[T](f.ld))
		}
		x.add = x.addBlock
	}
	if n.panels {
		x.panels = alignedSlice[T](panelsOf(f.rows) * f.k * panelCols)
		x.pack = x.packPanel
	}
	return x
}

func panelsOf(rows int) int { return (rows + panelCols - 1) / panelCols }

// prepare computes the parts from f as it stands. f may have become another
// factor, one without more rows than the first.
func (x *fixed[T]) prepare(p *problem[T]) {
	if x.gram != nil {
		p.gramOf(x.gram, x.f)
	}
	if x.sums != nil {
		blocks := (x.f.rows + x.step - 1) / x.step
		p.pool.Run(blocks, x.add)
		clear(x.sums)
		for _, part := range x.parts[:blocks] {
			for t, v := range part {
				x.sums[t] += v
			}
		}
	}
	if x.panels != nil {
		p.pool.Run(panelsOf(x.f.rows), x.pack)
	}
}

func (x *fixed[T]) addBlock(_, b int) {
	part := x.parts[b]
	clear(part)
	for j := b * x.step; j < min((b+1)*x.step, x.f.rows); j++ {
		for t, v := range x.f.padded(j) {
			part[t] += v
		}
	}
}

func (x *fixed[T]) packPanel(_, b int) {
	panel := x.panels[b*x.f.k*panelCols:][:x.f.k*panelCols]
	for c := range min(panelCols, x.f.rows-b*panelCols) {
		for t, v := range x.f.row(b*panelCols + c) {
			panel[t*panelCols+c] = v
		}
	}
}

// products sets y, rows of panelCols, to the products of rows i to i+rows-1
// of t with the rows of f in panel b: a part of WH or of its transpose.
func (x *fixed[T]) products(y []T, t *factor[T], i, rows, b int) {
	y = y[:rows*panelCols]
	clear(y)
	kern.MulDense(y, t.a[i*t.ld:], t.ld, t.k, x.panels[b*x.f.k*panelCols:][:x.f.k*panelCols], panelCols, panelCols)
}
