package chart

import (
	"fmt"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// Components draws W (n x k) or H (k x m) as a heat map: entries against
// components. The components lie along the side that labels do not name, or,
// without labels, along the shorter one; of a square matrix they are the
// columns.
//
// Entries come clustered: by the component that is largest there, and within
// one component from its largest value down, so that each component shows as
// a step of a staircase with its strongest entries first; KeepOrder leaves
// them as they are. Top draws only that many entries of each component. If
// there are more labels than fit, the strongest entries of each component are
// named first. Relative divides each component by its largest value, before
// the entries are ordered. Options.Names are the names of the components.
//
// Where most entries are small against the largest, colours follow the square
// root of the values; the colour bar shows it.
func Components(factor mat.Matrix, labels []string, opt Options) (*Chart, error) {
	t, err := newTable(factor, "factor")
	if err != nil {
		return nil, err
	}
	rows, cols := t.Dims()
	entriesInRows := rows >= cols
	if labels != nil {
		switch len(labels) {
		case rows:
			entriesInRows = true
		case cols:
			entriesInRows = false
		default:
			return nil, fmt.Errorf("chart: %d labels for a factor of %d x %d: one for each row or each column", len(labels), rows, cols)
		}
	}
	if opt.Top < 0 {
		return nil, fmt.Errorf("chart: Options.Top = %d: how many entries of each component, or 0 for all", opt.Top)
	}
	if opt.Relative {
		t.relative(!entriesInRows)
	}
	k := cols
	if !entriesInRows {
		k = rows
	}
	names, err := opt.names(k)
	if err != nil {
		return nil, err
	}
	g := t.group(entriesInRows)
	if opt.Top > 0 {
		g = g.top(opt.Top)
	}
	var rank []int
	if opt.KeepOrder {
		sort.Ints(g.order)
	} else {
		rank = g.rank()
	}
	m := heatmap{bar: "weight"}
	if opt.Relative {
		m.bar = "relative"
	}
	entrySide := side{n: len(g.order), unit: "entries", names: pick(labels, g.order), rank: rank}
	componentSide := side{n: k, label: "component", names: names}
	if entriesInRows {
		m.rows, m.cols = entrySide, componentSide
		m.cells, err = t.average(g.order, inOrder(k), maxCells, maxCells)
	} else {
		m.rows, m.cols = componentSide, entrySide
		m.cells, err = t.average(inOrder(k), g.order, maxCells, maxCells)
	}
	if err != nil {
		return nil, err
	}
	m.shades = m.shading()
	lo, hi := m.bounds()
	m.desc = fmt.Sprintf("Heat map of %s entries against %s components, values from %s to %s.", count(len(g.order)), count(k), number(lo, 0), number(hi, 0))
	return m.chart("Components", opt)
}
