package chart

import (
	"fmt"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
)

// Profiles draws each component, a row of h (k x m), as a curve over an
// ordered axis such as time, one small panel a component. labels name the m
// places along the axis and may be nil. A dot marks the highest place of each
// curve and stands, above the panel, before its name.
//
// All panels share one vertical axis, unless Options.Relative divides each
// component by its largest value. Options.Names are the names of the
// components.
func Profiles(h mat.Matrix, labels []string, opt Options) (*Chart, error) {
	t, err := newTable(h, "H")
	if err != nil {
		return nil, err
	}
	k, m := t.Dims()
	switch {
	case labels != nil && len(labels) != m:
		return nil, fmt.Errorf("chart: %d labels for H with %d columns", len(labels), m)
	case k > maxPanels:
		return nil, fmt.Errorf("chart: %d profiles do not fit on a page: draw at most %d, a slice of H", k, maxPanels)
	}
	names, err := opt.names(k)
	if err != nil {
		return nil, err
	}
	if opt.Relative {
		t.relative(true)
	}
	f := profiles{names: names, places: placeNames(labels, m), numbered: labels == nil, curves: make([][]float64, k), xlabel: opt.XLabel}
	for c := range f.curves {
		f.curves[c] = make([]float64, m)
		t.row(c, func(j int, v float64) { f.curves[c][j] = v })
		if j := slices.IndexFunc(f.curves[c], undrawable); j >= 0 {
			return nil, fmt.Errorf("chart: H[%d,%d] is %s", c, j, defect(t.At(c, j)))
		}
		f.lo, f.hi = min(f.lo, slices.Min(f.curves[c])), max(f.hi, slices.Max(f.curves[c]))
	}
	f.ylabel = "weight"
	if opt.Relative {
		f.ylabel = "relative weight"
	}
	f.ylabel = or(opt.YLabel, f.ylabel)
	f.cols = int(clamp(math.Ceil(math.Sqrt(float64(k))), 1, 10))
	f.rows = (k + f.cols - 1) / f.cols
	panelW := clamp(6.2*inch/float64(f.cols), 50, 260)
	panelH := clamp(panelW*0.6, 40, 130)
	width, height, err := opt.size(
		(panelW*float64(f.cols)+40+2*margin)/inch,
		((panelH+profileTitle)*float64(f.rows)+30+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("Curves of %s over %s, one small panel each.", plural(k, "component"), plural(m, "place"))
	return &Chart{or(opt.Title, "Profiles"), desc, width, height, func(p *page.Pen) {
		f.draw(p, opt.page(p, width, height))
	}}, nil
}

// placeNames returns the names of m places: the labels, or 1, 2, ...
func placeNames(labels []string, m int) []string {
	if labels != nil {
		return page.CleanAll(labels)
	}
	names := make([]string, m)
	for j := range names {
		names[j] = count(j + 1)
	}
	return names
}

// profiles are curves in small panels.
type profiles struct {
	names, places  []string
	curves         [][]float64
	lo, hi         float64 // of all curves and 0
	numbered       bool    // the places are 1, 2, ...
	rows, cols     int
	xlabel, ylabel string
}

// profileTitle is the height above a panel for the name of its component.
const profileTitle = page.TickSize + 13

func (f profiles) draw(p *page.Pen, r page.Rect) {
	hi := f.hi
	if same(f.lo, hi) {
		hi = f.lo + 1
	}
	y := newAxis(scale{lo: f.lo, hi: hi + (hi-f.lo)*0.06}, f.ylabel, 4, false)
	x := axis{label: page.Clean(f.xlabel), style: y.style}
	grid := tiles{r.Inset(y.left(), profileTitle-4, 4, x.bottom()), f.cols, f.rows, 12, profileTitle}
	titled := grid.r.H() > float64(f.rows)*(profileTitle+12)
	if !titled { // too many to be named on a page of this size
		grid.gapX, grid.gapY = 3, 1
	}
	plain := axis{scale: y.scale, ticks: y.ticks, texts: make([]string, len(y.ticks))}
	for c, curve := range f.curves {
		panel := grid.at(c)
		shown := plain
		if c%f.cols == 0 && titled {
			shown, shown.label = y, ""
		}
		shown.from, shown.to = panel.Y1, panel.Y0
		shown.drawY(p, panel)
		across := scale{hi: float64(len(curve) - 1), from: panel.X0 + 3, to: panel.X1 - 3}
		f.drawCurve(p, panel, c, across, shown.scale)
		if titled {
			f.drawTitle(p, panel, c)
			if c+f.cols >= len(f.curves) { // nothing below
				f.drawPlaces(p, panel, across)
			}
		}
	}
	t := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Center, Rotate: 90, Y: page.Top}
	p.Write(t, r.X0, (grid.r.Y0+grid.r.Y1)/2, t.Elide(y.label, grid.r.H()+20))
	t.Rotate, t.Y = 0, page.Base
	p.Write(t, (grid.r.X0+grid.r.X1)/2, r.Y1-1, t.Elide(x.label, grid.r.W()))
}

// drawCurve draws one component and marks its highest place.
func (f profiles) drawCurve(p *page.Pen, panel page.Rect, c int, x, y scale) {
	curve, blue := f.curves[c], page.LineColors[0]
	places := make([]page.Point, len(curve))
	for j, v := range curve {
		places[j] = page.At(float64(j), v)
	}
	pts := decimate(places, x, y)
	if len(pts) == 1 { // a single place is a level
		pts = []page.Point{page.At(panel.X0, pts[0].Y), page.At(panel.X1, pts[0].Y)}
	}
	area := append([]page.Point{page.At(pts[0].X, y.at(0))}, pts...)
	p.Fill(page.Tint(blue, 0.2), append(area, page.At(pts[len(pts)-1].X, y.at(0))))
	p.Line(page.Stroke{Color: blue, Width: 1.2}, pts...)
	p.Line(page.Stroke{Color: page.Rule, Width: 0.8}, page.At(panel.X0, y.at(0)), page.At(panel.X1, y.at(0)))
	if best, ok := f.peak(c); ok {
		p.Dot(blue, page.At(x.at(float64(best)), y.at(curve[best])), peakDot)
	}
}

// peakDot is the radius of the dot at the highest place of a curve, and before
// the name of that place.
const peakDot = 1.8

// peak returns the highest place of a curve, if it has one: not where it is
// level, or nowhere above 0.
func (f profiles) peak(c int) (place int, ok bool) {
	curve := f.curves[c]
	place = argmax(curve)
	return place, curve[place] > 0 && (len(curve) == 1 || curve[place] > slices.Min(curve))
}

// drawTitle writes the name of a component and that of its highest place
// above its panel.
func (f profiles) drawTitle(p *page.Pen, panel page.Rect, c int) {
	name := page.TextStyle{Size: page.TickSize, Bold: true, Color: page.Ink, Y: page.Base}
	title := name.Elide(f.names[c], panel.W())
	p.Write(name, panel.X0, panel.Y0-4, title)
	if best, ok := f.peak(c); ok {
		const gap = 3 + 2*peakDot // for the dot
		style := page.TextStyle{Size: page.TickSize, Color: page.Faint, X: page.Right, Y: page.Base}
		peak := style.Elide(f.places[best], panel.W()-name.Width(title)-6-gap)
		p.Write(style, panel.X1, panel.Y0-4, peak)
		if peak != "" {
			p.Dot(page.LineColors[0], page.At(panel.X1-style.Width(peak)-gap+peakDot, panel.Y0-4-page.TickSize*page.CapHeight/2), peakDot)
		}
	}
}

// drawPlaces names places below a panel, as many as fit, from the first. The
// names at its ends are moved to stay below it.
func (f profiles) drawPlaces(p *page.Pen, panel page.Rect, x scale) {
	pitch := (x.to - x.from) / float64(max(len(f.places)-1, 1))
	l := fitPlaces(f.places, pitch, panel.W())
	if f.numbered && len(l.at) < len(f.places) { // then at round numbers
		l.at, l.texts = nil, nil
		for _, v := range linearTicks(1, float64(len(f.places)), max(int(panel.W()/tickPitch), 1), true) {
			l.at, l.texts = append(l.at, int(v)-1), append(l.texts, count(int(v)))
		}
	}
	l.style.Color, l.style.Y, l.style.X = page.Faint, page.Top, page.Center
	free := math.Inf(-1)
	for i, at := range l.at {
		half := l.style.Width(l.texts[i]) / 2
		tick := x.at(float64(at))
		middle := clamp(tick, panel.X0+half, panel.X1-half)
		if middle-half < free {
			continue
		}
		free = middle + half + 4
		p.Line(page.Stroke{Color: page.Rule, Width: 0.8}, page.At(tick, panel.Y1), page.At(tick, panel.Y1+3))
		p.Write(l.style, middle, panel.Y1+5, l.texts[i])
	}
}

// argmax returns the index of the largest value, the first of equals.
func argmax(values []float64) int {
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}
