package chart

import (
	"image"
	"image/color"
)

// A point lies on the page: points from the upper left corner, y downwards.
type point struct{ x, y float64 }

// A rect is a part of the page.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) w() float64 { return r.x1 - r.x0 }
func (r rect) h() float64 { return r.y1 - r.y0 }

// inset returns r without a margin on each side.
func (r rect) inset(left, top, right, bottom float64) rect {
	return rect{r.x0 + left, r.y0 + top, r.x1 - right, r.y1 - bottom}
}

// A stroke is how a line looks.
type stroke struct {
	color color.NRGBA
	width float64
	dash  []float64
}

// A surface is a format that pictures are drawn in. It knows the few things
// that our charts are made of.
type surface interface {
	// stroke draws an open line through at least two points.
	stroke(s stroke, pts []point)
	// fill paints the area inside at least three points.
	fill(c color.NRGBA, pts []point)
	// dot paints a circle.
	dot(c color.NRGBA, at point, radius float64)
	// text writes a line that begins at a point of its baseline and runs
	// towards t.rotate.
	text(t textStyle, at point, s string)
	// image spans a raster over a rectangle, its pixels unblurred.
	image(r rect, img *image.Paletted)
}

// A pen draws on a surface.
type pen struct{ surface }

// line strokes an open line; fewer than two points draw nothing.
func (p *pen) line(s stroke, pts ...point) {
	if len(pts) > 1 {
		p.stroke(s, pts)
	}
}

// box fills a rectangle.
func (p *pen) box(r rect, c color.NRGBA) {
	p.fill(c, []point{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}})
}

// frame strokes the border of a rectangle.
func (p *pen) frame(r rect, s stroke) {
	p.line(s, point{r.x0, r.y0}, point{r.x1, r.y0}, point{r.x1, r.y1}, point{r.x0, r.y1}, point{r.x0, r.y0})
}
