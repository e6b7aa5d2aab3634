package chart

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonmf/nmf/selection"
)

// ChooseK draws what selection.ChooseK found: the errors over the number of
// components k, of the entries that fits saw (train) and of those that were
// hidden from them (test), with a mark at the suggested k. Lines join the
// means of the folds, pale dots are single folds, and a bar is one standard
// error of the test error to either side. Results of one's own come as an
// selection.KResult with Points, and Scores and Suggested where there are any.
//
// The vertical axis is logarithmic if the means span more than a factor of
// ten; dots and bars that leave it are cut off.
func ChooseK(result *selection.KResult, opt Options) (*Chart, error) {
	if result == nil || len(result.Points) == 0 {
		return nil, errors.New("chart: no number of components to draw: pass a result with at least one point")
	}
	f := kChart{points: slices.Clone(result.Points), suggested: result.Suggested}
	for i, q := range f.points {
		switch {
		case q.K < 1:
			return nil, fmt.Errorf("chart: point %d has K = %d: a model has at least one component", i, q.K)
		case i > 0 && q.K <= f.points[i-1].K:
			return nil, fmt.Errorf("chart: point %d has K = %d after K = %d: K must increase", i, q.K, f.points[i-1].K)
		case undrawable(q.Train):
			return nil, fmt.Errorf("chart: train error for K = %d is %s", q.K, defect(q.Train))
		case undrawable(q.Test):
			return nil, fmt.Errorf("chart: test error for K = %d is %s", q.K, defect(q.Test))
		}
	}
	if f.suggested != 0 && !f.has(f.suggested) {
		return nil, fmt.Errorf("chart: suggested K = %d is not among the points", f.suggested)
	}
	for _, s := range result.Scores {
		if f.has(s.K) && !undrawable(s.Train) && !undrawable(s.Test) { // a fold may be yet to come
			f.scores = append(f.scores, s)
		}
	}
	width, height, err := opt.size(5.5, 3.4)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("Train and test error for %s of components from %s to %s.", plural(len(f.points), "number"), count(f.points[0].K), count(f.points[len(f.points)-1].K))
	if f.suggested != 0 {
		desc += " Suggested: " + count(f.suggested) + "."
	}
	return &Chart{or(opt.Title, "Number of components"), desc, width, height, func(p *pen) {
		f.draw(p, opt.page(p, width, height), opt)
	}}, nil
}

// A kChart is the errors over the number of components.
type kChart struct {
	points    []selection.KPoint
	scores    []selection.KScore
	suggested int
}

func (f kChart) has(k int) bool {
	return slices.ContainsFunc(f.points, func(q selection.KPoint) bool { return q.K == k })
}

// vertical returns the axis of the errors: around all means, and around dots
// and bars as long as they leave these room.
func (f kChart) vertical(label string) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range f.points {
		lo, hi = min(lo, q.Train, q.Test), max(hi, q.Train, q.Test)
	}
	log := lo > 0 && hi > 10*lo
	widest := hi + (hi-lo)/2
	least := lo - (hi-lo)/2
	if log {
		widest, least = 2*hi, lo/2
	}
	widen := func(v float64) { lo, hi = min(lo, max(v, least)), max(hi, min(v, widest)) }
	for _, q := range f.points {
		if se := q.TestSE; !undrawable(se) {
			widen(q.Test - se)
			widen(q.Test + se)
		}
	}
	for _, s := range f.scores {
		widen(s.Train)
		widen(s.Test)
	}
	if !log {
		return newRoundAxis(lo, hi, label, 6)
	}
	return newAxis(scale{lo: lo, hi: hi, log: true}, label, 6, false)
}

// horizontal returns the axis of k; a few of them are ticks, all.
func (f kChart) horizontal(label string) axis {
	first, last := float64(f.points[0].K), float64(f.points[len(f.points)-1].K)
	a := newAxis(scale{lo: first, hi: last, log: last >= 20*first}, label, 8, true)
	if len(f.points) <= 12 {
		a.ticks, a.texts = nil, nil
		for _, q := range f.points {
			a.ticks, a.texts = append(a.ticks, float64(q.K)), append(a.texts, count(q.K))
		}
	}
	return a
}

func (f kChart) draw(p *pen, r rect, opt Options) {
	names := []string{"train", "test"}
	room := tagRoom(names, r.w()/4)
	y, x := f.vertical(or(opt.YLabel, "error")), f.horizontal(or(opt.XLabel, "components k"))
	r = r.inset(y.left(), 14, room, x.bottom())
	y.from, y.to = r.y1, r.y0
	x.from, x.to = r.x0+8, r.x1-4
	y.drawY(p, r)
	x.drawX(p, r)
	f.drawSuggestion(p, r, x.scale)

	tags := make([]tag, len(names))
	for i, name := range names {
		c := lineColors[i]
		pick := func(train, test float64) float64 { return []float64{train, test}[i] }
		for _, s := range f.scores {
			if v := pick(s.Train, s.Test); v >= y.lo && v <= y.hi {
				p.dot(tint(c, 0.4), point{x.at(float64(s.K)), y.at(v)}, 1.5)
			}
		}
		var pts []point
		for _, q := range f.points {
			at := point{x.at(float64(q.K)), y.at(pick(q.Train, q.Test))}
			pts = append(pts, at)
			if name == "test" && q.TestSE > 0 {
				drawError(p, c, at.x, q.Test-q.TestSE, q.Test+q.TestSE, y.scale)
			}
		}
		p.line(stroke{color: c, width: 1.5}, pts...)
		for _, q := range pts {
			p.dot(c, q, f.dotSize(pts))
		}
		tags[i] = tag{name, pts[len(pts)-1].y, c}
	}
	drawTags(p, tags, r.x1, room, r.y0, r.y1)
}

// dotSize returns the radius of dots that do not hide each other, as far as
// that goes.
func (f kChart) dotSize(pts []point) float64 {
	size := 2.4
	for i := 1; i < len(pts); i++ {
		size = min(size, (pts[i].x-pts[i-1].x)/2.5)
	}
	return max(size, 0.8)
}

// drawError draws an error bar from lo to hi; where it leaves the axis it has
// no end.
func drawError(p *pen, c color.NRGBA, x, lo, hi float64, y scale) {
	s := stroke{color: c, width: 0.9}
	p.line(s, point{x, y.at(max(lo, y.lo))}, point{x, y.at(min(hi, y.hi))})
	for _, v := range []float64{lo, hi} {
		if v >= y.lo && v <= y.hi {
			p.line(s, point{x - 2, y.at(v)}, point{x + 2, y.at(v)})
		}
	}
}

// drawSuggestion marks the suggested k.
func (f kChart) drawSuggestion(p *pen, r rect, x scale) {
	if f.suggested == 0 {
		return
	}
	at := x.at(float64(f.suggested))
	p.line(stroke{color: faint, width: 0.9, dash: []float64{3, 2}}, point{at, r.y0 - 2}, point{at, r.y1})
	t := textStyle{size: tickSize, bold: true, color: ink, x: center, y: base}
	label := "k = " + count(f.suggested)
	half := t.width(label) / 2
	p.write(t, clamp(at, r.x0+half, max(r.x1-half, r.x0+half)), r.y0-5, label)
}
