package chart

import (
	"math"

	"gonmf/frames/chart/internal/page"
)

// margin is the white border of every picture.
const margin = 8

var (
	titleStyle    = page.TextStyle{Size: page.TitleSize, Bold: true, Color: page.Ink, Y: page.Top}
	subtitleStyle = page.TextStyle{Size: page.SubtitleSize, Color: page.Faint, Y: page.Top}
)

// heading returns the height that title and subtitle take.
func (o Options) heading() float64 {
	var h float64
	if o.Title != "" {
		h += page.TitleSize + 5
	}
	if o.Subtitle != "" {
		h += page.SubtitleSize + 5
	}
	if h > 0 {
		h += 5
	}
	return h
}

// page draws title and subtitle and returns what is left for the content.
func (o Options) page(p *page.Pen, width, height float64) page.Rect {
	r := page.Area(0, 0, width, height).Inset(margin, margin, margin, margin)
	y := r.Y0
	if o.Title != "" {
		p.Write(titleStyle, r.X0, y, titleStyle.Elide(page.Clean(o.Title), r.W()))
		y += page.TitleSize + 5
	}
	if o.Subtitle != "" {
		p.Write(subtitleStyle, r.X0, y, subtitleStyle.Elide(page.Clean(o.Subtitle), r.W()))
	}
	r.Y0 += o.heading()
	return r
}

// An axis is a scale with its ticks and its name.
type axis struct {
	scale
	label string
	ticks []float64
	texts []string
	style page.TextStyle
}

// tickPitch is the least distance between the ticks of a horizontal axis.
const tickPitch = 36

// newAxis returns an axis of about n ticks; whole keeps them whole numbers.
func newAxis(s scale, label string, n int, whole bool) axis {
	a := axis{scale: s, label: page.Clean(label), style: page.TextStyle{Size: page.TickSize, Color: page.Faint}}
	switch {
	case s.log:
		a.ticks = logTicks(s.lo, s.hi, n)
	case s.root:
		a.ticks = rootTicks(s.lo, s.hi, n)
	default:
		a.ticks = linearTicks(s.lo, s.hi, n, whole)
	}
	a.texts = numbers(a.ticks)
	return a
}

// newRoundAxis returns a linear axis that begins and ends with a tick, with
// about n parts.
func newRoundAxis(lo, hi float64, label string, n int) axis {
	lo, hi, step := grow(lo, hi, n)
	a := newAxis(scale{lo: lo, hi: hi}, label, n, false)
	a.ticks = multiples(lo, hi, step)
	a.texts = numbers(a.ticks)
	return a
}

// left returns the room that a vertical axis needs to the left of its panel.
func (a axis) left() float64 {
	w := a.style.Widest(a.texts) + 5
	if a.label != "" {
		w += page.LabelSize + 6
	}
	return w
}

// bottom returns the room that a horizontal axis needs below its panel.
func (a axis) bottom() float64 {
	h := 5 + page.TickSize*page.CapHeight + 2
	if a.label != "" {
		h += page.LabelSize + 4
	}
	return h
}

// drawY draws horizontal grid lines over r, the numbers left of it that do
// not touch each other, and the name, turned, left of these.
func (a axis) drawY(p *page.Pen, r page.Rect) {
	a.style.X, a.style.Y = page.Right, page.Middle
	free := math.Inf(1)
	for i, v := range a.ticks {
		y := a.at(v)
		p.Line(page.Stroke{Color: page.Gridline, Width: 0.6}, page.At(r.X0, y), page.At(r.X1, y))
		if y+a.style.Size/2 < free {
			p.Write(a.style, r.X0-5, y, a.texts[i])
			free = y - a.style.Size/2
		}
	}
	if a.label != "" {
		t := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Center, Y: page.Base, Rotate: 90}
		p.Write(t, r.X0-a.style.Widest(a.texts)-11, (r.Y0+r.Y1)/2, t.Elide(a.label, r.H()+20))
	}
}

// drawX draws the line below r, its ticks, the numbers that do not touch
// each other, and the name.
func (a axis) drawX(p *page.Pen, r page.Rect) {
	a.style.X, a.style.Y = page.Center, page.Top
	s := page.Stroke{Color: page.Rule, Width: 0.8}
	p.Line(s, page.At(r.X0, r.Y1), page.At(r.X1, r.Y1))
	free := math.Inf(-1)
	for i, v := range a.ticks {
		x, w := a.at(v), a.style.Width(a.texts[i])
		p.Line(s, page.At(x, r.Y1), page.At(x, r.Y1+3))
		if x-w/2 > free {
			p.Write(a.style, x, r.Y1+5.5, a.texts[i])
			free = x + w/2 + 4
		}
	}
	if a.label != "" {
		t := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Center, Y: page.Top}
		p.Write(t, (r.X0+r.X1)/2, r.Y1+a.bottom()-page.LabelSize*page.CapHeight-2, t.Elide(a.label, r.W()+40))
	}
}

// spread moves positions, given in ascending order, as little as possible so
// that neighbours are at least gap apart and all lie in lo..hi. Too many for
// the room end up evenly spaced over it.
func spread(at []float64, gap, lo, hi float64) []float64 {
	if n := len(at); n > 1 {
		gap = min(gap, (hi-lo)/float64(n-1))
	}
	// Positions less i*gap must ascend: pool those that do not (isotonic
	// regression), and each pool settles at its mean.
	type pool struct{ sum, n float64 }
	var pools []pool
	for i, v := range at {
		pools = append(pools, pool{v - float64(i)*gap, 1})
		for k := len(pools) - 1; k > 0 && pools[k].sum/pools[k].n < pools[k-1].sum/pools[k-1].n; k-- {
			pools[k-1].sum += pools[k].sum
			pools[k-1].n += pools[k].n
			pools = pools[:k]
		}
	}
	out := make([]float64, 0, len(at))
	limit := hi - float64(len(at)-1)*gap
	for _, q := range pools {
		v := min(max(q.sum/q.n, lo), limit)
		for range int(q.n) {
			out = append(out, v+float64(len(out))*gap)
		}
	}
	return out
}
