package chart

import (
	"fmt"
	"math"
	"reflect"

	"gonum.org/v1/gonum/mat"
)

// A table is a matrix that is to be drawn. Its rows or its columns may be
// divided by numbers, to compare components of different size.
type table struct {
	mat.Matrix
	name           string // in errors: W, X, ...
	divRow, divCol []float64
}

// newTable refuses a matrix without entries. A nil *mat.Dense in the interface
// is as nil as nil: it is what remains of a fit that failed.
func newTable(m mat.Matrix, name string) (table, error) {
	if v := reflect.ValueOf(m); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return table{}, fmt.Errorf("chart: %s is nil: pass a matrix", name)
	}
	if r, c := m.Dims(); r == 0 || c == 0 {
		return table{}, fmt.Errorf("chart: %s is empty (%d x %d): nothing to draw", name, r, c)
	}
	return table{Matrix: m, name: name}, nil
}

// row calls visit for the entries of row i, from a sparse matrix for those
// that are stored.
func (t table) row(i int, visit func(j int, v float64)) {
	scaled := func(j int, v float64) {
		if t.divRow != nil {
			v /= t.divRow[i]
		}
		if t.divCol != nil {
			v /= t.divCol[j]
		}
		visit(j, v)
	}
	if s, ok := t.Matrix.(mat.RowNonZeroDoer); ok {
		s.DoRowNonZero(i, func(_, j int, v float64) { scaled(j, v) })
		return
	}
	_, cols := t.Dims()
	for j := range cols {
		scaled(j, t.At(i, j))
	}
}

// relative divides each row, or each column, by its largest value.
func (t *table) relative(rows bool) {
	n, m := t.Dims()
	largest := make([]float64, m)
	if rows {
		largest = make([]float64, n)
	}
	for i := range n {
		t.row(i, func(j int, v float64) {
			k := j
			if rows {
				k = i
			}
			largest[k] = max(largest[k], v)
		})
	}
	for k, v := range largest {
		if v == 0 {
			largest[k] = 1
		}
	}
	if rows {
		t.divRow = largest
	} else {
		t.divCol = largest
	}
}

// cells are the values of a heat map.
type cells struct {
	rows, cols int
	v          []float64
}

func (c cells) at(i, j int) float64 { return c.v[i*c.cols+j] }

// bounds returns the least and the largest value.
func (c cells) bounds() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range c.v {
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// maxCells is how many rows or columns of cells a heat map has at most: about
// as many as it has pixels.
const maxCells = 720

// blocks shares out those of n rows that are in the order among at most
// limit blocks: block[i] is that of row i, -1 if it has none, size[b] how
// many rows block b has.
func blocks(n int, order []int, limit int) (block, size []int) {
	size = make([]int, min(len(order), limit))
	block = make([]int, n)
	for i := range block {
		block[i] = -1
	}
	for at, i := range order {
		b := at * len(size) / len(order)
		block[i] = b
		size[b]++
	}
	return block, size
}

// average returns the cells of t with its rows and columns in the given
// orders, which may leave some out. Where there are more than maxRows or
// maxCols, a cell is the mean of a block. An entry that is not finite is an
// error.
func (t table) average(rowOrder, colOrder []int, maxRows, maxCols int) (cells, error) {
	n, m := t.Dims()
	rowBlock, rowSize := blocks(n, rowOrder, maxRows)
	colBlock, colSize := blocks(m, colOrder, maxCols)
	c := cells{len(rowSize), len(colSize), make([]float64, len(rowSize)*len(colSize))}
	bad := -1
	for i, b := range rowBlock {
		t.row(i, func(j int, v float64) {
			if undrawable(v) && bad < 0 {
				bad = j
			}
			if d := colBlock[j]; b >= 0 && d >= 0 {
				c.v[b*c.cols+d] += v
			}
		})
		if bad >= 0 {
			return cells{}, fmt.Errorf("chart: %s[%d,%d] is %s", t.name, i, bad, defect(t.At(i, bad)))
		}
	}
	for b := range rowSize {
		for d := range colSize {
			c.v[b*c.cols+d] /= float64(rowSize[b] * colSize[d])
		}
	}
	return c, nil
}

// inOrder returns 0, 1, ..., n-1.
func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}
