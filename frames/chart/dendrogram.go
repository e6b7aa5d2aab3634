package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
	"gonmf/nmf/selection"
)

// A dendrogram is a tree over the columns of a consensus matrix: a branch is as
// high as the consensus between the clusters that it joins is low.
type dendrogram struct {
	tree    *selection.Dendrogram
	place   []float64 // of each item and each merge, in columns
	cluster []int     // of each item and each merge, by the order they are drawn; -1 above the cut
	at      float64   // distance of the cut; 0: none is drawn
}

// branchCut is the distance below which clusters are one if nobody says how
// many there are: two items in it fall together in half of the fits or more.
const branchCut = 0.5

// newDendrogram cuts the tree into k clusters, or, if k is 0, at branchCut.
func newDendrogram(tree *selection.Dendrogram, order []int, k int) dendrogram {
	n := len(order)
	d := dendrogram{tree: tree, place: make([]float64, 2*n-1), cluster: make([]int, 2*n-1)}
	if k == 0 {
		d.at = branchCut
		k = n
		for k > 1 && tree.Merges[n-k].Distance <= branchCut {
			k--
		}
	}
	cut := tree.Cut(k)
	drawn := map[int]int{} // the clusters from the first drawn on
	for at, i := range order {
		if _, ok := drawn[cut[i]]; !ok {
			drawn[cut[i]] = len(drawn)
		}
		d.place[i], d.cluster[i] = float64(at)+0.5, drawn[cut[i]]
	}
	for i, m := range tree.Merges {
		d.place[n+i] = (d.place[m.A] + d.place[m.B]) / 2
		d.cluster[n+i] = -1
		if i < n-k {
			d.cluster[n+i] = d.cluster[m.A]
		}
	}
	return d
}

// clusters returns how many clusters the cut leaves.
func (d dendrogram) clusters() (k int) {
	for _, c := range d.cluster {
		k = max(k, c+1)
	}
	return k
}

// summary says in a line what the tree tells.
func (d dendrogram) summary() string {
	k := plural(d.clusters(), "cluster")
	if len(d.tree.Merges) < 2 { // of a single pair a correlation says nothing
		return k
	}
	return fmt.Sprintf("cophenetic correlation %.3f, %s", d.tree.Cophenetic, k)
}

// color returns the colour of a cluster: neighbours differ.
func (d dendrogram) color(cluster int) color.NRGBA {
	if cluster < 0 {
		return page.Faint
	}
	return page.LineColors[cluster%len(page.LineColors)]
}

// Parts of the room that a tree takes above a panel.
const (
	treeHeight = 66.0
	treeTop    = 8.0 // above, for the half of a number that stands at the top
	stripH     = 6.0
	stripGap   = 3.0
)

// draw draws the tree into r, which has the columns of the panel below, and
// a strip with the colours of the clusters at its foot.
func (d dendrogram) draw(p *page.Pen, r page.Rect) {
	n := len(d.tree.Merges) + 1
	strip := page.Area(r.X0, r.Y1-stripGap-stripH, r.X1, r.Y1-stripGap)
	y := newAxis(scale{hi: 1, from: strip.Y0 - stripGap, to: r.Y0 + treeTop}, "", 2, false)
	x := scale{hi: float64(n), from: r.X0, to: r.X1}
	d.drawStrip(p, strip, x)

	// The numbers tell the consensus, as the colours below do.
	t := page.TextStyle{Size: page.TickSize, Color: page.Faint, Y: page.Middle}
	for _, v := range []float64{0, 0.5, 1} {
		p.Line(page.Stroke{Color: page.Gridline, Width: 0.6}, page.At(r.X0, y.at(v)), page.At(r.X1, y.at(v)))
		p.Write(t, r.X1+5, y.at(v), number(1-v, 0))
	}
	width := clamp((r.X1-r.X0)/float64(n)/4, 0.4, 1)
	const seen = 0.3 // points; less than that is not
	height := func(c int) float64 {
		if c < n {
			return y.from
		}
		return y.at(clamp(d.tree.Merges[c-n].Distance, 0, 1))
	}
	for i := n - 2; i >= 0; i-- {
		m := d.tree.Merges[i]
		a, b, top := x.at(d.place[m.A]), x.at(d.place[m.B]), height(n+i)
		if math.Abs(a-b) < seen && y.from-top < seen {
			continue
		}
		s := page.Stroke{Color: d.color(d.cluster[n+i]), Width: width}
		p.Line(s, page.At(a, height(m.A)), page.At(a, top), page.At(b, top), page.At(b, height(m.B)))
	}
	if d.at > 0 {
		p.Line(page.Stroke{Color: page.Rule, Width: 0.7, Dash: []float64{3, 2}}, page.At(r.X0, y.at(d.at)), page.At(r.X1, y.at(d.at)))
	}
}

// drawStrip draws a box for each run of items of the same cluster.
func (d dendrogram) drawStrip(p *page.Pen, r page.Rect, x scale) {
	n := len(d.tree.Merges) + 1
	at := make([]int, n) // the cluster in each column
	for i, c := range d.cluster[:n] {
		at[int(d.place[i])] = c
	}
	for from := 0; from < n; {
		to := from + 1
		for to < n && at[to] == at[from] {
			to++
		}
		p.Box(page.Area(x.at(float64(from)), r.Y0, x.at(float64(to)), r.Y1), d.color(at[from]))
		from = to
	}
}

// leaves returns the items of each cluster of a tree, in the order they are
// drawn: where two clusters merge they are laid end to end so that the ends
// that are closest meet, hence the same distances always give the same order.
// dist holds n x n distances.
func leaves(tree *selection.Dendrogram, dist func(i, j int) float64) []int {
	n := len(tree.Merges) + 1
	of := make([][]int, n, 2*n-1)
	for i := range of {
		of[i] = []int{i}
	}
	for _, m := range tree.Merges {
		of = append(of, join(of[m.A], of[m.B], dist))
		of[m.A], of[m.B] = nil, nil
	}
	return of[len(of)-1]
}

// join lays two sequences end to end, turning each so that the closest ends meet.
func join(a, b []int, dist func(i, j int) float64) []int {
	first, last := a[0], a[len(a)-1]
	turnA, turnB, nearest := false, false, dist(last, b[0])
	if d := dist(last, b[len(b)-1]); d < nearest {
		turnA, turnB, nearest = false, true, d
	}
	if d := dist(first, b[0]); d < nearest {
		turnA, turnB, nearest = true, false, d
	}
	if d := dist(first, b[len(b)-1]); d < nearest {
		turnA, turnB = true, true
	}
	if turnA {
		slices.Reverse(a)
	}
	if turnB {
		slices.Reverse(b)
	}
	return append(a, b...)
}
