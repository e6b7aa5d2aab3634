package chart

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
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
	return &Chart{or(opt.Title, "Number of components"), desc, width, height, func(p *page.Pen) {
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

func (f kChart) draw(p *page.Pen, r page.Rect, opt Options) {
	names := []string{"train", "test"}
	room := tagRoom(names, r.W()/4)
	y, x := f.vertical(or(opt.YLabel, "error")), f.horizontal(or(opt.XLabel, "components k"))
	r = r.Inset(y.left(), 14, room, x.bottom())
	y.from, y.to = r.Y1, r.Y0
	x.from, x.to = r.X0+8, r.X1-4
	y.drawY(p, r)
	x.drawX(p, r)
	f.drawSuggestion(p, r, x.scale)

	tags := make([]tag, len(names))
	for i, name := range names {
		c := page.LineColors[i]
		pick := func(train, test float64) float64 { return []float64{train, test}[i] }
		for _, s := range f.scores {
			if v := pick(s.Train, s.Test); v >= y.lo && v <= y.hi {
				p.Dot(page.Tint(c, 0.4), page.At(x.at(float64(s.K)), y.at(v)), 1.5)
			}
		}
		var pts []page.Point
		for _, q := range f.points {
			at := page.At(x.at(float64(q.K)), y.at(pick(q.Train, q.Test)))
			pts = append(pts, at)
			if name == "test" && q.TestSE > 0 {
				drawError(p, c, at.X, q.Test-q.TestSE, q.Test+q.TestSE, y.scale)
			}
		}
		p.Line(page.Stroke{Color: c, Width: 1.5}, pts...)
		for _, q := range pts {
			p.Dot(c, q, f.dotSize(pts))
		}
		tags[i] = tag{name, pts[len(pts)-1].Y, c}
	}
	drawTags(p, tags, r.X1, room, r.Y0, r.Y1)
}

// dotSize returns the radius of dots that do not hide each other, as far as
// that goes.
func (f kChart) dotSize(pts []page.Point) float64 {
	size := 2.4
	for i := 1; i < len(pts); i++ {
		size = min(size, (pts[i].X-pts[i-1].X)/2.5)
	}
	return max(size, 0.8)
}

// drawError draws an error bar from lo to hi; where it leaves the axis it has
// no end.
func drawError(p *page.Pen, c color.NRGBA, x, lo, hi float64, y scale) {
	s := page.Stroke{Color: c, Width: 0.9}
	p.Line(s, page.At(x, y.at(max(lo, y.lo))), page.At(x, y.at(min(hi, y.hi))))
	for _, v := range []float64{lo, hi} {
		if v >= y.lo && v <= y.hi {
			p.Line(s, page.At(x-2, y.at(v)), page.At(x+2, y.at(v)))
		}
	}
}

// drawSuggestion marks the suggested k.
func (f kChart) drawSuggestion(p *page.Pen, r page.Rect, x scale) {
	if f.suggested == 0 {
		return
	}
	at := x.at(float64(f.suggested))
	p.Line(page.Stroke{Color: page.Faint, Width: 0.9, Dash: []float64{3, 2}}, page.At(at, r.Y0-2), page.At(at, r.Y1))
	t := page.TextStyle{Size: page.TickSize, Bold: true, Color: page.Ink, X: page.Center, Y: page.Base}
	label := "k = " + count(f.suggested)
	half := t.Width(label) / 2
	p.Write(t, clamp(at, r.X0+half, max(r.X1-half, r.X0+half)), r.Y0-5, label)
}
