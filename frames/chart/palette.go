package chart

import "image/color"

// Ink for everything that is not data, from text to grid.
var (
	white = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	ink   = color.NRGBA{0x26, 0x26, 0x26, 0xff}
	faint = color.NRGBA{0x66, 0x66, 0x66, 0xff}
	rule  = color.NRGBA{0x99, 0x99, 0x99, 0xff}
	grid  = color.NRGBA{0xe6, 0xe6, 0xe6, 0xff}
)

// lines are the colours of Okabe and Ito (2008, "Color Universal Design"), which people with any kind
// of colour vision tell apart; without its yellow and black, which are lost
// on white and among text, and ordered so that neighbours differ in lightness.
var lines = []color.NRGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
}

// dashes tell lines of the same colour apart.
var dashes = [][]float64{nil, {5, 2}, {1.5, 1.5}, {6, 2, 1.5, 2}}

// lineStyle returns the look of line i: colours first, then dashes.
func lineStyle(i int, width float64) stroke {
	return stroke{color: lines[i%len(lines)], width: width, dash: dashes[i/len(lines)%len(dashes)]}
}

// tint mixes a colour with white: 0 is white, 1 the colour. Unlike
// transparency it looks the same in every format.
func tint(c color.NRGBA, strength float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(255 - (255-float64(v))*strength + 0.5) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}
