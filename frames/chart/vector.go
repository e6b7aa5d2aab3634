package chart

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// vector is a surface on a canvas of gonum's vg, which has y upwards.
type vector struct {
	canvas vg.Canvas
	height float64
	pdf    bool // the canvas is vgpdf, which turns images over
}

func (v *vector) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Length(x), Y: vg.Length(v.height - y)}
}

func (v *vector) path(pts []point) vg.Path {
	var path vg.Path
	for i, q := range pts {
		if i == 0 {
			path.Move(v.at(q.x, q.y))
		} else {
			path.Line(v.at(q.x, q.y))
		}
	}
	return path
}

func (v *vector) stroke(s stroke, pts []point) {
	dash := make([]vg.Length, len(s.dash))
	for i, d := range s.dash {
		dash[i] = vg.Length(d)
	}
	v.canvas.SetColor(s.color)
	v.canvas.SetLineWidth(vg.Length(s.width))
	v.canvas.SetLineDash(dash, 0)
	v.canvas.Stroke(v.path(pts))
}

func (v *vector) fill(c color.NRGBA, pts []point) {
	path := v.path(pts)
	path.Close()
	v.canvas.SetColor(c)
	v.canvas.Fill(path)
}

// dot is made of Bézier curves, which every canvas draws alike; arcs they do not.
func (v *vector) dot(c color.NRGBA, at point, radius float64) {
	const k = 0.5522847498307936 // 4/3 (sqrt 2 - 1): a quarter circle
	x, y, r, b := at.x, at.y, radius, k*radius
	var path vg.Path
	path.Move(v.at(x+r, y))
	path.CubeTo(v.at(x+r, y+b), v.at(x+b, y+r), v.at(x, y+r))
	path.CubeTo(v.at(x-b, y+r), v.at(x-r, y+b), v.at(x-r, y))
	path.CubeTo(v.at(x-r, y-b), v.at(x-b, y-r), v.at(x, y-r))
	path.CubeTo(v.at(x+b, y-r), v.at(x+r, y-b), v.at(x+r, y))
	path.Close()
	v.canvas.SetColor(c)
	v.canvas.Fill(path)
}

// text fills the shapes of the letters. Each canvas then shows the same ones,
// and a box for what the font does not have; by themselves vgpdf knows the
// Latin letters only and vgimg leaves out what it does not know.
func (v *vector) text(t textStyle, at point, s string) {
	v.canvas.SetColor(t.color)
	face := t.face()
	ppem := fixed.Int26_6(face.Face.UnitsPerEm())
	unit := t.size / float64(ppem)
	sin, cos := math.Sincos(t.rotate * math.Pi / 180)
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
		start := t.width(s[:i])
		place := func(p fixed.Point26_6) vg.Point {
			dx, dy := start+unit*float64(p.X), unit*float64(p.Y) // dy downwards
			return v.at(at.x+cos*dx+sin*dy, at.y-sin*dx+cos*dy)
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
		v.canvas.Fill(path)
	}
}

// image enlarges small rasters first: canvases and viewers blur what they
// enlarge themselves.
func (v *vector) image(r rect, img *image.Paletted) {
	const sharp = 4 // pixels a point
	fx := max(int(math.Ceil(sharp*r.w()/float64(img.Rect.Dx()))), 1)
	fy := max(int(math.Ceil(sharp*r.h()/float64(img.Rect.Dy()))), 1)
	large := image.NewPaletted(image.Rect(0, 0, fx*img.Rect.Dx(), fy*img.Rect.Dy()), img.Palette)
	for y := range large.Rect.Dy() {
		row := y / fy
		if v.pdf {
			row = img.Rect.Dy() - 1 - row
		}
		from, to := img.Pix[row*img.Stride:], large.Pix[y*large.Stride:]
		for x := range large.Rect.Dx() {
			to[x] = from[x/fx]
		}
	}
	v.canvas.DrawImage(vg.Rectangle{Min: v.at(r.x0, r.y1), Max: v.at(r.x1, r.y0)}, large)
}
