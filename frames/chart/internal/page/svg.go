package page

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
)

// SVG is the surface of SVG documents. They are written for web pages: no
// style sheet that would reach beyond the picture, fonts of the same metrics
// where Liberation is missing, one short element for each thing drawn.
type svg struct {
	b strings.Builder
}

// NewSVG begins a document of the given size in points. title and desc are what
// a screen reader says.
func NewSVG(width, height float64, title, desc string) *svg {
	s := &svg{}
	w, h := coord(width), coord(height)
	fmt.Fprintf(&s.b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%spt" height="%spt" viewBox="0 0 %s %s" role="img" aria-label="%s">
<title>%s</title>
<desc>%s</desc>
<g font-family="'Liberation Sans',Arial,Helvetica,sans-serif" stroke-linejoin="round">
`, w, h, w, h, html.EscapeString(title), html.EscapeString(title), html.EscapeString(desc))
	return s
}

// Document ends the document and returns it.
func (s *svg) Document() string { return s.b.String() + "</g>\n</svg>\n" }

// coord writes a coordinate to a hundredth of a point.
func coord(v float64) string {
	t := strconv.FormatFloat(v, 'f', 2, 64)
	t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	if t == "-0" {
		return "0"
	}
	return t
}

func Hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (s *svg) path(pts []Point) {
	for i, q := range pts {
		switch i {
		case 0:
			s.b.WriteByte('M')
		case 1:
			s.b.WriteByte('L')
		default:
			s.b.WriteByte(' ')
		}
		s.b.WriteString(coord(q.X))
		s.b.WriteByte(',')
		s.b.WriteString(coord(q.Y))
	}
}

func (s *svg) Stroke(st Stroke, pts []Point) {
	s.b.WriteString(`<path d="`)
	s.path(pts)
	fmt.Fprintf(&s.b, `" fill="none" stroke="%s" stroke-width="%s"`, Hex(st.Color), coord(st.Width))
	if len(st.Dash) > 0 {
		s.b.WriteString(` stroke-dasharray="`)
		for i, d := range st.Dash {
			if i > 0 {
				s.b.WriteByte(',')
			}
			s.b.WriteString(coord(d))
		}
		s.b.WriteByte('"')
	}
	s.b.WriteString("/>\n")
}

func (s *svg) Fill(c color.NRGBA, pts []Point) {
	s.b.WriteString(`<path d="`)
	s.path(pts)
	fmt.Fprintf(&s.b, `Z" fill="%s"/>`+"\n", Hex(c))
}

func (s *svg) Dot(c color.NRGBA, at Point, radius float64) {
	fmt.Fprintf(&s.b, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`+"\n", coord(at.X), coord(at.Y), coord(radius), Hex(c))
}

func (s *svg) Text(t TextStyle, at Point, text string) {
	// It hangs where the chart wants it whatever fonts a viewer has.
	part := t.X * t.Width(text)
	sin, cos := math.Sincos(t.Rotate * math.Pi / 180)
	x, y := coord(at.X+cos*part), coord(at.Y-sin*part)
	fmt.Fprintf(&s.b, `<text x="%s" y="%s" font-size="%s" fill="%s"`, x, y, coord(t.Size), Hex(t.Color))
	switch t.X {
	case Center:
		s.b.WriteString(` text-anchor="middle"`)
	case Right:
		s.b.WriteString(` text-anchor="end"`)
	}
	if t.Bold {
		s.b.WriteString(` font-weight="bold"`)
	}
	if t.Rotate != 0 {
		fmt.Fprintf(&s.b, ` transform="rotate(%s %s %s)"`, coord(-t.Rotate), x, y)
	}
	fmt.Fprintf(&s.b, ">%s</text>\n", html.EscapeString(text))
}

func (s *svg) Image(r Rect, img *image.Paletted) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return // rasters are never empty and a buffer takes everything
	}
	fmt.Fprintf(&s.b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" xlink:href="data:image/png;base64,%s"/>`+"\n",
		coord(r.X0), coord(r.Y0), coord(r.W()), coord(r.H()), base64.StdEncoding.EncodeToString(b.Bytes()))
}
