package page

import (
	"image/color"
	"math"
	"sync"
)

// Ink for everything that is not data, from text to grid.
var (
	White    = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	Ink      = color.NRGBA{0x26, 0x26, 0x26, 0xff}
	Faint    = color.NRGBA{0x66, 0x66, 0x66, 0xff}
	Rule     = color.NRGBA{0x99, 0x99, 0x99, 0xff}
	Gridline = color.NRGBA{0xe6, 0xe6, 0xe6, 0xff}
)

// LineColors are those of Okabe and Ito (2008, "Color Universal Design"), which
// people with any kind of colour vision tell apart; without its yellow and
// black, which are lost on white and among text, and ordered so that
// neighbours differ in lightness and are as far apart as can be for every kind
// of colour vision.
var LineColors = []color.NRGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xe6, 0x9f, 0x00, 0xff}, // orange
}

// Dashes tell lines of the same colour apart.
var Dashes = [][]float64{nil, {5, 2}, {1.5, 1.5}, {6, 2, 1.5, 2}}

// LineStyle returns the look of line i: colours first, then dashes.
func LineStyle(i int, width float64) Stroke {
	return Stroke{Color: LineColors[i%len(LineColors)], Width: width, Dash: Dashes[i/len(LineColors)%len(Dashes)]}
}

// Tint mixes a colour with white: 0 is white, 1 the colour. Unlike
// transparency it looks the same in every format.
func Tint(c color.NRGBA, strength float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(255 - (255-float64(v))*strength + 0.5) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// Shades is the map of values: 256 colours from nearly white over green and
// blue to nearly black. It is computed in Björn Ottosson's OKLab (2020), whose
// lightness follows the eye: equal steps of the value are equal steps of
// lightness, in colour, in grey and for every kind of colour vision.
var Shades = sync.OnceValue(func() color.Palette {
	const light, dark = 0.985, 0.24
	p := make(color.Palette, 256)
	for i := range p {
		t := float64(i) / 255
		hue := (110 + 160*math.Pow(t, 0.8)) * math.Pi / 180 // yellow-green to blue
		chroma := 0.012 + 0.115*math.Sin(math.Pi*math.Pow(t, 0.75))
		p[i] = oklch(light+(dark-light)*t, chroma, hue)
	}
	return p
})

// oklch converts lightness, chroma and hue (radians) to sRGB, giving up chroma
// where a screen cannot show it.
func oklch(l, c, h float64) color.NRGBA {
	for {
		r, g, b := oklab(l, c*math.Cos(h), c*math.Sin(h))
		if c <= 0 || min(r, g, b) >= 0 && max(r, g, b) <= 1 {
			return color.NRGBA{channel(r), channel(g), channel(b), 0xff}
		}
		c -= 0.002
	}
}

// oklab converts OKLab coordinates to linear sRGB.
func oklab(l, a, b float64) (red, green, blue float64) {
	cube := func(v float64) float64 { return v * v * v }
	l, m, s := cube(l+0.3963377774*a+0.2158037573*b), cube(l-0.1055613458*a-0.0638541728*b), cube(l-0.0894841775*a-1.2914855480*b)
	return 4.0767416621*l - 3.3077115913*m + 0.2309699292*s,
		-1.2684380046*l + 2.6097574011*m - 0.3413193965*s,
		-0.0041960863*l - 0.7034186147*m + 1.7076147010*s
}

// channel encodes a linear channel, 0 to 1, in the bits of sRGB.
func channel(v float64) uint8 {
	v = min(max(v, 0), 1)
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * v))
}
