package chart

import (
	"image/color"
	"math"
	"testing"
)

// lightness returns the L* of CIELAB, 0 to 100: what a grey printer leaves of
// a colour.
func lightness(c color.Color) float64 {
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	y := 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

func TestShadesPrintInGrey(t *testing.T) {
	p := shades()
	if len(p) != 256 {
		t.Fatalf("%d shades", len(p))
	}
	if first, last := lightness(p[0]), lightness(p[255]); first < 97 || last > 15 {
		t.Errorf("from lightness %.1f to %.1f, want white to black", first, last)
	}
	for i := 16; i < 256; i += 16 {
		if step := lightness(p[i-16]) - lightness(p[i]); step < 3 || step > 8 {
			t.Errorf("lightness falls by %.1f from shade %d to %d, not evenly", step, i-16, i)
		}
	}
}

// TestLinesAreToldApart simulates red-green blindness (Viénot, Brettel and
// Mollon 1999, doi:10.1002/(SICI)1520-6378(199908)24:4<243::AID-COL5>3.0.CO;2-3)
// on the colours of lines.
func TestLinesAreToldApart(t *testing.T) {
	deutan := func(c color.NRGBA) [3]float64 {
		r, g, b := float64(c.R), float64(c.G), float64(c.B)
		return [3]float64{0.29275*r + 0.70725*g, 0.29275*r + 0.70725*g, -0.02234*r + 0.02234*g + b}
	}
	for i, a := range lineColors {
		for _, b := range lineColors[:i] {
			x, y := deutan(a), deutan(b)
			if d := math.Hypot(x[0]-y[0], x[2]-y[2]); d < 25 {
				t.Errorf("%v and %v are %.0f apart to the colour-blind", a, b, d)
			}
		}
	}
	for i := range len(lineColors) * len(dashes) {
		for j := range i {
			a, b := lineStyle(i, 1), lineStyle(j, 1)
			if a.color == b.color && len(a.dash) == len(b.dash) && (len(a.dash) == 0 || a.dash[0] == b.dash[0]) {
				t.Errorf("lines %d and %d look alike", i, j)
			}
		}
	}
}
