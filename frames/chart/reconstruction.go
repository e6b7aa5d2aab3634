package chart

import (
	"errors"
	"fmt"
	"slices"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
)

// Reconstruction draws X (n x m) and, beside it and in the same colours, the
// product W H of its factors W (n x k) and H (k x m): what the fit kept of it.
// Rows and columns come clustered by W and by H, see Components, so the blocks
// that components stand for show; KeepOrder leaves them as they are.
func Reconstruction(x, w, h mat.Matrix, opt Options) (*Chart, error) {
	tx, err := newTable(x, "X")
	if err != nil {
		return nil, err
	}
	tw, err := newTable(w, "W")
	if err != nil {
		return nil, err
	}
	th, err := newTable(h, "H")
	if err != nil {
		return nil, err
	}
	n, m := tx.Dims()
	wn, k := tw.Dims()
	hk, hm := th.Dims()
	if wn != n || hk != k || hm != m {
		return nil, fmt.Errorf("chart: X is %d x %d, W %d x %d, H %d x %d: W needs the rows of X, H its columns, and both the same components", n, m, wn, k, hk, hm)
	}
	rows, cols := inOrder(n), inOrder(m)
	if !opt.KeepOrder {
		rows, cols = tw.group(true).order, th.group(false).order
	}
	var pair [2]cells
	if pair[0], err = tx.average(rows, cols, maxCells, maxCells); err != nil {
		return nil, err
	}
	if pair[1], err = product(tw, th, rows, cols); err != nil {
		return nil, err
	}
	shades := pair[0].shading()
	_, hi := pair[1].bounds()
	shades.hi = max(shades.hi, hi)

	bar := newColorBar(shades, "value")
	left := heatmap{cells: pair[0], shades: shades, rows: side{n: n, unit: "rows"}, cols: side{n: m, unit: "columns"}}
	left.rows.call(opt.YLabel)
	left.cols.call(opt.XLabel)
	right := left
	right.cells, right.rows.label = pair[1], ""
	panelW, panelH := clamp(float64(m*cellW), 110, 230), clamp(float64(n*cellH), panelMin, panelMaxH)
	around := left.left(labels{}) + pairGap + bar.room()
	width, height, err := opt.size(
		(2*panelW+around+2*margin)/inch,
		(panelH+pairTitle+left.below(labels{})+opt.heading()+2*margin)/inch)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("Two heat maps in the same colours, of %s x %s: X, and the product of its factors with %s.", count(n), count(m), plural(k, "component"))
	return &Chart{or(opt.Title, "Reconstruction"), desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		panel := left.panel(r.Inset(0, pairTitle, bar.room(), 0))
		w := max((panel.W()-pairGap)/2, 1)
		t := page.TextStyle{Size: page.LabelSize, Bold: true, Color: page.Ink, X: page.Center, Y: page.Base}
		for i, m := range []heatmap{left, right} {
			half := page.Area(panel.X0+float64(i)*(w+pairGap), panel.Y0, panel.X0+float64(i)*(w+pairGap)+w, panel.Y1)
			m.draw(p, half)
			p.Write(t, (half.X0+half.X1)/2, half.Y0-5, []string{"X", "W H"}[i])
		}
		bar.draw(p, panel)
	}}, nil
}

const (
	pairGap   = 12                 // between the panels
	pairTitle = page.LabelSize + 5 // above them
)

// product returns the cells of W H. The mean of a block of the product is the
// product of the means of W's rows and H's columns, so W H itself, which may
// be far larger than X, is never formed.
func product(w, h table, rows, cols []int) (cells, error) {
	_, k := w.Dims()
	a, err := w.average(rows, inOrder(k), maxCells, k)
	if err != nil {
		return cells{}, err
	}
	b, err := h.average(inOrder(k), cols, k, maxCells)
	if err != nil {
		return cells{}, err
	}
	var c mat.Dense
	c.Mul(mat.NewDense(a.rows, k, a.v), mat.NewDense(k, b.cols, b.v))
	out := cells{a.rows, b.cols, c.RawMatrix().Data}
	if slices.ContainsFunc(out.v, undrawable) {
		return cells{}, errors.New("chart: W H holds values that are too large to draw")
	}
	return out, nil
}
