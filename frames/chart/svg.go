package chart

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

// svg is the surface of SVG documents. They are written for web pages: no
// style sheet that would reach beyond the picture, fonts of the same metrics
// where Liberation is missing, one short element for each thing drawn.
type svg struct {
	b strings.Builder
}

// newSVG begins a document of the given size in points. title and desc are what
// a screen reader says.
func newSVG(width, height float64, title, desc string) *svg {
	s := &svg{}
	w, h := coord(width), coord(height)
	fmt.Fprintf(&s.b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%spt" height="%spt" viewBox="0 0 %s %s" role="img" aria-label="%s">
<title>%s</title>
<desc>%s</desc>
<g font-family="'Liberation Sans',Arial,Helvetica,sans-serif" stroke-linejoin="round">
`, w, h, w, h, html.EscapeString(title), html.EscapeString(title), html.EscapeString(desc))
	return s
}

// document ends the document and returns it.
func (s *svg) document() string { return s.b.String() + "</g>\n</svg>\n" }

// coord writes a coordinate to a hundredth of a point.
func coord(v float64) string {
	t := strconv.FormatFloat(v, 'f', 2, 64)
	t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	if t == "-0" {
		return "0"
	}
	return t
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (s *svg) path(pts []point) {
	for i, q := range pts {
		switch i {
		case 0:
			s.b.WriteByte('M')
		case 1:
			s.b.WriteByte('L')
		default:
			s.b.WriteByte(' ')
		}
		s.b.WriteString(coord(q.x))
		s.b.WriteByte(',')
		s.b.WriteString(coord(q.y))
	}
}

func (s *svg) stroke(st stroke, pts []point) {
	s.b.WriteString(`<path d="`)
	s.path(pts)
	fmt.Fprintf(&s.b, `" fill="none" stroke="%s" stroke-width="%s"`, hex(st.color), coord(st.width))
	if len(st.dash) > 0 {
		s.b.WriteString(` stroke-dasharray="`)
		for i, d := range st.dash {
			if i > 0 {
				s.b.WriteByte(',')
			}
			s.b.WriteString(coord(d))
		}
		s.b.WriteByte('"')
	}
	s.b.WriteString("/>\n")
}

func (s *svg) fill(c color.NRGBA, pts []point) {
	s.b.WriteString(`<path d="`)
	s.path(pts)
	fmt.Fprintf(&s.b, `Z" fill="%s"/>`+"\n", hex(c))
}

func (s *svg) dot(c color.NRGBA, at point, radius float64) {
	fmt.Fprintf(&s.b, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`+"\n", coord(at.x), coord(at.y), coord(radius), hex(c))
}

func (s *svg) text(t textStyle, at point, text string) {
	// It hangs where the chart wants it whatever fonts a viewer has.
	part := t.x * t.width(text)
	sin, cos := math.Sincos(t.rotate * math.Pi / 180)
	x, y := coord(at.x+cos*part), coord(at.y-sin*part)
	fmt.Fprintf(&s.b, `<text x="%s" y="%s" font-size="%s" fill="%s"`, x, y, coord(t.size), hex(t.color))
	switch t.x {
	case center:
		s.b.WriteString(` text-anchor="middle"`)
	case right:
		s.b.WriteString(` text-anchor="end"`)
	}
	if t.bold {
		s.b.WriteString(` font-weight="bold"`)
	}
	if t.rotate != 0 {
		fmt.Fprintf(&s.b, ` transform="rotate(%s %s %s)"`, coord(-t.rotate), x, y)
	}
	fmt.Fprintf(&s.b, ">%s</text>\n", html.EscapeString(text))
}

func (s *svg) image(r rect, img *image.Paletted) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		return // rasters are never empty and a buffer takes everything
	}
	fmt.Fprintf(&s.b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" xlink:href="data:image/png;base64,%s"/>`+"\n",
		coord(r.x0), coord(r.y0), coord(r.w()), coord(r.h()), base64.StdEncoding.EncodeToString(b.Bytes()))
}
