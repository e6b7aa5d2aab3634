package chart

import (
	"image/color"
	"math"
	"testing"

	"gonmf/frames/chart/internal/page"
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
	p := page.Shades()
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

// Colour vision without one of its three kinds of cones, in linear sRGB
// (Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, severity 1).
var visions = map[string][3][3]float64{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seenAs returns a colour in OKLab as someone sees it.
func seenAs(c color.NRGBA, vision [3][3]float64) [3]float64 {
	linear := func(v uint8) float64 {
		if x := float64(v) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	times := func(m [3][3]float64, v [3]float64) (out [3]float64) {
		for i, row := range m {
			out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
		}
		return out
	}
	rgb := times(vision, in)
	for i, v := range rgb {
		rgb[i] = clamp(v, 0, 1)
	}
	lms := times([3][3]float64{
		{0.4122214708, 0.5363325363, 0.0514459929},
		{0.2119034982, 0.6806995451, 0.1073969566},
		{0.0883024619, 0.2817188376, 0.6299787005},
	}, rgb)
	for i, v := range lms {
		lms[i] = math.Cbrt(v)
	}
	return times([3][3]float64{
		{0.2104542553, 0.7936177850, -0.0040720468},
		{1.9779984951, -2.4285922050, 0.4505937099},
		{0.0259040371, 0.7827717662, -0.8086757660},
	}, lms)
}

// apart is the distance of two colours in OKLab, where 0.02 is about as little
// as one can see.
func apart(a, b [3]float64) float64 {
	return math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])
}

func TestLinesAreToldApart(t *testing.T) {
	n := len(page.LineColors)
	for name, vision := range visions {
		paper := seenAs(page.White, vision)
		for i, a := range page.LineColors {
			if d := apart(seenAs(a, vision), paper); d < 0.2 {
				t.Errorf("%s: %v is %.3f from the paper", name, a, d)
			}
			for j, b := range page.LineColors[:i] {
				least := 0.07
				if i-j == 1 || i-j == n-1 { // next to each other, also where the colours begin again
					least = 0.095
				}
				if d := apart(seenAs(a, vision), seenAs(b, vision)); d < least {
					t.Errorf("%s: %v and %v are %.3f apart, want %g", name, a, b, d, least)
				}
			}
		}
	}
	for i, a := range page.LineColors { // and in grey
		b := page.LineColors[(i+1)%n]
		if d := math.Abs(seenAs(a, visions["normal"])[0] - seenAs(b, visions["normal"])[0]); d < 0.05 {
			t.Errorf("%v and %v next to it are %.3f apart in lightness", a, b, d)
		}
	}
	for i := range n * len(page.Dashes) {
		for j := range i {
			a, b := page.LineStyle(i, 1), page.LineStyle(j, 1)
			if a.Color == b.Color && len(a.Dash) == len(b.Dash) && (len(a.Dash) == 0 || a.Dash[0] == b.Dash[0]) {
				t.Errorf("lines %d and %d look alike", i, j)
			}
		}
	}
}

// TestShadesForEveryVision checks that larger values are darker to everyone,
// in even steps that can be seen.
func TestShadesForEveryVision(t *testing.T) {
	for name, vision := range visions {
		lab := make([][3]float64, 256)
		for i, c := range page.Shades() {
			lab[i] = seenAs(c.(color.NRGBA), vision)
		}
		for i := 1; i < 256; i++ {
			if lab[i][0] > lab[i-1][0]+0.002 { // a 256th of a channel is rounded
				t.Errorf("%s: shade %d is lighter than shade %d", name, i, i-1)
			}
		}
		for i := 16; i < 256; i += 16 {
			if d := apart(lab[i], lab[i-16]); d < 0.03 {
				t.Errorf("%s: shades %d and %d are %.3f apart", name, i-16, i, d)
			}
			if d := lab[i-16][0] - lab[i][0]; d < 0.02 || d > 0.08 {
				t.Errorf("%s: lightness falls by %.3f from shade %d to %d", name, d, i-16, i)
			}
		}
	}
}
