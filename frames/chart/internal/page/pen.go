// Package page is what pictures are drawn on: points and pens, text that is measured before it is written, colours,
// and the formats, SVG of its own and PNG and PDF by gonum's canvases. It knows nothing of charts.
//
// It imports no other package of gonmf. To read it, begin with [Pen]; what it draws on is a [Surface], of which there
// are two, [SVG] and [Vector].
package page

import (
	"image"
	"image/color"
)

// A Point lies on the page: points from the upper left corner, y downwards.
type Point struct{ X, Y float64 }

// A Rect is a part of the page.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// W is the width of r.
func (r Rect) W() float64 { return r.X1 - r.X0 }

// H is its height.
func (r Rect) H() float64 { return r.Y1 - r.Y0 }

// Inset returns r without a margin on each side.
func (r Rect) Inset(left, top, right, bottom float64) Rect {
	return Rect{r.X0 + left, r.Y0 + top, r.X1 - right, r.Y1 - bottom}
}

// At returns the point at x and y.
func At(x, y float64) Point { return Point{x, y} }

// Area returns the part of the page between two corners.
func Area(x0, y0, x1, y1 float64) Rect { return Rect{x0, y0, x1, y1} }

// A Stroke is how a line looks.
type Stroke struct {
	Color color.NRGBA
	Width float64
	Dash  []float64
}

// A Surface is a format that pictures are drawn in. It knows the few things
// that our charts are made of.
type Surface interface {
	// Stroke draws an open line through at least two points.
	Stroke(s Stroke, pts []Point)
	// Fill paints the area inside at least three points.
	Fill(c color.NRGBA, pts []Point)
	// Dot paints a circle.
	Dot(c color.NRGBA, at Point, radius float64)
	// Text writes a line that begins at a point of its baseline and runs
	// towards t.Rotate.
	Text(t TextStyle, at Point, s string)
	// Image spans a raster over a rectangle, its pixels unblurred.
	Image(r Rect, img *image.Paletted)
}

// A Pen draws on a surface.
type Pen struct{ Surface }

// Line strokes an open line; fewer than two points draw nothing.
func (p *Pen) Line(s Stroke, pts ...Point) {
	if len(pts) > 1 {
		p.Stroke(s, pts)
	}
}

// Box fills a rectangle.
func (p *Pen) Box(r Rect, c color.NRGBA) {
	p.Fill(c, []Point{{r.X0, r.Y0}, {r.X1, r.Y0}, {r.X1, r.Y1}, {r.X0, r.Y1}})
}

// Frame strokes the border of a rectangle.
func (p *Pen) Frame(r Rect, s Stroke) {
	p.Line(s, Point{r.X0, r.Y0}, Point{r.X1, r.Y0}, Point{r.X1, r.Y1}, Point{r.X0, r.Y1}, Point{r.X0, r.Y0})
}
