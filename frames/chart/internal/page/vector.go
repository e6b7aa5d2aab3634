package page

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// Vector is a surface on a canvas of gonum's vg, which has y upwards.
type Vector struct {
	Canvas vg.Canvas
	Height float64
	PDF    bool // the canvas is vgpdf, which turns images over
}

func (v *Vector) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(v.Height - y)}
}

func (v *Vector) path(pts []Point) vg.Path {
	var path vg.Path
	for i, q := range pts {
		if i == 0 {
			path.Move(v.at(q.X, q.Y))
		} else {
			path.Line(v.at(q.X, q.Y))
		}
	}
	return path
}

func (v *Vector) Stroke(s Stroke, pts []Point) {
	dash := make([]vg.Length, len(s.Dash))
	for i, d := range s.Dash {
		dash[i] = vg.Length(d)
	}
	v.Canvas.SetColor(s.Color)
	v.Canvas.SetLineWidth(vg.Length(s.Width))
	v.Canvas.SetLineDash(dash, 0)
	v.Canvas.Stroke(v.path(pts))
}

func (v *Vector) Fill(c color.NRGBA, pts []Point) {
	path := v.path(pts)
	path.Close()
	v.Canvas.SetColor(c)
	v.Canvas.Fill(path)
}

// Dot is made of Bézier curves, which every canvas draws alike; arcs they do not.
func (v *Vector) Dot(c color.NRGBA, at Point, radius float64) {
	const k = 0.5522847498307936 // 4/3 (sqrt 2 - 1): a quarter circle
	x, y, r, b := at.X, at.Y, radius, k*radius
	var path vg.Path
	path.Move(v.at(x+r, y))
	path.CubeTo(v.at(x+r, y+b), v.at(x+b, y+r), v.at(x, y+r))
	path.CubeTo(v.at(x-b, y+r), v.at(x-r, y+b), v.at(x-r, y))
	path.CubeTo(v.at(x-r, y-b), v.at(x-b, y-r), v.at(x, y-r))
	path.CubeTo(v.at(x+b, y-r), v.at(x+r, y-b), v.at(x+r, y))
	path.Close()
	v.Canvas.SetColor(c)
	v.Canvas.Fill(path)
}

// Text fills the shapes of the letters. Each canvas then shows the same ones,
// and a box for what the font does not have; by themselves vgpdf knows the
// Latin letters only and vgimg leaves out what it does not know.
func (v *Vector) Text(t TextStyle, at Point, s string) {
	v.Canvas.SetColor(t.Color)
	face := t.face()
	ppem := fixed.Int26_6(face.Face.UnitsPerEm())
	unit := t.Size / float64(ppem)
	sin, cos := math.Sincos(t.Rotate * math.Pi / 180)
	var buf sfnt.Buffer
	s = visual(s)
	for i, r := range s {
		glyph, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		if glyph == 0 && foreignWidth(r) == 0 {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buf, glyph, ppem, nil)
		if err != nil || len(segments) == 0 { // a space has no shape
			continue
		}
		start := t.Width(s[:i])
		place := func(p fixed.Point26_6) vg.Point {
			dx, dy := start+unit*float64(p.X), unit*float64(p.Y) // dy downwards
			return v.at(at.X+cos*dx+sin*dy, at.Y-sin*dx+cos*dy)
		}
		var path vg.Path
		for j, seg := range segments {
			switch seg.Op {
			case sfnt.SegmentOpMoveTo:
				if j > 0 {
					path.Close()
				}
				path.Move(place(seg.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(place(seg.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(place(seg.Args[0]), place(seg.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(place(seg.Args[0]), place(seg.Args[1]), place(seg.Args[2]))
			}
		}
		path.Close()
		v.Canvas.Fill(path)
	}
}

// Image enlarges small rasters first: canvases and viewers blur what they
// enlarge themselves.
func (v *Vector) Image(r Rect, img *image.Paletted) {
	const sharp = 4 // pixels a point
	fx := max(int(math.Ceil(sharp*r.W()/float64(img.Rect.Dx()))), 1)
	fy := max(int(math.Ceil(sharp*r.H()/float64(img.Rect.Dy()))), 1)
	large := image.NewPaletted(image.Rect(0, 0, fx*img.Rect.Dx(), fy*img.Rect.Dy()), img.Palette)
	for y := range large.Rect.Dy() {
		row := y / fy
		if v.PDF {
			row = img.Rect.Dy() - 1 - row
		}
		from, to := img.Pix[row*img.Stride:], large.Pix[y*large.Stride:]
		for x := range large.Rect.Dx() {
			to[x] = from[x/fx]
		}
	}
	v.Canvas.DrawImage(vg.Rectangle{Min: v.at(r.X0, r.Y1), Max: v.at(r.X1, r.Y0)}, large)
}
