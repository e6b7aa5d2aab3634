package chart

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"gonmf/frames/chart/internal/page"
)

// maxClusters is how many rows or columns a table of clusters has at most.
const maxClusters = 400

// Clusters draws how many items each cluster holds and, given what the items
// really are, how the clusters divide the classes: a cross table, dark where
// a large share of a cluster lies in one class. cluster has the cluster of
// each item, from 0, and -1 for an item in none; truth its class, or is nil.
//
// Classes come in their natural order, numbers in them by value;
// clusters come by the class that most of their items have, and the larger
// one first, or, with KeepOrder and where truth is nil, by number. Items in no
// cluster are the last row. Options.Names are the names of the clusters.
func Clusters(cluster []int, truth []string, opt Options) (*Chart, error) {
	if len(cluster) == 0 {
		return nil, errors.New("chart: no items: pass the cluster of at least one")
	}
	if truth != nil && len(truth) != len(cluster) {
		return nil, fmt.Errorf("chart: %d classes for %d items", len(truth), len(cluster))
	}
	k, none := len(opt.Names), false
	for i, c := range cluster {
		switch {
		case c < -1:
			return nil, fmt.Errorf("chart: cluster of item %d is %d: clusters count from 0, and -1 is none", i, c)
		case opt.Names != nil && c >= len(opt.Names):
			return nil, fmt.Errorf("chart: cluster of item %d is %d, but Options.Names has %d names", i, c, len(opt.Names))
		}
		k, none = max(k, c+1), none || c < 0
	}
	if k > maxClusters {
		return nil, fmt.Errorf("chart: %d clusters: at most %d are drawn", k, maxClusters)
	}
	names, err := opt.names(k)
	if err != nil {
		return nil, err
	}
	of := slices.Clone(cluster)
	if none { // a row of their own, after the others
		names = append(names, "none")
		for i, c := range of {
			if c < 0 {
				of[i] = k
			}
		}
	}
	f := crossTable{sizes: make([]int, len(names))}
	for _, c := range of {
		f.sizes[c]++
	}
	order := inOrder(len(names))
	if truth != nil {
		if err := f.count(of, truth); err != nil {
			return nil, err
		}
		if !opt.KeepOrder {
			f.sort(order[:k])
		}
	}
	f.order, f.names = order, pick(names, order)
	return f.chart(opt)
}

// A crossTable counts items by cluster and class.
type crossTable struct {
	names   []string // of the clusters, as drawn
	order   []int
	sizes   []int
	classes []string
	counts  [][]int // by cluster and class; nil without classes
}

func (f *crossTable) count(cluster []int, truth []string) error {
	index := map[string]int{}
	for _, class := range truth {
		index[class] = 0
	}
	if len(index) > maxClusters {
		return fmt.Errorf("chart: %d classes: at most %d are drawn", len(index), maxClusters)
	}
	for class := range index {
		f.classes = append(f.classes, class)
	}
	sortNaturally(f.classes)
	for i, class := range f.classes {
		index[class] = i
	}
	f.counts = make([][]int, len(f.sizes))
	for c := range f.counts {
		f.counts[c] = make([]int, len(f.classes))
	}
	for i, c := range cluster {
		f.counts[c][index[truth[i]]]++
	}
	return nil
}

// sortNaturally sorts by bytes, but whole numbers in the texts by their value:
// 2 before 10, and class 2 before class 10.
func sortNaturally(s []string) {
	sort.Strings(s)
	slices.SortStableFunc(s, func(a, b string) int {
		for a != "" && b != "" {
			x, y := run(a), run(b)
			digits := isDigit(a[0]) && isDigit(b[0])
			if digits {
				p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
				if c := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); c != 0 {
					return c
				}
			} else if c := strings.Compare(x, y); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
		}
		return cmp.Compare(len(a), len(b))
	})
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// run returns the digits that s begins with, or what precedes the first.
func run(s string) string {
	digits := isDigit(s[0])
	end := strings.IndexFunc(s, func(r rune) bool { return (r >= '0' && r <= '9') != digits })
	if end < 0 {
		return s
	}
	return s[:end]
}

// sort orders clusters by the class most of their items have, then by how
// many these are; empty clusters come last.
func (f *crossTable) sort(order []int) {
	main := func(c int) (class, n int) {
		if f.sizes[c] == 0 {
			return len(f.classes), 0
		}
		for j, v := range f.counts[c] {
			if v > n {
				class, n = j, v
			}
		}
		return class, n
	}
	sort.SliceStable(order, func(a, b int) bool {
		ca, na := main(order[a])
		cb, nb := main(order[b])
		if ca != cb {
			return ca < cb
		}
		return na > nb
	})
}

func (f crossTable) chart(opt Options) (*Chart, error) {
	k, n := len(f.order), len(f.classes)
	m := heatmap{shades: linear(0, 1), rows: side{n: k, names: f.names, label: or(opt.YLabel, "cluster")}}
	sizeW, tableW := 190.0, 1.0 // of the bars and of the table, which may be missing
	if n > 0 {
		m.cells = f.shares()
		m.cols = side{n: n, names: page.CleanAll(f.classes), label: or(opt.XLabel, "class")}
		sizeW = 70 + tagStyle.Width(count(slices.Max(f.sizes)))
		tableW = clamp(float64(n*26), 60, panelMaxW)
	}
	panel := page.Area(0, 0, tableW, clamp(float64(k*17), 40, panelMaxH))
	rows, cols := m.fit(panel)
	below := max(m.below(cols), sizeTitle)
	width, height, err := opt.size(
		(m.left(rows)+tableW+sizeW+2*margin)/inch,
		(panel.H()+below+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, v := range f.sizes {
		total += v
	}
	desc := fmt.Sprintf("Sizes of %s of %s, from %s to %s.", plural(k, "cluster"), plural(total, "item"), count(slices.Min(f.sizes)), count(slices.Max(f.sizes)))
	if n > 0 {
		desc += fmt.Sprintf(" A table divides them among %s.", plural(n, "known class"))
	}
	return &Chart{or(opt.Title, "Clusters"), desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		if n == 0 {
			r.Y1 -= sizeTitle
			panel := m.panel(page.Area(r.X0, r.Y0, r.X0+m.left(rows)+1, r.Y1))
			m.drawNames(p, panel)
			f.drawSizes(p, page.Area(panel.X1, panel.Y0, r.X1, panel.Y1))
			return
		}
		panel := m.panel(r.Inset(0, 0, clamp(r.W()*0.4, 40, sizeW), 0))
		m.draw(p, panel)
		f.drawCounts(p, panel, m)
		f.drawSizes(p, page.Area(panel.X1+10, panel.Y0, r.X1, panel.Y1))
	}}, nil
}

// shares returns for each cluster, as drawn, the part of it in each class.
func (f crossTable) shares() cells {
	c := cells{rows: len(f.order), cols: len(f.classes)}
	for _, cluster := range f.order {
		for _, v := range f.counts[cluster] {
			c.v = append(c.v, float64(v)/float64(max(f.sizes[cluster], 1)))
		}
	}
	return c
}

// drawCounts writes the counts into the cells of the table if all fit; an
// empty cell is a zero.
func (f crossTable) drawCounts(p *page.Pen, panel page.Rect, m heatmap) {
	w, h := panel.W()/float64(m.cells.cols), panel.H()/float64(m.cells.rows)
	t := page.TextStyle{Size: min(page.TickSize, h*0.75), X: page.Center, Y: page.Middle}
	widest := 0
	for _, row := range f.counts {
		widest = max(widest, slices.Max(row))
	}
	if t.Size < page.SmallSize || t.Width(count(widest)) > w-3 {
		return
	}
	for at, c := range f.order {
		for j, v := range f.counts[c] {
			if v == 0 {
				continue
			}
			t.Color = page.Ink
			if m.shades.level(m.cells.at(at, j)) > 120 {
				t.Color = page.White
			}
			p.Write(t, panel.X0+(float64(j)+0.5)*w, panel.Y0+(float64(at)+0.5)*h, count(v))
		}
	}
}

// sizeTitle is the height of the line below the bars.
const sizeTitle = page.LabelSize + 4

// drawSizes draws a bar for each cluster and its size at the end.
func (f crossTable) drawSizes(p *page.Pen, r page.Rect) {
	pitch := r.H() / float64(len(f.order))
	t := page.TextStyle{Size: min(page.TickSize, pitch/leading), Color: page.Ink, Y: page.Middle}
	largest := slices.Max(f.sizes)
	room := 0.0
	if t.Size >= page.SmallSize {
		room = t.Width(count(largest)) + 5
	}
	x := scale{hi: float64(largest), from: r.X0, to: max(r.X1-room, r.X0+1)}
	for at, c := range f.order {
		y := r.Y0 + float64(at)*pitch
		end := x.at(float64(f.sizes[c]))
		if f.sizes[c] > 0 {
			p.Box(page.Area(r.X0, y+pitch*0.14, end, y+pitch*0.86), page.Tint(page.LineColors[0], 0.75))
		}
		if room > 0 {
			p.Write(t, end+4, y+pitch/2, count(f.sizes[c]))
		}
	}
	p.Line(page.Stroke{Color: page.Rule, Width: 0.8}, page.At(r.X0, r.Y0), page.At(r.X0, r.Y1))
	unit := "items"
	if room == 0 { // the bars are too thin for numbers
		unit += ", up to " + count(largest)
	}
	title := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Left, Y: page.Top}
	p.Write(title, r.X0, r.Y1+4, title.Elide(unit, r.W()))
}
