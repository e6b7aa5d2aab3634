package chart

import (
	"fmt"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
)

// Histogram draws how often numbers fall into each of some bins, which begin
// at round numbers: a Series, a slice, or a column of a DataFrame (Options.X,
// else the first of numbers). Options.Bins is about how many; 0 follows the
// data: as many as the wider rule of Sturges (1926) and of Freedman and
// Diaconis (1981, doi:10.1007/BF01025868) asks for, as NumPy does it. Missing
// numbers are left out.
func Histogram(data any, opt Options) (*Chart, error) {
	vs, err := variablesOf(data)
	if err != nil {
		return nil, err
	}
	if opt.X != "" {
		opt.Y, opt.X = []string{opt.X}, ""
	}
	_, ys, err := opt.choose(vs, func(variable) bool { return false })
	if err != nil {
		return nil, err
	}
	v := slices.DeleteFunc(slices.Clone(ys[0].numbers), math.IsNaN)
	lo, hi, ok := extent(v)
	if !ok {
		return nil, errNoData
	}
	bins := opt.Bins
	switch {
	case bins < 0 || bins > 1000:
		return nil, fmt.Errorf("chart: Options.Bins = %d: choose 1 to 1000, or 0 for as many as suit the data", bins)
	case bins == 0:
		bins = binsFor(v, lo, hi)
	}
	lo, hi, step := grow(lo, hi, bins)
	if lo == hi {
		hi = lo + step
	}
	counts := make([]int, max(int(math.Round((hi-lo)/step)), 1))
	for _, x := range v {
		counts[min(int((x-lo)/step), len(counts)-1)]++
	}
	most := slices.Max(counts)
	width, height, err := opt.size(6, 3.4)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("Histogram of %s from %s to %s in %s, the fullest with %s.", plural(len(v), "number"), number(lo, step), number(hi, step), plural(len(counts), "bin"), count(most))
	return &Chart{or(opt.Title, or(ys[0].name, "Histogram")), desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		vertical := newRoundAxis(0, float64(most), or(opt.YLabel, "count"), 5)
		horizontal := newAxis(scale{lo: lo, hi: hi}, or(opt.XLabel, ys[0].name), int(clamp(r.W()/tickPitch/1.5, 2, 10)), false)
		r = r.Inset(vertical.left(), 4, 8, horizontal.bottom())
		vertical.from, vertical.to = r.Y1, r.Y0
		horizontal.from, horizontal.to = r.X0, r.X1
		vertical.drawY(p, r)
		for i, n := range counts {
			if n > 0 {
				from, to := horizontal.at(lo+float64(i)*step), horizontal.at(lo+float64(i+1)*step)
				gap := min(0.5, (to-from)/6)
				p.Box(page.Area(from+gap, vertical.at(float64(n)), to-gap, r.Y1), page.Tint(page.LineColors[0], 0.75))
			}
		}
		horizontal.drawX(p, r)
	}}, nil
}

// binsFor returns about how many bins suit numbers: see Histogram.
func binsFor(v []float64, lo, hi float64) int {
	n := float64(len(v))
	bins := math.Ceil(math.Log2(n)) + 1
	f := summarize(v)
	if w := 2 * (f.q3 - f.q1) / math.Cbrt(n); w > 0 {
		bins = max(bins, math.Ceil((hi-lo)/w))
	}
	return int(clamp(bins, 1, 100))
}

// Lines draws a line for each of some columns over the rows or over another
// column: of a DataFrame Options.Y, else all of numbers, over Options.X, else
// the first column if it is not of numbers, else the rows; of slices, a matrix
// or a Series each over its places, from 0. A line breaks where a number is
// missing. Lines are named where they end, by their columns or Options.Names.
func Lines(data any, opt Options) (*Chart, error) {
	vs, err := variablesOf(data)
	if err != nil {
		return nil, err
	}
	x, ys, err := opt.choose(vs, func(v variable) bool { return v.texts != nil })
	if err != nil {
		return nil, err
	}
	at, err := places(x, ys)
	if err != nil {
		return nil, err
	}
	var all [][]float64
	var names []string
	for _, y := range ys {
		all = append(all, y.numbers)
		names = append(names, page.Clean(y.name))
	}
	lo, hi, ok := extent(all...)
	if !ok {
		return nil, errNoData
	}
	width, height, err := opt.size(6, 3.4)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("%s over %s, from %s to %s.", plural(len(ys), "line"), plural(len(at.x), "place"), number(lo, 0), number(hi, 0))
	return &Chart{or(opt.Title, or(names[0], "Lines")), desc, width, height, func(p *page.Pen) {
		label := opt.YLabel
		if label == "" && len(ys) == 1 {
			label = names[0]
		}
		tagged := names
		if len(ys) == 1 {
			tagged = []string{""}
		}
		r := opt.page(p, width, height)
		room := 8.0
		if len(ys) > 1 {
			room = tagRoom(tagged, r.W()/3)
		}
		vertical := newRoundAxis(lo, hi, label, 5)
		r = r.Inset(vertical.left(), 4, room, 0)
		horizontal := at.axis(opt.XLabel, r)
		r.Y1 -= horizontal.bottom()
		vertical.from, vertical.to = r.Y1, r.Y0
		horizontal.from, horizontal.to = r.X0, r.X1
		vertical.drawY(p, r)
		at.draw(p, horizontal, r)
		tags := make([]tag, len(ys))
		for i := len(ys) - 1; i >= 0; i-- { // the first on top
			style := page.LineStyle(i, 1.5)
			end := r.Y1
			for _, run := range runs(at.x, ys[i].numbers) {
				pts := decimate(run, horizontal.scale, vertical.scale)
				if len(pts) == 1 {
					p.Dot(style.Color, pts[0], 1.6)
				}
				p.Line(style, pts...)
				end = pts[len(pts)-1].Y
			}
			tags[i] = tag{tagged[i], end, style.Color}
		}
		if len(ys) > 1 {
			drawTags(p, tags, r.X1, room, r.Y0, r.Y1)
		}
	}}, nil
}

// runs returns the parts of a curve between missing numbers.
func runs(x, y []float64) [][]page.Point {
	var out [][]page.Point
	var run []page.Point
	for i, v := range y {
		if math.IsNaN(v) || math.IsNaN(x[i]) {
			if len(run) > 0 {
				out = append(out, run)
			}
			run = nil
			continue
		}
		run = append(run, page.At(x[i], v))
	}
	if len(run) > 0 {
		out = append(out, run)
	}
	return out
}

// An along is what lies along a horizontal axis: numbers, or named places.
type along struct {
	x     []float64
	names []string // nil for numbers
	label string
	whole bool
}

func places(x *variable, ys []variable) (along, error) {
	n := 0
	for _, y := range ys {
		n = max(n, len(y.numbers))
	}
	at := along{whole: true}
	switch {
	case x != nil && x.numbers != nil:
		at.x, at.label, at.whole = x.numbers, x.name, false
		if _, _, ok := extent(x.numbers); !ok {
			return at, errNoData
		}
	default:
		for i := range n {
			at.x = append(at.x, float64(i))
		}
		if x != nil {
			at.names, at.label = x.labels(), x.name
		}
	}
	if len(at.x) != n || at.names != nil && len(at.names) != n {
		return at, fmt.Errorf("chart: %d places for %d numbers", max(len(at.x), len(at.names)), n)
	}
	return at, nil
}

// axis returns the axis, named.
func (at along) axis(label string, r page.Rect) axis {
	lo, hi, _ := extent(at.x)
	if at.names != nil {
		lo, hi = lo-0.5, hi+0.5
	}
	return newAxis(scale{lo: lo, hi: hi}, or(label, at.label), int(clamp(r.W()/tickPitch/1.5, 2, 10)), at.whole)
}

// draw draws the axis; names along it are thinned out to those that fit.
func (at along) draw(p *page.Pen, a axis, r page.Rect) {
	if at.names == nil {
		a.drawX(p, r)
		return
	}
	a.ticks, a.texts = nil, nil
	fitted := fitPlaces(at.names, r.W()/float64(len(at.names)), r.W()/3)
	for i, place := range fitted.at {
		a.ticks = append(a.ticks, float64(place))
		a.texts = append(a.texts, fitted.texts[i])
	}
	a.drawX(p, r)
}
