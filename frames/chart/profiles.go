package chart

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Profiles draws each component, a row of h (k x m), as a curve over an
// ordered axis such as time, one small panel a component. labels name the m
// places along the axis and may be nil. The highest place of each curve is
// marked and named.
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
	f := profiles{names: names, places: placeNames(labels, m), curves: make([][]float64, k), xlabel: opt.XLabel}
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
	f.cols = int(clamp(math.Ceil(math.Sqrt(float64(k)*0.75)), 1, 10))
	f.rows = (k + f.cols - 1) / f.cols
	panelW := clamp(6.2*inch/float64(f.cols), 50, 260)
	panelH := clamp(panelW*0.6, 40, 130)
	width, height, err := opt.size(
		(panelW*float64(f.cols)+40+2*margin)/inch,
		((panelH+profileTitle)*float64(f.rows)+30+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	return &Chart{or(opt.Title, "Profiles"), width, height, func(p *pen) {
		f.draw(p, opt.page(p, width, height))
	}}, nil
}

// placeNames returns the names of m places: the labels, or 1, 2, ...
func placeNames(labels []string, m int) []string {
	if labels != nil {
		return cleanAll(labels)
	}
	names := make([]string, m)
	for j := range names {
		names[j] = number(float64(j+1), 1)
	}
	return names
}

// profiles are curves in small panels.
type profiles struct {
	names, places  []string
	curves         [][]float64
	lo, hi         float64 // of all curves and 0
	rows, cols     int
	xlabel, ylabel string
}

// profileTitle is the height above a panel for the name of its component.
const profileTitle = tickSize + 10

func (f profiles) draw(p *pen, r rect) {
	hi := f.hi
	if same(f.lo, hi) {
		hi = f.lo + 1
	}
	y := newAxis(scale{lo: f.lo, hi: hi + (hi-f.lo)*0.06}, f.ylabel, 3, false)
	x := axis{label: clean(f.xlabel), style: y.style}
	all := r.inset(y.left(), tickSize+5, 4, x.bottom())
	grid := tiles{all, f.cols, f.rows, 12, profileTitle}
	inner := axis{scale: y.scale, ticks: y.ticks, texts: make([]string, len(y.ticks))}
	for c, curve := range f.curves {
		panel := grid.at(c)
		shown := inner
		if c%f.cols == 0 {
			shown, shown.label = y, ""
		}
		shown.from, shown.to = panel.y1, panel.y0
		shown.drawY(p, panel)
		across := scale{hi: float64(len(curve) - 1), from: panel.x0 + 3, to: panel.x1 - 3}
		f.drawCurve(p, panel, c, across, shown.scale)
		if c+f.cols >= len(f.curves) { // nothing below
			f.drawPlaces(p, panel, across)
		}
	}
	t := textStyle{size: labelSize, color: ink, x: center, rotate: 90, y: top}
	p.write(t, r.x0, (all.y0+all.y1)/2, t.elide(y.label, all.h()+20))
	t.rotate, t.y = 0, base
	p.write(t, (all.x0+all.x1)/2, r.y1-1, t.elide(x.label, all.w()))
}

// drawCurve draws one component, its name and its highest place.
func (f profiles) drawCurve(p *pen, panel rect, c int, x, y scale) {
	curve, blue := f.curves[c], lines[0]
	pts := decimate(curve, scale{lo: x.lo + 1, hi: x.hi + 1, from: x.from, to: x.to}, y)
	if len(pts) == 1 { // a single place is a level
		pts = []point{{panel.x0, pts[0].y}, {panel.x1, pts[0].y}}
	}
	area := append([]point{{pts[0].x, y.at(0)}}, pts...)
	p.fill(tint(blue, 0.2), append(area, point{pts[len(pts)-1].x, y.at(0)}))
	p.line(stroke{color: blue, width: 1.2}, pts...)
	p.line(stroke{color: rule, width: 0.8}, point{panel.x0, y.at(0)}, point{panel.x1, y.at(0)})

	name := textStyle{size: tickSize, bold: true, color: ink, y: base}
	title := name.elide(f.names[c], panel.w())
	p.write(name, panel.x0, panel.y0-4, title)
	best := argmax(curve)
	if curve[best] <= 0 {
		return
	}
	p.dot(blue, point{x.at(float64(best)), y.at(curve[best])}, 1.8)
	peak := textStyle{size: tickSize, color: faint, x: right, y: base}
	p.write(peak, panel.x1, panel.y0-4, peak.elide(f.places[best], panel.w()-name.width(title)-6))
}

// drawPlaces names places below a panel, as many as fit, from the first.
func (f profiles) drawPlaces(p *pen, panel rect, x scale) {
	n := len(f.places)
	pitch := (x.to - x.from) / float64(max(n-1, 1))
	l := fitColumns(f.places, nil, pitch, panel.w(), true)
	l.style.color, l.style.y = faint, top
	for i, at := range l.at {
		// Names at the ends stay within the panel.
		half := l.style.width(l.texts[i]) / 2
		px := x.at(float64(at))
		p.line(stroke{color: rule, width: 0.8}, point{px, panel.y1}, point{px, panel.y1 + 3})
		l.style.x = center
		p.write(l.style, clamp(px, panel.x0+half, panel.x1-half), panel.y1+5, l.texts[i])
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
