package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"gonmf/scripts/cli"
)

var (
	blue   = color.NRGBA{0x1f, 0x77, 0xb4, 0xff}
	orange = color.NRGBA{0xd5, 0x5e, 0x00, 0xff}
	grey   = color.NRGBA{0x88, 0x88, 0x88, 0xff}
)

func extension(file string) string { return strings.ToLower(filepath.Ext(file)) }

// drawable tells whether save knows the kind of file.
func drawable(file string) bool { return extension(file) == ".svg" || extension(file) == ".png" }

// newPlot returns an empty plot with a logarithmic axis to the right.
func newPlot(title string) *plot.Plot {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	plotter.DefaultFont = plot.DefaultFont
	p := plot.New()
	p.Title.Text, p.X.Scale = title, plot.LogScale{}
	p.Title.TextStyle.Font.Size, p.Title.Padding = 11, 6
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font.Size, a.Tick.Label.Font.Size = 10, 9
	}
	return p
}

// save draws plots side by side into a file, which appears whole or not at
// all.
func save(file string, width, height vg.Length, plots ...*plot.Plot) error {
	var canvas interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch extension(file) {
	case ".png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(144))}
	default:
		canvas = vgsvg.New(width, height)
	}
	page := draw.New(canvas)
	page.FillPolygon(color.White, []vg.Point{{}, {X: width}, {X: width, Y: height}, {Y: height}})
	tiles := draw.Tiles{Rows: 1, Cols: len(plots), PadX: 24, PadLeft: 8, PadRight: 14, PadTop: 8, PadBottom: 6}
	for i, c := range plot.Align([][]*plot.Plot{plots}, tiles, page)[0] {
		plots[i].Draw(c)
	}
	return cli.WriteFile(file, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}

// drawScaling draws what scaling measured: over nonzeros, and over components
// for rows with few nonzeros and for fuller ones.
func drawScaling(file string, byNonzeros, few, many []cost) error {
	left, err := panel("an iteration of CD, k = 50", "nonzeros of X", "ns a nonzero", []string{""}, [][]cost{byNonzeros},
		func(c cost) plotter.XY { return plotter.XY{X: float64(c.nonzeros), Y: c.perNonzero()} })
	if err != nil {
		return err
	}
	left.X.Tick.Marker = powers{10}
	right, err := panel("an iteration of CD", "components k", "ns a nonzero and component",
		[]string{fmt.Sprintf("%d nonzeros a row", perRow), fmt.Sprintf("%d nonzeros a row", 10*perRow)}, [][]cost{few, many},
		func(c cost) plotter.XY { return plotter.XY{X: float64(c.k), Y: c.perComponent()} })
	if err != nil {
		return err
	}
	right.X.Tick.Marker = powers{2}
	return save(file, 7.2*vg.Inch, 3*vg.Inch, left, right)
}

// panel plots curves, which have names unless there is but one.
func panel(title, x, y string, names []string, curves [][]cost, at func(cost) plotter.XY) (*plot.Plot, error) {
	p := newPlot(title)
	p.X.Label.Text, p.Y.Label.Text = x, y
	top := 0.0
	for i, curve := range curves {
		pts := make(plotter.XYs, len(curve))
		for j, c := range curve {
			pts[j] = at(c)
			top = max(top, pts[j].Y)
		}
		line, dots, err := plotter.NewLinePoints(pts)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = []color.Color{blue, orange}[i], vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = line.Color, draw.CircleGlyph{}, vg.Points(2.5)
		p.Add(line, dots)
		if names[i] != "" {
			p.Legend.Add(names[i], line)
		}
	}
	p.Legend.Left, p.Legend.Top, p.Legend.TextStyle.Font.Size = true, true, 9
	p.Y.Min, p.Y.Max = 0, 1.1*top
	return p, nil
}

// powers puts ticks at the powers of a base.
type powers struct{ base float64 }

func (t powers) Ticks(lo, hi float64) (ticks []plot.Tick) {
	for e := math.Floor(math.Log(lo) / math.Log(t.base)); ; e++ {
		v := math.Pow(t.base, e)
		switch {
		case v > 1.001*hi:
			return ticks
		case v < .999*lo:
		case v >= 1e4:
			ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("1e%.0f", math.Log10(v))})
		default:
			ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.0f", v)})
		}
	}
}

// ratio is how many times as fast as scikit-learn gonmf is at some work.
type ratio struct {
	work  string
	times float64
}

// drawRatios draws a bar for each ratio, from 1, where both are as fast, on
// towards the right where gonmf is faster.
func drawRatios(file string, ratios []ratio) error {
	p := newPlot("gonmf beside scikit-learn: how many times as fast")
	names := make([]string, len(ratios))
	labels := plotter.XYLabels{}
	lo, hi := .8, 2.0
	for i, r := range ratios {
		y := float64(len(ratios) - 1 - i) // the first on top
		names[len(ratios)-1-i] = r.work
		bar, err := plotter.NewLine(plotter.XYs{{X: 1, Y: y}, {X: r.times, Y: y}})
		if err != nil {
			return err
		}
		bar.Color, bar.Width = blue, 11
		p.Add(bar)
		labels.XYs = append(labels.XYs, plotter.XY{X: max(r.times, 1), Y: y})
		digits := 0
		if r.times < 10 {
			digits = 1
		}
		labels.Labels = append(labels.Labels, fmt.Sprintf("%.*f", digits, r.times))
		lo, hi = min(lo, .8*r.times), max(hi, r.times)
	}
	values, err := plotter.NewLabels(labels)
	if err != nil {
		return err
	}
	values.Offset = vg.Point{X: 4, Y: 1}
	for i := range values.TextStyle {
		values.TextStyle[i].YAlign, values.TextStyle[i].Font.Size = text.YCenter, 9
	}
	even, err := plotter.NewLine(plotter.XYs{{X: 1, Y: -.6}, {X: 1, Y: float64(len(ratios)) - .4}})
	if err != nil {
		return err
	}
	even.Color = grey
	p.Add(values, even)
	p.NominalY(names...)
	p.X.Min, p.X.Max = lo, 1.6*hi // room for the last label
	p.Y.Min, p.Y.Max = -.6, float64(len(ratios))-.4
	p.X.Tick.Marker = powers{10}
	return save(file, 7.2*vg.Inch, vg.Length(70+20*len(ratios)), p)
}
