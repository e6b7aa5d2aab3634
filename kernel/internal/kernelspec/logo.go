package kernelspec

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// The logo is a factorization with one component: the column w on the left,
// the row h on top, and their product, each entry as dark as it is large.
var (
	logoW = []float64{0.35, 1, 0.15, 0.7}
	logoH = []float64{0.9, 0.3, 1, 0.55}

	paper = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ink   = color.RGBA{0x00, 0x7d, 0x9c, 0xff}
	dark  = color.RGBA{0xce, 0x32, 0x62, 0xff}
)

// logoSize is the side of the square that the tiles are laid out in.
const logoSize = 32

type tile struct {
	x, y, side int
	color      color.RGBA
}

// tiles returns the squares of the logo.
func tiles() []tile {
	const side, step, gap = 5, 6, 2 // five tiles and a wider gap after the first
	at := func(i int) int { return 1 + gap + i*step }
	var out []tile
	for i, w := range logoW {
		out = append(out, tile{1, at(i + 1), side, blend(dark, w)})
	}
	for j, h := range logoH {
		out = append(out, tile{at(j + 1), 1, side, blend(dark, h)})
		for i, w := range logoW {
			out = append(out, tile{at(j + 1), at(i + 1), side, blend(ink, w*h)})
		}
	}
	return out
}

// blend mixes a colour with paper; 1 is the colour itself. The least value
// still shows.
func blend(c color.RGBA, v float64) color.RGBA {
	v = 0.12 + 0.88*v
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*v + float64(b)*(1-v) + 0.5) }
	return color.RGBA{mix(c.R, paper.R), mix(c.G, paper.G), mix(c.B, paper.B), 0xff}
}

// logoSVG draws the logo.
func logoSVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d">`+"\n", logoSize)
	for _, t := range tiles() {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#%02x%02x%02x"/>`+"\n", t.x, t.y, t.side, t.side, t.color.R, t.color.G, t.color.B)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// logoPNG draws the logo, scale pixels for each of the SVG's units, on a
// transparent ground.
func logoPNG(scale int) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, logoSize*scale, logoSize*scale))
	for _, t := range tiles() {
		r := image.Rect(t.x*scale, t.y*scale, (t.x+t.side)*scale, (t.y+t.side)*scale)
		draw.Draw(img, r, image.NewUniform(t.color), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}
