package chart

import "math"

// margin is the white border of every picture.
const margin = 8

var (
	titleStyle    = textStyle{size: titleSize, bold: true, color: ink, y: top}
	subtitleStyle = textStyle{size: subtitleSize, color: faint, y: top}
)

// heading returns the height that title and subtitle take.
func (o Options) heading() float64 {
	var h float64
	if o.Title != "" {
		h += titleSize + 5
	}
	if o.Subtitle != "" {
		h += subtitleSize + 5
	}
	if h > 0 {
		h += 5
	}
	return h
}

// page draws title and subtitle and returns what is left for the content.
func (o Options) page(p *pen, width, height float64) rect {
	r := rect{0, 0, width, height}.inset(margin, margin, margin, margin)
	y := r.y0
	if o.Title != "" {
		p.write(titleStyle, r.x0, y, titleStyle.elide(clean(o.Title), r.w()))
		y += titleSize + 5
	}
	if o.Subtitle != "" {
		p.write(subtitleStyle, r.x0, y, subtitleStyle.elide(clean(o.Subtitle), r.w()))
	}
	r.y0 += o.heading()
	return r
}

// An axis is a scale with its ticks and its name.
type axis struct {
	scale
	label string
	ticks []float64
	texts []string
	style textStyle
}

// tickPitch is the least distance between the ticks of a horizontal axis.
const tickPitch = 36

// newAxis returns an axis of about n ticks; whole keeps them whole numbers.
func newAxis(s scale, label string, n int, whole bool) axis {
	a := axis{scale: s, label: clean(label), style: textStyle{size: tickSize, color: faint}}
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
	w := a.style.widest(a.texts) + 5
	if a.label != "" {
		w += labelSize + 6
	}
	return w
}

// bottom returns the room that a horizontal axis needs below its panel.
func (a axis) bottom() float64 {
	h := 5 + tickSize*capHeight + 2
	if a.label != "" {
		h += labelSize + 4
	}
	return h
}

// drawY draws horizontal grid lines over r, the numbers left of it that do
// not touch each other, and the name, turned, left of these.
func (a axis) drawY(p *pen, r rect) {
	a.style.x, a.style.y = right, middle
	free := math.Inf(1)
	for i, v := range a.ticks {
		y := a.at(v)
		p.line(stroke{color: gridline, width: 0.6}, point{r.x0, y}, point{r.x1, y})
		if y+a.style.size/2 < free {
			p.write(a.style, r.x0-5, y, a.texts[i])
			free = y - a.style.size/2
		}
	}
	if a.label != "" {
		t := textStyle{size: labelSize, color: ink, x: center, y: base, rotate: 90}
		p.write(t, r.x0-a.style.widest(a.texts)-11, (r.y0+r.y1)/2, t.elide(a.label, r.h()+20))
	}
}

// drawX draws the line below r, its ticks, the numbers that do not touch
// each other, and the name.
func (a axis) drawX(p *pen, r rect) {
	a.style.x, a.style.y = center, top
	s := stroke{color: rule, width: 0.8}
	p.line(s, point{r.x0, r.y1}, point{r.x1, r.y1})
	free := math.Inf(-1)
	for i, v := range a.ticks {
		x, w := a.at(v), a.style.width(a.texts[i])
		p.line(s, point{x, r.y1}, point{x, r.y1 + 3})
		if x-w/2 > free {
			p.write(a.style, x, r.y1+5.5, a.texts[i])
			free = x + w/2 + 4
		}
	}
	if a.label != "" {
		t := textStyle{size: labelSize, color: ink, x: center, y: top}
		p.write(t, (r.x0+r.x1)/2, r.y1+a.bottom()-labelSize*capHeight-2, t.elide(a.label, r.w()+40))
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
