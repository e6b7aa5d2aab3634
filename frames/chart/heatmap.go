package chart

import (
	"image"
	"image/color"
	"math"
)

// A side is the rows or the columns of a heat map.
type side struct {
	n     int
	unit  string   // what they are, in the plural
	label string   // the name of the axis
	names []string // in the order drawn; nil: not named
	rank  []int    // which names go first, see fitRows
}

// call names the axis: as the user does, or, where there are neither names
// nor a label, by how many there are.
func (s *side) call(given string) {
	own := s.label
	if own == "" && s.names == nil && s.n > 1 {
		own = count(s.n) + " " + s.unit
	}
	s.label = clean(or(given, own))
}

// A heatmap is a panel of cells with names on two sides and a colour bar.
type heatmap struct {
	cells
	shades     scale
	rows, cols side
	bar        string // what the colours mean
	square     bool   // as high as wide

	desc     string  // for those who cannot see it
	head     float64 // height of what is drawn above the cells, at most a third of all
	drawHead func(p *pen, r rect)
}

// The panel of a heat map grows with its rows and columns between these, in points.
const (
	panelMin, panelMaxW, panelMaxH = 120, 400, 430
	cellW, cellH                   = 16, 11
)

// chart makes the picture of a single heat map.
func (m heatmap) chart(title string, opt Options) (*Chart, error) {
	m.rows.call(opt.YLabel)
	m.cols.call(opt.XLabel)
	bar := newColorBar(m.shades, m.bar)

	// The natural size: a cell for each row and column as far as it goes,
	// and what the labels need around these.
	panel := rect{0, 0, clamp(float64(m.cols.n*cellW), panelMin, panelMaxW), clamp(float64(m.rows.n*cellH), panelMin, panelMaxH)}
	if m.square {
		panel.y1 = panel.x1
	}
	rows, cols := m.fit(panel)
	w := panel.w() + m.left(rows) + bar.room() + 2*margin
	h := panel.h() + m.head + m.below(cols) + opt.heading() + 2*margin
	width, height, err := opt.size(w/inch, h/inch)
	if err != nil {
		return nil, err
	}
	return &Chart{or(opt.Title, title), m.desc, width, height, func(p *pen) {
		r := opt.page(p, width, height)
		r.x1 -= bar.room()
		head := min(m.head, r.h()/3)
		r.y0 += head
		panel := m.panel(r)
		m.draw(p, panel)
		if head > 0 {
			m.drawHead(p, rect{panel.x0, panel.y0 - head, panel.x1, panel.y0})
		}
		bar.draw(p, panel)
	}}, nil
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// fit fits the names to a panel.
func (m heatmap) fit(panel rect) (rows, cols labels) {
	rows = fitRows(m.rows.names, m.rows.rank, panel.h()/float64(m.rows.n), max(panel.w()*0.7, 130))
	cols = fitColumns(m.cols.names, m.cols.rank, panel.w()/float64(m.cols.n), max(panel.h()*0.4, 90))
	return rows, cols
}

// left returns the room left of the panel.
func (m heatmap) left(rows labels) float64 {
	w := rows.room()
	if w > 0 {
		w += 5
	}
	if m.rows.label != "" {
		w += labelSize + 5
	}
	return w
}

// below returns the room below the panel.
func (m heatmap) below(cols labels) float64 {
	h := cols.below()
	if m.cols.label != "" {
		h += labelSize + 5
	}
	return h
}

// panel returns the cells' part of r. How much room the names need depends on
// the panel and the other way round: what they would need around all of r is
// surely enough, so it looks from there for less that still is.
func (m heatmap) panel(r rect) rect {
	within := func(left, below float64) rect {
		panel := r.inset(left, 0, 0, below)
		panel.x1, panel.y1 = max(panel.x1, panel.x0+1), max(panel.y1, panel.y0+1)
		if m.square {
			side := min(panel.w(), panel.h())
			panel.x1, panel.y1 = panel.x0+side, panel.y0+side
		}
		return panel
	}
	needs := func(panel rect) (left, below float64) {
		rows, cols := m.fit(panel)
		return m.left(rows), m.below(cols)
	}
	left, below := needs(r)
	less, lower := needs(within(left, below))
	for range 8 {
		l, b := needs(within(less, lower))
		if l <= less && b <= lower {
			left, below = less, lower // and perhaps less will do
			less, lower = l, b
		} else {
			less, lower = (less+left)/2, (lower+below)/2
		}
	}
	return within(left, below)
}

// draw draws cells and names into a panel.
func (m heatmap) draw(p *pen, panel rect) {
	heat(p, panel, m.cells, m.shades)
	m.drawNames(p, panel)
}

// drawNames writes the names of rows and columns around a panel.
func (m heatmap) drawNames(p *pen, panel rect) {
	rows, cols := m.fit(panel)
	rows.drawRows(p, panel, m.rows.n)
	cols.drawColumns(p, panel, m.cols.n)
	t := textStyle{size: labelSize, color: ink, x: center, y: base}
	p.write(t, (panel.x0+panel.x1)/2, panel.y1+m.below(cols)-1, t.elide(m.cols.label, panel.w()))
	t.y, t.rotate = top, 90
	p.write(t, panel.x0-m.left(rows), (panel.y0+panel.y1)/2, t.elide(m.rows.label, panel.h()))
}

// pick returns the names in the given order, cleaned; nil stays nil.
func pick(names []string, order []int) []string {
	if names == nil {
		return nil
	}
	out := make([]string, len(order))
	for at, i := range order {
		out[at] = clean(names[i])
	}
	return out
}

// linear returns the scale from values lo..hi to shades, 0 to 255. Cells that
// are all equal are white.
func linear(lo, hi float64) scale {
	if same(lo, hi) {
		hi = lo + max(1, math.Abs(lo))
	}
	return scale{lo: lo, hi: hi, to: 255}
}

// shading returns the scale for cells, from 0 or the least of them to the
// largest: linear, or by the square root if most of what is not least is
// small, as in factors, where a few entries are far larger than the rest and
// would leave it white.
func (c cells) shading() scale {
	lo, hi := c.bounds()
	s := linear(min(lo, 0), hi)
	var sum, n float64
	for _, v := range c.v {
		if v > s.lo {
			sum, n = sum+(v-s.lo)/(s.hi-s.lo), n+1
		}
	}
	s.root = sum < 0.12*n
	return s
}

// level returns the shade of v.
func (s scale) level(v float64) uint8 { return uint8(math.Round(clamp(s.at(v), 0, 255))) }

func (s scale) shade(v float64) color.NRGBA { return shades()[s.level(v)].(color.NRGBA) }

// raster colours cells, one pixel each. Its palette holds the shades that
// occur and no others: most of a small PNG file is palette.
func raster(c cells, s scale) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, c.cols, c.rows), nil)
	var index [256]int // of each shade in the palette, less 1
	for i, v := range c.v {
		l := s.level(v)
		if index[l] == 0 {
			img.Palette = append(img.Palette, shades()[l])
			index[l] = len(img.Palette)
		}
		img.Pix[i] = uint8(index[l] - 1)
	}
	return img
}

// heat draws cells over r. Few and large ones are boxes with a thin gap,
// which one can count; more are a raster.
func heat(p *pen, r rect, c cells, s scale) {
	w, h := r.w()/float64(c.cols), r.h()/float64(c.rows)
	if c.rows*c.cols > 600 || w < 5 || h < 5 {
		p.image(r, raster(c, s))
		p.frame(r, stroke{color: rule, width: 0.5})
		return
	}
	const gap = 0.4
	for i := range c.rows {
		for j := range c.cols {
			x, y := r.x0+float64(j)*w, r.y0+float64(i)*h
			p.box(rect{x + gap, y + gap, x + w - gap, y + h - gap}, s.shade(c.at(i, j)))
		}
	}
	p.frame(r.inset(-gap, -gap, -gap, -gap), stroke{color: gridline, width: 0.5})
}

// A colorBar explains the shades.
type colorBar struct {
	axis
	name string
}

const barWidth, barHeight = 8.0, 110.0

func newColorBar(s scale, name string) colorBar {
	return colorBar{newAxis(s, "", 5, false), clean(name)}
}

// room returns the width that the bar needs right of a panel.
func (b colorBar) room() float64 {
	return 12 + max(barWidth+5+b.style.widest(b.texts), b.style.width(b.name))
}

// draw draws the bar right of a panel, at its top.
func (b colorBar) draw(p *pen, panel rect) {
	x, y := panel.x1+12, panel.y0
	if b.name != "" {
		t := b.style
		t.y = top
		p.write(t, x, y, b.name)
		y += t.size + 5
	}
	r := rect{x, y, x + barWidth, max(min(y+barHeight, panel.y1), y+24)}
	column := cells{rows: 256, cols: 1}
	for i := range 256 {
		column.v = append(column.v, float64(255-i))
	}
	p.image(r, raster(column, scale{hi: 255, to: 255}))
	p.frame(r, stroke{color: rule, width: 0.5})
	b.from, b.to = r.y1, r.y0
	t := b.style
	t.y = middle
	free := math.Inf(1)
	for i, v := range b.ticks {
		y := b.at(v)
		p.line(stroke{color: rule, width: 0.6}, point{r.x1, y}, point{r.x1 + 2.5, y})
		if y+t.size/2 < free {
			p.write(t, r.x1+5, y, b.texts[i])
			free = y - t.size/2
		}
	}
}
