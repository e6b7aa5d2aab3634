package chart

import (
	"fmt"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
)

// maxPanels is how many small pictures one chart holds.
const maxPanels = 400

// tiles share r out among equal pictures, row by row.
type tiles struct {
	r          page.Rect
	cols, rows int
	gapX, gapY float64
}

func (t tiles) at(i int) page.Rect {
	w := (t.r.W() - t.gapX*float64(t.cols-1)) / float64(t.cols)
	h := (t.r.H() - t.gapY*float64(t.rows-1)) / float64(t.rows)
	x := t.r.X0 + float64(i%t.cols)*(w+t.gapX)
	y := t.r.Y0 + float64(i/t.cols)*(h+t.gapY)
	return page.Area(x, y, x+max(w, 1), y+max(h, 1))
}

// Parts draws each component, a row of h (k x height*width), as an image of
// height x width pixels, row by row from the upper left: the parts that images
// are made of. Each part goes from white at 0 to dark at its own largest
// pixel, since the scale of a component is arbitrary. Options.Names are the
// names of the components.
func Parts(h mat.Matrix, height, width int, opt Options) (*Chart, error) {
	t, err := newTable(h, "H")
	if err != nil {
		return nil, err
	}
	k, pixels := t.Dims()
	switch {
	case height < 1 || width < 1 || height > pixels || width > pixels || height*width != pixels:
		return nil, fmt.Errorf("chart: images of %d x %d for H with %d columns: height times width must be the number of columns", height, width, pixels)
	case k > maxPanels:
		return nil, fmt.Errorf("chart: %d parts do not fit on a page: draw at most %d, a slice of H", k, maxPanels)
	}
	names, err := opt.names(k)
	if err != nil {
		return nil, err
	}
	images, err := t.images(height, width)
	if err != nil {
		return nil, err
	}

	// About five tiles wide for every three high, whatever their shape.
	ratio := clamp(float64(height)/float64(width), 0.2, 5)
	cols := int(clamp(math.Ceil(math.Sqrt(float64(k)*ratio*5/3)), 1, float64(k)))
	if k <= 6 {
		cols = k // a comparison, to be read along a line
	}
	rows := (k + cols - 1) / cols
	const gap = 8
	name := page.TextStyle{Size: page.TickSize, Color: page.Ink, X: page.Center, Y: page.Top}
	tileW := clamp((6*inch-gap*float64(cols-1))/float64(cols), 16, 64)
	caption := 0.0
	if tileW >= 24 {
		caption = page.TickSize + 6
	}
	pageW, pageH, err := opt.size(
		max((tileW+gap)*float64(cols)-gap+2*margin, 2*inch)/inch,
		((tileW*ratio+caption+gap)*float64(rows)-gap+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("%s as images of %d x %d pixels, from white at 0 to dark at the largest of each.", plural(k, "component"), height, width)
	return &Chart{or(opt.Title, "Parts"), desc, pageW, pageH, func(p *page.Pen) {
		grid := tiles{opt.page(p, pageW, pageH), cols, rows, gap, gap}
		for i, img := range images {
			r := grid.at(i)
			tile := fitRect(page.Area(r.X0, r.Y0, r.X1, r.Y1-caption), ratio)
			_, hi := img.bounds()
			p.Image(tile, raster(img, linear(0, max(hi, 0))))
			p.Frame(tile, page.Stroke{Color: page.Rule, Width: 0.5})
			if caption > 0 {
				p.Write(name, (tile.X0+tile.X1)/2, tile.Y1+4, name.Elide(names[i], r.W()+gap-2))
			}
		}
	}}, nil
}

// images returns each row as cells of height x width.
func (t table) images(height, width int) ([]cells, error) {
	n, pixels := t.Dims()
	images := make([]cells, n)
	for i := range images {
		row := make([]float64, pixels)
		t.row(i, func(j int, v float64) { row[j] = v })
		if j := slices.IndexFunc(row, undrawable); j >= 0 {
			return nil, fmt.Errorf("chart: %s[%d,%d] is %s", t.name, i, j, defect(row[j]))
		}
		image := table{Matrix: mat.NewDense(height, width, row)}
		var err error
		if images[i], err = image.average(inOrder(height), inOrder(width), maxCells, maxCells); err != nil {
			return nil, err
		}
	}
	return images, nil
}

// fitRect returns the largest rectangle of the given height over width in the
// middle of r.
func fitRect(r page.Rect, ratio float64) page.Rect {
	w, h := r.W(), r.H()
	if h > w*ratio {
		h = w * ratio
	} else {
		w = h / ratio
	}
	x, y := (r.X0+r.X1-w)/2, (r.Y0+r.Y1-h)/2
	return page.Area(x, y, x+w, y+h)
}
