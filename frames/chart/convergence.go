package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonmf/frames/chart/internal/page"
)

// Convergence draws how the error falls over the iterations of one fit or of
// several, the last value written at the end of each line. fits[f][i] is the
// error of fit f after iteration i+1, as a Progress callback collects them;
// NaN stands for an iteration at which the solver does not know the error and
// is passed over. names has one name a fit and may be nil.
//
// The vertical axis is logarithmic if the errors span more than a factor of
// five and none of them is 0.
func Convergence(fits [][]float64, names []string, opt Options) (*Chart, error) {
	if len(fits) == 0 {
		return nil, errors.New("chart: no fit to draw: pass the errors of at least one")
	}
	if names != nil && len(names) != len(fits) {
		return nil, fmt.Errorf("chart: %d names for %d fits", len(names), len(fits))
	}
	curves := make([][]page.Point, len(fits))
	for f, errs := range fits {
		for i, v := range errs {
			if math.IsNaN(v) {
				continue
			}
			if undrawable(v) {
				return nil, fmt.Errorf("chart: error of fit %d after iteration %d is %s", f, i+1, defect(v))
			}
			curves[f] = append(curves[f], page.At(float64(i+1), v))
		}
		if len(curves[f]) == 0 {
			return nil, fmt.Errorf("chart: fit %d has no errors: record one after each iteration", f)
		}
	}
	names = page.CleanAll(names)
	width, height, err := opt.size(6, 3.4)
	if err != nil {
		return nil, err
	}
	best, last := 0, func(f int) float64 { return curves[f][len(curves[f])-1].Y }
	for f := range curves {
		if last(f) < last(best) {
			best = f
		}
	}
	desc := fmt.Sprintf("Error over the iterations of %s, the least at last %s.", plural(len(fits), "fit"), number(last(best), 0))
	return &Chart{or(opt.Title, "Convergence"), desc, width, height, func(p *page.Pen) {
		drawConvergence(p, opt.page(p, width, height), curves, names, opt)
	}}, nil
}

// manyFits is from how many fits on threads to their names would hide the curves.
const manyFits = 20

// named writes names before their values, shortened to the width where needed.
func named(names, values []string, width float64) []string {
	const gap = "  "
	l := labels{style: tagStyle, texts: names}
	l.elideAll(width - tagStyle.Widest(values) - tagStyle.Width(gap))
	out := make([]string, len(names))
	for i, v := range values {
		out[i] = strings.TrimPrefix(l.texts[i]+gap+v, gap)
	}
	return out
}

func drawConvergence(p *page.Pen, r page.Rect, fits [][]page.Point, names []string, opt Options) {
	longest, lo, hi := 1.0, math.Inf(1), math.Inf(-1)
	tags := make([]tag, len(fits))
	texts := make([]string, len(fits))
	for f, curve := range fits {
		for _, q := range curve {
			lo, hi = min(lo, q.Y), max(hi, q.Y)
		}
		last := curve[len(curve)-1]
		longest = max(longest, last.X)
		texts[f] = number(last.Y, 0)
	}
	if len(names) > 0 {
		texts = named(names, texts, r.W()/3-tagLead)
	}
	room := tagRoom(texts, r.W()/3)

	label := or(opt.YLabel, "error")
	vertical := newRoundAxis(lo, hi, label, 6)
	if lo > 0 && hi > 5*lo {
		vertical = newAxis(scale{lo: lo, hi: hi, log: true}, label, 6, false)
	}
	r = r.Inset(vertical.left(), 4, room, 0)
	horizontal := newAxis(scale{lo: 0, hi: longest}, or(opt.XLabel, "iteration"), int(clamp(r.W()/tickPitch, 2, 8)), true)
	r.Y1 -= horizontal.bottom()
	vertical.from, vertical.to = r.Y1-3, r.Y0
	horizontal.from, horizontal.to = r.X0, r.X1
	vertical.drawY(p, r)
	horizontal.drawX(p, r)

	for f := len(fits) - 1; f >= 0; f-- { // the first on top
		style := page.LineStyle(f, 1.5)
		pts := decimate(fits[f], horizontal.scale, vertical.scale)
		if len(pts) == 1 {
			p.Dot(style.Color, pts[0], 2.2)
		}
		p.Line(style, pts...)
		end := pts[len(pts)-1]
		tags[f] = tag{texts[f], end.Y, style.Color}
		if end.X < r.X1-1 { // ended early: mark where, and lead on to the name
			if len(fits) <= manyFits {
				p.Line(page.Stroke{Color: page.Tint(style.Color, 0.35), Width: 0.6}, end, page.At(r.X1, end.Y))
			}
			p.Dot(style.Color, end, 2)
		}
	}
	drawTags(p, tags, r.X1, room, r.Y0, r.Y1)
}

// decimate returns the page coordinates of a curve that runs to the right. Of
// a stretch thinner than half a point it keeps the first, the lowest, the
// highest and the last, so that a million iterations draw like a thousand.
func decimate(curve []page.Point, x, y scale) []page.Point {
	stretch := int(float64(len(curve)) / (2 * max(math.Abs(x.to-x.from), 1)))
	if stretch < 4 { // nothing would be saved
		stretch = 1
	}
	var pts []page.Point
	for i := 0; i < len(curve); i += stretch {
		last := min(i+stretch, len(curve)) - 1
		lowest, highest := i, i
		for j := i; j <= last; j++ {
			if curve[j].Y < curve[lowest].Y {
				lowest = j
			}
			if curve[j].Y > curve[highest].Y {
				highest = j
			}
		}
		kept := -1
		for _, j := range []int{i, min(lowest, highest), max(lowest, highest), last} {
			if j != kept {
				pts = append(pts, page.At(x.at(curve[j].X), y.at(curve[j].Y)))
			}
			kept = j
		}
	}
	return pts
}
