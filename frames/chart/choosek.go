package chart

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
)

// ChooseK draws the errors of fits over their number of components, and the
// number to take. train and test have the error of each fit on what it saw
// and on what was held out; either may be nil. A k that comes several times,
// as for several seeds, is drawn as dots with a line through the means.
//
// suggested is the k to mark; 0 takes the one with the least mean test error,
// and, without test errors, marks none.
func ChooseK(k []int, train, test []float64, suggested int, opt Options) (*Chart, error) {
	switch {
	case len(k) == 0:
		return nil, errors.New("chart: no k to draw: pass at least one fit")
	case train == nil && test == nil:
		return nil, errors.New("chart: neither train nor test errors: pass at least one of them")
	case suggested != 0 && !slices.Contains(k, suggested):
		return nil, fmt.Errorf("chart: suggested k = %d is not among the fits", suggested)
	}
	if i := slices.IndexFunc(k, func(k int) bool { return k < 1 }); i >= 0 {
		return nil, fmt.Errorf("chart: k of fit %d is %d: at least one component", i, k[i])
	}
	var curves []kCurve
	for i, c := range []struct {
		name string
		errs []float64
	}{{"train", train}, {"test", test}} {
		if c.errs == nil {
			continue
		}
		if len(c.errs) != len(k) {
			return nil, fmt.Errorf("chart: %d %s errors for %d fits", len(c.errs), c.name, len(k))
		}
		if j := slices.IndexFunc(c.errs, undrawable); j >= 0 {
			return nil, fmt.Errorf("chart: %s error of fit %d (k = %d) is %s", c.name, j, k[j], defect(c.errs[j]))
		}
		curves = append(curves, newKCurve(c.name, lineColors[i], k, c.errs))
	}
	if suggested == 0 && test != nil {
		suggested = curves[len(curves)-1].best()
	}
	width, height, err := opt.size(5.5, 3.4)
	if err != nil {
		return nil, err
	}
	return &Chart{or(opt.Title, "Number of components"), width, height, func(p *pen) {
		drawKCurves(p, opt.page(p, width, height), curves, suggested, opt)
	}}, nil
}

// A kCurve is one kind of error over k.
type kCurve struct {
	name  string
	color color.NRGBA
	k     []int     // of each fit
	errs  []float64 // of each fit
	ks    []int     // ascending, each once
	means []float64 // of each of ks
}

func newKCurve(name string, c color.NRGBA, k []int, errs []float64) kCurve {
	curve := kCurve{name: name, color: c, k: slices.Clone(k), errs: slices.Clone(errs)}
	curve.ks = slices.Clone(k)
	slices.Sort(curve.ks)
	curve.ks = slices.Compact(curve.ks)
	for _, v := range curve.ks {
		var sum, n float64
		for i, e := range errs {
			if k[i] == v {
				sum, n = sum+e, n+1
			}
		}
		curve.means = append(curve.means, sum/n)
	}
	return curve
}

// best returns the k with the least mean error, the smallest of equals.
func (c kCurve) best() int {
	best := 0
	for i, e := range c.means {
		if e < c.means[best] {
			best = i
		}
	}
	return c.ks[best]
}

func drawKCurves(p *pen, r rect, curves []kCurve, suggested int, opt Options) {
	ks := curves[0].ks
	lo, hi := curves[0].errs[0], curves[0].errs[0]
	var tags []string
	for _, c := range curves {
		lo, hi = min(lo, slices.Min(c.errs)), max(hi, slices.Max(c.errs))
		tags = append(tags, c.name)
	}
	lo, hi = grow(lo, hi, 5)
	room := tagRoom(tags, r.w()/4)
	first, last := float64(ks[0]), float64(ks[len(ks)-1])
	vertical := newAxis(scale{lo: lo, hi: hi}, or(opt.YLabel, "error"), 6, false)
	horizontal := newAxis(scale{lo: first, hi: last, log: last >= 20*first}, or(opt.XLabel, "components k"), 8, true)
	if len(ks) <= 12 { // few: each is a tick
		horizontal.ticks, horizontal.texts = nil, nil
		for _, k := range ks {
			horizontal.ticks = append(horizontal.ticks, float64(k))
			horizontal.texts = append(horizontal.texts, count(k))
		}
	}
	r = r.inset(vertical.left(), 14, room, horizontal.bottom())
	vertical.from, vertical.to = r.y1, r.y0
	horizontal.from, horizontal.to = r.x0+8, r.x1-4
	vertical.drawY(p, r)
	horizontal.drawX(p, r)
	if suggested != 0 {
		x := horizontal.at(float64(suggested))
		p.line(stroke{color: faint, width: 0.9, dash: []float64{3, 2}}, point{x, r.y0 - 2}, point{x, r.y1})
		t := textStyle{size: tickSize, bold: true, color: ink, x: center, y: base}
		label := fmt.Sprintf("k = %d", suggested)
		half := t.width(label) / 2
		p.write(t, clamp(x, r.x0+half, max(r.x1-half, r.x0+half)), r.y0-5, label)
	}
	ends := make([]tag, len(curves))
	for i, c := range curves {
		var pts []point
		for j, k := range c.ks {
			pts = append(pts, point{horizontal.at(float64(k)), vertical.at(c.means[j])})
		}
		if len(c.ks) < len(c.k) { // several fits a k: show each
			for j, e := range c.errs {
				p.dot(tint(c.color, 0.45), point{horizontal.at(float64(c.k[j])), vertical.at(e)}, 1.6)
			}
		}
		p.line(stroke{color: c.color, width: 1.5}, pts...)
		for _, q := range pts {
			p.dot(c.color, q, 2.4)
		}
		ends[i] = tag{c.name, pts[len(pts)-1].y, c.color}
	}
	drawTags(p, ends, r.x1, room, r.y0, r.y1)
}
