package chart

import (
	"image"
	"image/color"
	"math"

	"gonmf/frames/chart/internal/page"
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
	s.label = page.Clean(or(given, own))
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
	drawHead func(p *page.Pen, r page.Rect)
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
	panel := page.Area(0, 0, clamp(float64(m.cols.n*cellW), panelMin, panelMaxW), clamp(float64(m.rows.n*cellH), panelMin, panelMaxH))
	if m.square {
		panel.Y1 = panel.X1
	}
	rows, cols := m.fit(panel)
	w := panel.W() + m.left(rows) + bar.room() + 2*margin
	h := panel.H() + m.head + m.below(cols) + opt.heading() + 2*margin
	width, height, err := opt.size(w/inch, h/inch)
	if err != nil {
		return nil, err
	}
	return &Chart{or(opt.Title, title), m.desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		r.X1 -= bar.room()
		head := min(m.head, r.H()/3)
		r.Y0 += head
		panel := m.panel(r)
		m.draw(p, panel)
		if head > 0 {
			m.drawHead(p, page.Area(panel.X0, panel.Y0-head, panel.X1, panel.Y0))
		}
		bar.draw(p, panel)
	}}, nil
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// fit fits the names to a panel.
func (m heatmap) fit(panel page.Rect) (rows, cols labels) {
	rows = fitRows(m.rows.names, m.rows.rank, panel.H()/float64(m.rows.n), max(panel.W()*0.7, 130))
	cols = fitColumns(m.cols.names, m.cols.rank, panel.W()/float64(m.cols.n), max(panel.H()*0.4, 90))
	return rows, cols
}

// left returns the room left of the panel.
func (m heatmap) left(rows labels) float64 {
	w := rows.room()
	if w > 0 {
		w += 5
	}
	if m.rows.label != "" {
		w += page.LabelSize + 5
	}
	return w
}

// below returns the room below the panel.
func (m heatmap) below(cols labels) float64 {
	h := cols.below()
	if m.cols.label != "" {
		h += page.LabelSize + 5
	}
	return h
}

// panel returns the cells' part of r. How much room the names need depends on
// the panel and the other way round: what they would need around all of r is
// surely enough, so it looks from there for less that still is.
func (m heatmap) panel(r page.Rect) page.Rect {
	within := func(left, below float64) page.Rect {
		panel := r.Inset(left, 0, 0, below)
		panel.X1, panel.Y1 = max(panel.X1, panel.X0+1), max(panel.Y1, panel.Y0+1)
		if m.square {
			side := min(panel.W(), panel.H())
			panel.X1, panel.Y1 = panel.X0+side, panel.Y0+side
		}
		return panel
	}
	needs := func(panel page.Rect) (left, below float64) {
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
func (m heatmap) draw(p *page.Pen, panel page.Rect) {
	heat(p, panel, m.cells, m.shades)
	m.drawNames(p, panel)
}

// drawNames writes the names of rows and columns around a panel.
func (m heatmap) drawNames(p *page.Pen, panel page.Rect) {
	rows, cols := m.fit(panel)
	rows.drawRows(p, panel, m.rows.n)
	cols.drawColumns(p, panel, m.cols.n)
	t := page.TextStyle{Size: page.LabelSize, Color: page.Ink, X: page.Center, Y: page.Base}
	p.Write(t, (panel.X0+panel.X1)/2, panel.Y1+m.below(cols)-1, t.Elide(m.cols.label, panel.W()))
	t.Y, t.Rotate = page.Top, 90
	p.Write(t, panel.X0-m.left(rows), (panel.Y0+panel.Y1)/2, t.Elide(m.rows.label, panel.H()))
}

// pick returns the names in the given order, cleaned; nil stays nil.
func pick(names []string, order []int) []string {
	if names == nil {
		return nil
	}
	out := make([]string, len(order))
	for at, i := range order {
		out[at] = page.Clean(names[i])
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

func (s scale) shade(v float64) color.NRGBA { return page.Shades()[s.level(v)].(color.NRGBA) }

// raster colours cells, one pixel each. Its palette holds the shades that
// occur and no others: most of a small PNG file is palette.
func raster(c cells, s scale) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, c.cols, c.rows), nil)
	var index [256]int // of each shade in the palette, less 1
	for i, v := range c.v {
		l := s.level(v)
		if index[l] == 0 {
			img.Palette = append(img.Palette, page.Shades()[l])
			index[l] = len(img.Palette)
		}
		img.Pix[i] = uint8(index[l] - 1)
	}
	return img
}

// heat draws cells over r. Few and large ones are boxes with a thin gap,
// which one can count; more are a raster.
func heat(p *page.Pen, r page.Rect, c cells, s scale) {
	w, h := r.W()/float64(c.cols), r.H()/float64(c.rows)
	if c.rows*c.cols > 600 || w < 5 || h < 5 {
		p.Image(r, raster(c, s))
		p.Frame(r, page.Stroke{Color: page.Rule, Width: 0.5})
		return
	}
	const gap = 0.4
	for i := range c.rows {
		for j := range c.cols {
			x, y := r.X0+float64(j)*w, r.Y0+float64(i)*h
			p.Box(page.Area(x+gap, y+gap, x+w-gap, y+h-gap), s.shade(c.at(i, j)))
		}
	}
	p.Frame(r.Inset(-gap, -gap, -gap, -gap), page.Stroke{Color: page.Gridline, Width: 0.5})
}

// A colorBar explains the shades.
type colorBar struct {
	axis
	name string
}

const barWidth, barHeight = 8.0, 110.0

func newColorBar(s scale, name string) colorBar {
	return colorBar{newAxis(s, "", 5, false), page.Clean(name)}
}

// room returns the width that the bar needs right of a panel.
func (b colorBar) room() float64 {
	return 12 + max(barWidth+5+b.style.Widest(b.texts), b.style.Width(b.name))
}

// draw draws the bar right of a panel, at its top.
func (b colorBar) draw(p *page.Pen, panel page.Rect) {
	x, y := panel.X1+12, panel.Y0
	if b.name != "" {
		t := b.style
		t.Y = page.Top
		p.Write(t, x, y, b.name)
		y += t.Size + 5
	}
	r := page.Area(x, y, x+barWidth, max(min(y+barHeight, panel.Y1), y+24))
	column := cells{rows: 256, cols: 1}
	for i := range 256 {
		column.v = append(column.v, float64(255-i))
	}
	p.Image(r, raster(column, scale{hi: 255, to: 255}))
	p.Frame(r, page.Stroke{Color: page.Rule, Width: 0.5})
	b.from, b.to = r.Y1, r.Y0
	t := b.style
	t.Y = page.Middle
	free := math.Inf(1)
	for i, v := range b.ticks {
		y := b.at(v)
		p.Line(page.Stroke{Color: page.Rule, Width: 0.6}, page.At(r.X1, y), page.At(r.X1+2.5, y))
		if y+t.Size/2 < free {
			p.Write(t, r.X1+5, y, b.texts[i])
			free = y - t.Size/2
		}
	}
}
