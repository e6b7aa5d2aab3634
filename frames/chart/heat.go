package chart

import (
	"image"
	"image/color"
	"math"
)

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
