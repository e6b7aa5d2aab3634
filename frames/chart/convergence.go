package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Convergence draws how the error falls over the iterations of one fit or of
// several, the last value written at the end of each line. fits[f][i] is the
// error of fit f after iteration i+1, as collected by a Progress callback;
// names has one name a fit and may be nil.
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
	copied := make([][]float64, len(fits))
	for f, errs := range fits {
		if len(errs) == 0 {
			return nil, fmt.Errorf("chart: fit %d has no errors: record one after each iteration", f)
		}
		if i := slices.IndexFunc(errs, undrawable); i >= 0 {
			return nil, fmt.Errorf("chart: error of fit %d after iteration %d is %s", f, i+1, defect(errs[i]))
		}
		copied[f] = append([]float64(nil), errs...)
	}
	names = cleanAll(names)
	width, height, err := opt.size(6, 3.4)
	if err != nil {
		return nil, err
	}
	return &Chart{or(opt.Title, "Convergence"), width, height, func(p *pen) {
		drawConvergence(p, opt.page(p, width, height), copied, names, opt)
	}}, nil
}

func drawConvergence(p *pen, r rect, fits [][]float64, names []string, opt Options) {
	longest, lo, hi := 1, math.Inf(1), math.Inf(-1)
	tags := make([]tag, len(fits))
	texts := make([]string, len(fits))
	for f, errs := range fits {
		longest = max(longest, len(errs))
		for _, v := range errs {
			lo, hi = min(lo, v), max(hi, v)
		}
		texts[f] = number(errs[len(errs)-1], 0)
		if len(names) > 0 {
			texts[f] = names[f] + "  " + texts[f]
		}
	}
	log := lo > 0 && hi > 5*lo
	if !log {
		lo, hi = grow(lo, hi, 5)
	}
	room := tagRoom(texts, r.w()/3)

	vertical := newAxis(scale{lo: lo, hi: hi, log: log}, or(opt.YLabel, "error"), 6, false)
	horizontal := newAxis(scale{lo: 0, hi: float64(longest)}, or(opt.XLabel, "iteration"), 8, true)
	r = r.inset(vertical.left(), 4, room, horizontal.bottom())
	vertical.from, vertical.to = r.y1-3, r.y0
	horizontal.from, horizontal.to = r.x0, r.x1
	vertical.drawY(p, r)
	horizontal.drawX(p, r)

	for f := len(fits) - 1; f >= 0; f-- { // the first on top
		style := lineStyle(f, 1.5)
		pts := decimate(fits[f], horizontal.scale, vertical.scale)
		if len(pts) == 1 {
			p.dot(style.color, pts[0], 2.2)
		}
		p.line(style, pts...)
		end := pts[len(pts)-1]
		tags[f] = tag{texts[f], end.y, style.color}
		if end.x < r.x1-1 { // ended early: mark where, and lead on to the name
			p.line(stroke{color: tint(style.color, 0.35), width: 0.6}, end, point{r.x1, end.y})
			p.dot(style.color, end, 2)
		}
	}
	drawTags(p, tags, r.x1, room, r.y0, r.y1)
}

// decimate returns the points of a series that is drawn over x = 1, 2, ...;
// of a stretch thinner than half a point it keeps the first, the lowest, the
// highest and the last, so that a million iterations draw like a thousand.
func decimate(values []float64, x, y scale) []point {
	width := math.Abs(x.to - x.from)
	stretch := max(int(float64(len(values))/(2*width)), 1)
	if stretch < 4 {
		stretch = 1
	}
	var pts []point
	add := func(i int) { pts = append(pts, point{x.at(float64(i + 1)), y.at(values[i])}) }
	for i := 0; i < len(values); i += stretch {
		end := min(i+stretch, len(values)) - 1
		lowest, highest := i, i
		for j := i; j <= end; j++ {
			if values[j] < values[lowest] {
				lowest = j
			}
			if values[j] > values[highest] {
				highest = j
			}
		}
		kept := -1
		for _, j := range []int{i, min(lowest, highest), max(lowest, highest), end} {
			if j != kept {
				add(j)
			}
			kept = j
		}
	}
	return pts
}
