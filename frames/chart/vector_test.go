package chart

import (
	"image"
	"testing"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// An imageCanvas keeps the last image drawn.
type imageCanvas struct {
	vg.Canvas
	last image.Image
}

func (c *imageCanvas) DrawImage(_ vg.Rectangle, img image.Image) { c.last = img }

// TestImageIsSharpAndUpright checks what canvases are handed: enough pixels
// that none of them has to be made up, the first row where the canvas puts it
// on top. vgpdf puts it at the bottom.
func TestImageIsSharpAndUpright(t *testing.T) {
	img := raster(cells{2, 1, []float64{0, 1}}, linear(0, 1)) // white over black
	for _, tc := range []struct {
		name string
		pdf  bool
		top  float64 // lightness of the first row that the canvas gets
	}{
		{"PNG", false, 100},
		{"PDF", true, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			canvas := &imageCanvas{Canvas: vgpdf.New(100, 100)}
			(&page.Vector{Canvas: canvas, Height: 100, PDF: tc.pdf}).Image(page.Area(10, 10, 60, 90), img)
			size := canvas.last.Bounds().Size()
			if size.X < 200 || size.Y < 320 {
				t.Errorf("50 x 80 points are only %v pixels", size)
			}
			first, last := lightness(canvas.last.At(0, 0)), lightness(canvas.last.At(0, size.Y-1))
			if first > 50 != (tc.top > 50) || last > 50 == (tc.top > 50) {
				t.Errorf("rows of lightness %.0f to %.0f, want the first about %.0f", first, last, tc.top)
			}
		})
	}
}
