package chart

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// strokes returns k images of 8 x 8 pixels, each a bar in another place.
func strokes(k int) *mat.Dense {
	h := mat.NewDense(k, 64, nil)
	for c := range k {
		for y := range 8 {
			for x := range 8 {
				d := float64(y-c%8) + float64(x-c/2)/3
				h.Set(c, 8*y+x, math.Exp(-d*d))
			}
		}
	}
	return h
}

func TestPartsGolden(t *testing.T) {
	c, err := Parts(strokes(10), 8, 8, Options{Title: "Ten parts"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "parts", c)
	readable(t, c)
}

func TestPartsEdges(t *testing.T) {
	for _, tc := range []struct {
		name             string
		k, height, width int
	}{
		{"one pixel", 1, 1, 1},
		{"very wide", 3, 2, 300},
		{"very high", 3, 300, 2},
		{"larger than the screen", 2, 1000, 900},
		{"as many as can be", maxPanels, 4, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Parts(mat.NewDense(tc.k, tc.height*tc.width, nil), tc.height, tc.width, Options{})
			if err != nil {
				t.Fatal(err)
			}
			drawable(t, c)
		})
	}
}

func TestPartsErrors(t *testing.T) {
	for _, tc := range []struct {
		name          string
		h             mat.Matrix
		height, width int
		want          string
	}{
		{"nil", nil, 8, 8, "H is nil"},
		{"shape", mat.NewDense(2, 64, nil), 8, 9, "images of 8 x 9 for H with 64 columns"},
		{"negative", mat.NewDense(2, 64, nil), -8, -8, "images of -8 x -8"},
		{"overflow", mat.NewDense(2, 64, nil), 4, 1<<62 + 16, "height times width"},
		{"too many", mat.NewDense(401, 1, nil), 1, 1, "401 parts"},
		{"NaN", mat.NewDense(1, 4, []float64{0, 0, 0, math.NaN()}), 2, 2, "H[0,3] is NaN"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parts(tc.h, tc.height, tc.width, Options{})
			wantError(t, err, tc.want)
		})
	}
}
