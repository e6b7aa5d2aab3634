package chart

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/selection"
)

// maxConsensus is the largest consensus matrix that is drawn; ordering it
// takes three tables of that many squared.
const maxConsensus = 5000

// Consensus draws a consensus matrix: entry (i, j) is the share of fits, 0 to
// 1, in which items i and j fell into the same cluster, so the matrix is
// symmetric. If fits agree, it is made of dark blocks on white.
//
// Rows and columns are ordered by average linkage on 1 - consensus, as Brunet
// et al. (2004, doi:10.1073/pnas.0308531101) read it, and the tree stands above
// them: see selection.AverageLinkage. Below it a strip has one colour a cluster, of
// which there are Options.Clusters or, if that is 0, as many as the mean
// consensus between any two of them is less than a half. The subtitle, unless
// Options.Subtitle says something else, is the cophenetic correlation of the
// tree. KeepOrder leaves rows and columns as they are, without a tree. labels
// has one name an item and may be nil.
func Consensus(consensus mat.Matrix, labels []string, opt Options) (*Chart, error) {
	t, err := newTable(consensus, "consensus")
	if err != nil {
		return nil, err
	}
	n, cols := t.Dims()
	switch {
	case n != cols:
		return nil, fmt.Errorf("chart: consensus is %d x %d: it compares items with themselves, so it must be square", n, cols)
	case n > maxConsensus:
		return nil, fmt.Errorf("chart: consensus of %d items: draw at most %d, a sample of them", n, maxConsensus)
	case labels != nil && len(labels) != n:
		return nil, fmt.Errorf("chart: %d labels for %d items", len(labels), n)
	case opt.Clusters < 0 || opt.Clusters > n:
		return nil, fmt.Errorf("chart: Options.Clusters = %d for %d items: choose 1 to %d, or 0 to have the fits decide", opt.Clusters, n, n)
	}
	dist := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range n {
			v := t.At(i, j)
			switch {
			case undrawable(v):
				return nil, fmt.Errorf("chart: consensus[%d,%d] is %s", i, j, defect(v))
			case v < -1e-9 || v > 1+1e-9:
				return nil, fmt.Errorf("chart: consensus[%d,%d] is %g: a share of fits is between 0 and 1", i, j, v)
			case math.Abs(v-t.At(j, i)) > 1e-9:
				return nil, fmt.Errorf("chart: consensus[%d,%d] is %g but [%d,%d] is %g: it must be symmetric", i, j, v, j, i, t.At(j, i))
			}
			dist.SetSym(i, j, 1-v)
		}
	}
	order := inOrder(n)
	m := heatmap{shades: linear(0, 1), bar: "consensus", square: true}
	if !opt.KeepOrder && n > 1 {
		tree, err := selection.AverageLinkage(dist)
		if err != nil {
			return nil, fmt.Errorf("chart: %w", err)
		}
		order = leaves(tree, dist.At)
		d := newDendrogram(tree, order, opt.Clusters)
		m.head, m.drawHead = treeHeight, d.draw
		opt.Subtitle = or(opt.Subtitle, d.summary())
		m.desc = "Rows and columns are ordered by the tree above them: " + d.summary() + "."
	}
	m.desc = strings.TrimSpace(fmt.Sprintf("Heat map of how often each two of %s items fell into the same cluster. %s", count(n), m.desc))
	m.rows = side{n: n, unit: "items", names: pick(labels, order)}
	m.cols = m.rows
	if m.cells, err = t.average(order, order, maxCells, maxCells); err != nil {
		return nil, err
	}
	return m.chart("Consensus", opt)
}
