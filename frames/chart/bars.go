package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonmf/frames/chart/internal/page"
)

// Bars draws a bar for each of some numbers, with its name on the left and its
// value at its end, in the order in which they come. data is a DataFrame (names
// from column Options.X, else from the first that is not of numbers; numbers
// from Options.Y, else from the first of them), a map from names to numbers, or
// a Series or slice of numbers, whose names are Options.Names. Missing numbers
// have no bar.
func Bars(data any, opt Options) (*Chart, error) {
	names := opt.Names
	opt.Names = nil // of the bars, not of columns
	vs, err := variablesOf(data)
	if err != nil {
		return nil, err
	}
	x, ys, err := opt.choose(vs, func(v variable) bool { return v.texts != nil })
	if err != nil {
		return nil, err
	}
	y := ys[0]
	switch {
	case names != nil:
		names = page.CleanAll(names)
	case x != nil:
		names = x.labels()
		opt.YLabel = or(opt.YLabel, x.name)
	default:
		for i := range y.numbers {
			names = append(names, fmt.Sprint(i))
		}
	}
	if len(names) != len(y.numbers) {
		return nil, fmt.Errorf("chart: %d names for %d bars", len(names), len(y.numbers))
	}
	least, most, ok := extent(y.numbers)
	lo, hi := min(least, 0), max(most, 0)
	if !ok {
		return nil, errNoData
	}
	texts := make([]string, len(y.numbers))
	for i, v := range y.numbers {
		if !math.IsNaN(v) {
			texts[i] = number(v, 0)
		}
	}
	desc := fmt.Sprintf("Bars of %s, from %s to %s.", plural(len(names), "value"), number(least, 0), number(most, 0))
	return rowChart(or(opt.Title, or(y.name, "Bars")), desc, names, lo, hi, y.name, opt, func(p *page.Pen, panel page.Rect, x axis, pitch float64) {
		t := page.TextStyle{Size: min(page.TickSize, pitch/leading), Color: page.Ink, Y: page.Middle}
		for i, v := range y.numbers {
			if math.IsNaN(v) {
				continue
			}
			at := panel.Y0 + float64(i)*pitch
			from, to := x.at(0), x.at(v)
			p.Box(page.Area(min(from, to), at+pitch*0.14, max(from, to), at+pitch*0.86), page.Tint(page.LineColors[0], 0.75))
			if t.Size < page.SmallSize {
				continue
			}
			if v < 0 {
				t.X = page.Right
				p.Write(t, to-4, at+pitch/2, texts[i])
			} else {
				t.X = page.Left
				p.Write(t, to+4, at+pitch/2, texts[i])
			}
		}
		p.Line(page.Stroke{Color: page.Rule, Width: 0.8}, page.At(x.at(0), panel.Y0), page.At(x.at(0), panel.Y1))
	}, texts)
}

// rowChart makes a picture of rows with names, over a horizontal axis that
// holds lo to hi and the texts that stand at the ends.
func rowChart(title, desc string, names []string, lo, hi float64, label string, opt Options, draw func(p *page.Pen, panel page.Rect, x axis, pitch float64), ends []string) (*Chart, error) {
	n := len(names)
	panelH := clamp(float64(n*17), 40, panelMaxH)
	const panelW = 260
	fitted := fitRows(names, nil, panelH/float64(n), 170)
	name := page.Clean(opt.YLabel)
	leftRoom := fitted.room() + 6
	if name != "" {
		leftRoom += page.LabelSize + 6
	}
	horizontal := newRoundAxis(lo, hi, or(opt.XLabel, label), 5)
	width, height, err := opt.size(
		(leftRoom+panelW+2*margin)/inch,
		(panelH+horizontal.bottom()+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	return &Chart{title, desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		r.Y1 -= horizontal.bottom()
		pitch := r.H() / float64(n)
		fitted := fitRows(names, nil, pitch, r.W()*0.4)
		left := fitted.room() + 6
		if name != "" {
			left += page.LabelSize + 6
		}
		panel := r.Inset(left, 0, 8, 0)
		x := horizontal
		x.from, x.to = panel.X0, panel.X1
		if len(ends) > 0 && pitch/leading >= page.SmallSize { // room for the texts at the ends
			t := page.TextStyle{Size: min(page.TickSize, pitch/leading)}
			room := t.Widest(ends) + 6
			if hi > 0 {
				x.to = max(x.to-room, x.from+1)
			}
			if lo < 0 {
				x.from = min(x.from+room, x.to-1)
			}
		}
		x.verticals(p, panel)
		fitted.drawRows(p, panel, n)
		if name != "" {
			t := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Center, Y: page.Base, Rotate: 90}
			p.Write(t, panel.X0-fitted.room()-9, (panel.Y0+panel.Y1)/2, t.Elide(name, panel.H()+20))
		}
		draw(p, panel, x, pitch)
		x.drawX(p, panel)
	}}, nil
}

// verticals draws grid lines at the ticks of a horizontal axis.
func (a axis) verticals(p *page.Pen, r page.Rect) {
	for _, v := range a.ticks {
		x := a.at(v)
		p.Line(page.Stroke{Color: page.Gridline, Width: 0.6}, page.At(x, r.Y0), page.At(x, r.Y1))
	}
}

// A fiveNumbers is a summary of numbers after Tukey (1977, "Exploratory Data
// Analysis"): whiskers end at the last number within one and a half times the
// distance between the quartiles, and what lies beyond is drawn by itself.
type fiveNumbers struct {
	low, q1, median, q3, high float64
	beyond                    []float64
	n                         int
}

func summarize(values []float64) fiveNumbers {
	v := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(v) == 0 {
		return fiveNumbers{}
	}
	slices.Sort(v)
	quantile := func(q float64) float64 {
		at := q * float64(len(v)-1)
		lo := int(at)
		return v[lo] + (v[min(lo+1, len(v)-1)]-v[lo])*(at-float64(lo))
	}
	f := fiveNumbers{q1: quantile(.25), median: quantile(.5), q3: quantile(.75), n: len(v)}
	reach := 1.5 * (f.q3 - f.q1)
	f.low, f.high = f.q1, f.q3
	for _, x := range v {
		if x < f.q1-reach || x > f.q3+reach {
			f.beyond = append(f.beyond, x)
			continue
		}
		f.low, f.high = min(f.low, x), max(f.high, x)
	}
	return f
}

// Box draws a box for each group of numbers: the quartiles and the median, a
// line to the last number within one and a half times the height of the box,
// and dots for what lies beyond. data is a DataFrame (a box for each value of
// column Options.X, of the numbers of Options.Y; without X a box for each
// column of Y, else of numbers), a Series, a slice or a slice of slices.
func Box(data any, opt Options) (*Chart, error) {
	vs, err := variablesOf(data)
	if err != nil {
		return nil, err
	}
	_, ys, err := opt.choose(vs, func(variable) bool { return false })
	if err != nil {
		return nil, err
	}
	if opt.X != "" {
		by, err := columnNamed(vs, opt.X)
		if err != nil {
			return nil, err
		}
		opt.XLabel, opt.YLabel = or(opt.XLabel, ys[0].name), or(opt.YLabel, opt.X)
		if ys, err = split(ys[0], by); err != nil {
			return nil, err
		}
	}
	var names []string
	var boxes []fiveNumbers
	all := make([][]float64, len(ys))
	for i, y := range ys {
		names = append(names, page.Clean(y.name))
		boxes = append(boxes, summarize(y.numbers))
		all[i] = y.numbers
	}
	lo, hi, ok := extent(all...)
	if !ok {
		return nil, errNoData
	}
	title := opt.Title
	if title == "" {
		title = strings.Join(names[:min(len(names), 3)], ", ")
	}
	desc := fmt.Sprintf("Boxes of %s, from %s to %s.", plural(len(boxes), "group"), number(lo, 0), number(hi, 0))
	return rowChart(or(title, "Boxes"), desc, names, lo, hi, "", opt, func(p *page.Pen, panel page.Rect, x axis, pitch float64) {
		color := page.LineColors[0]
		for i, b := range boxes {
			if b.n == 0 {
				continue
			}
			y := panel.Y0 + (float64(i)+0.5)*pitch
			half := min(pitch*0.36, 11)
			p.Line(page.Stroke{Color: color, Width: 1}, page.At(x.at(b.low), y), page.At(x.at(b.q1), y))
			p.Line(page.Stroke{Color: color, Width: 1}, page.At(x.at(b.q3), y), page.At(x.at(b.high), y))
			for _, end := range []float64{b.low, b.high} {
				p.Line(page.Stroke{Color: color, Width: 1}, page.At(x.at(end), y-half/2), page.At(x.at(end), y+half/2))
			}
			p.Box(page.Area(x.at(b.q1), y-half, max(x.at(b.q3), x.at(b.q1)+0.8), y+half), page.Tint(color, 0.35))
			p.Line(page.Stroke{Color: color, Width: 1.8}, page.At(x.at(b.median), y-half), page.At(x.at(b.median), y+half))
			drawn := map[int]bool{}
			for _, v := range b.beyond { // those that would lie on one another are one
				if at := x.at(v); !drawn[int(2*at)] {
					drawn[int(2*at)] = true
					p.Dot(page.Tint(color, 0.6), page.At(at, y), 1.3)
				}
			}
		}
	}, nil)
}

// split returns the numbers of y for each value of another column, in their
// natural order.
func split(y, by variable) ([]variable, error) {
	if by.len() != len(y.numbers) {
		return nil, fmt.Errorf("chart: %d groups for %d numbers", by.len(), len(y.numbers))
	}
	groups := map[string]*variable{}
	var names []string
	for i, name := range by.labels() {
		if groups[name] == nil {
			groups[name] = &variable{name: name}
			names = append(names, name)
		}
		groups[name].numbers = append(groups[name].numbers, y.numbers[i])
	}
	if len(names) > maxClusters {
		return nil, fmt.Errorf("chart: %d groups: at most %d are drawn", len(names), maxClusters)
	}
	sortNaturally(names)
	var out []variable
	for _, name := range names {
		out = append(out, *groups[name])
	}
	return out, nil
}
