package chart

import (
	"errors"
	"fmt"
	"image/color"
	"math"
	"sort"

	"github.com/go-gota/gota/dataframe"
	"gonmf/frames/chart/internal/page"
)

// coverageGroup is one row of the summary with what the items of the group add.
type coverageGroup struct {
	num                    float64
	at                     float64 // observations where the group is drawn
	min, median, mean, max float64
	low, high              float64 // quartiles
	items                  int
}

// Coverage draws the answer of a coverage study: how many users NMF can
// recommend an item to, over the number of observations that it has. A light
// band spans the least to the most users, lines follow median and mean.
//
// summary has the columns num, min, median, mean and max, one row a group of
// items with the same (rounded) number of observations. coverage has num and
// predict_num, one row an item; from it come a second band, between the
// quartiles of each group, and a panel with the number of items. It may be an
// empty frame, then both are left out. An item belongs to the group with the
// largest num that does not exceed its own.
//
// The horizontal axis is logarithmic. A group stands where the mean of its
// items is, or at its num where there are no items to tell; a group with no
// observations at all stands left of 1.
func Coverage(coverage, summary dataframe.DataFrame, opt Options) (*Chart, error) {
	groups, err := readSummary(summary)
	if err != nil {
		return nil, err
	}
	if err := coverage.Error(); err != nil {
		return nil, fmt.Errorf("chart: coverage: %w", err)
	}
	items := coverage.Ncol() > 0
	if items {
		if err := addItems(groups, coverage); err != nil {
			return nil, err
		}
	}
	own := 3.6
	if items {
		own = 4.4
	}
	width, height, err := opt.size(6.5, own)
	if err != nil {
		return nil, err
	}
	first, last := groups[0], groups[len(groups)-1]
	desc := fmt.Sprintf("Users with a prediction over the observations of the item, on a logarithmic axis: the median goes from %s at %s to %s at %s.",
		number(first.median, 0), number(first.num, 0), number(last.median, 0), number(last.num, 0))
	return &Chart{or(opt.Title, "Coverage study"), desc, width, height, func(p *page.Pen) {
		drawCoverage(p, opt.page(p, width, height), groups, items, opt)
	}}, nil
}

// readSummary returns the groups by ascending num.
func readSummary(summary dataframe.DataFrame) ([]coverageGroup, error) {
	var columns [5][]float64
	for i, name := range []string{"num", "min", "median", "mean", "max"} {
		values, err := numbersOf(summary, "coverage summary", name)
		if err != nil {
			return nil, err
		}
		columns[i] = values
	}
	if len(columns[0]) == 0 {
		return nil, errors.New("chart: coverage summary has no rows")
	}
	groups := make([]coverageGroup, len(columns[0]))
	for i := range groups {
		g := coverageGroup{num: columns[0][i], at: columns[0][i], min: columns[1][i], median: columns[2][i], mean: columns[3][i], max: columns[4][i]}
		slack := 1e-9 * g.max // a mean of equal values may miss them by rounding
		switch {
		case g.num < 0:
			return nil, fmt.Errorf("chart: coverage summary: num in row %d is %g: a number of observations is not negative", i+1, g.num)
		case g.min > g.median || g.median > g.max || g.mean < g.min-slack || g.mean > g.max+slack:
			return nil, fmt.Errorf("chart: coverage summary: row %d (num %g): min, median, mean and max are not in order", i+1, g.num)
		}
		groups[i] = g
	}
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].num < groups[j].num })
	return groups, nil
}

// addItems counts the items of each group and computes their quartiles.
func addItems(groups []coverageGroup, coverage dataframe.DataFrame) error {
	num, err := numbersOf(coverage, "coverage", "num")
	if err != nil {
		return err
	}
	reached, err := numbersOf(coverage, "coverage", "predict_num")
	if err != nil {
		return err
	}
	of := make([][]float64, len(groups))
	sum := make([]float64, len(groups))
	for i, n := range num {
		g := sort.Search(len(groups), func(g int) bool { return groups[g].num > n }) - 1
		if g < 0 {
			return fmt.Errorf("chart: coverage: row %d has num %g, below the first group of the summary, %g: do both come from one study?", i+1, n, groups[0].num)
		}
		of[g] = append(of[g], reached[i])
		sum[g] += n
	}
	for i, values := range of {
		g := &groups[i]
		g.items = len(values)
		g.low, g.high = g.median, g.median
		if len(values) > 0 {
			sort.Float64s(values)
			g.low, g.high = quantile(values, 0.25), quantile(values, 0.75)
			g.at = sum[i] / float64(len(values))
		}
	}
	return nil
}

// quantile interpolates between ascending values as NumPy and pandas do.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// zeroAt is where a group without observations stands on the logarithmic axis.
const zeroAt = 0.5

func drawCoverage(p *page.Pen, r page.Rect, groups []coverageGroup, items bool, opt Options) {
	first, last := groups[0], groups[len(groups)-1]
	var highest, most float64
	for _, g := range groups {
		highest, most = max(highest, g.max), max(most, float64(g.items))
	}
	x := scale{log: true, lo: max(first.at, 1), hi: max(last.at, 1)}
	if same(x.lo, x.hi) {
		x.lo, x.hi = x.lo/2, x.hi*2
	}
	vertical := newAxis(scale{hi: max(highest*1.03, 1)}, or(opt.YLabel, "users with a prediction"), 5, true)
	counts := countAxis(most)

	main := r.Inset(max(vertical.left(), counts.left()), 4, coverageKeyRoom(), 0)
	x.from, x.to = main.X0+6, main.X1-4
	horizontal := newAxis(x, or(opt.XLabel, "observations of the item"), int(main.W()/tickPitch), true)
	if first.at < 1 {
		horizontal.lo = zeroAt
		horizontal.ticks = append([]float64{zeroAt}, horizontal.ticks...)
		horizontal.texts = append([]string{"0"}, horizontal.texts...)
	}
	main.Y1 -= horizontal.bottom()
	below := main
	if items {
		below.Y0 = main.Y1 - main.H()*0.24
		main.Y1 = below.Y0 - 14
		counts.from, counts.to = below.Y1, below.Y0
		counts.drawY(p, below)
		drawItemCounts(p, groups, horizontal.scale, counts.scale)
	}
	vertical.from, vertical.to = main.Y1, main.Y0
	vertical.drawY(p, main)
	drawCoverageLines(p, groups, items, horizontal.scale, vertical.scale)
	drawCoverageKey(p, main.X1, (main.Y0+main.Y1)/2, items)
	horizontal.drawX(p, below)
}

// countAxis returns the axis of the numbers of items, with two numbers or more.
func countAxis(most float64) axis {
	a := newAxis(scale{hi: max(most*1.05, 1)}, "items", 2, true)
	if len(a.ticks) < 2 { // the step is longer than the axis
		a = newAxis(a.scale, "items", 3, true)
	}
	return a
}

// place returns where a group stands on the horizontal axis.
func (g coverageGroup) place(x scale) float64 { return x.at(max(g.at, zeroAt)) }

// Looks of a coverage study: the bands, the lines.
var (
	rangeColor    = page.Tint(page.LineColors[0], 0.16)
	quartileColor = page.Tint(page.LineColors[0], 0.38)
	medianStroke  = page.Stroke{Color: page.LineColors[0], Width: 1.6}
	meanStroke    = page.Stroke{Color: page.LineColors[1], Width: 1.2, Dash: []float64{4, 2}}
)

// loneWidth is how wide the only group of a study is drawn, in points.
const loneWidth = 30

// drawCoverageLines draws bands, median and mean.
func drawCoverageLines(p *page.Pen, groups []coverageGroup, items bool, x, y scale) {
	along := func(value func(coverageGroup) float64) []page.Point {
		pts := make([]page.Point, len(groups))
		for i, g := range groups {
			pts[i] = page.At(g.place(x), y.at(value(g)))
		}
		if len(pts) == 1 { // a lone group is a box: nothing is known beside it
			pts = []page.Point{page.At(pts[0].X-loneWidth/2, pts[0].Y), page.At(pts[0].X+loneWidth/2, pts[0].Y)}
		}
		return pts
	}
	band(p, rangeColor, along(func(g coverageGroup) float64 { return g.min }), along(func(g coverageGroup) float64 { return g.max }))
	if items {
		band(p, quartileColor, along(func(g coverageGroup) float64 { return g.low }), along(func(g coverageGroup) float64 { return g.high }))
	}
	p.Line(medianStroke, along(func(g coverageGroup) float64 { return g.median })...)
	p.Line(meanStroke, along(func(g coverageGroup) float64 { return g.mean })...)
}

// coverageKey names the parts of a slice through the bands, from top to bottom.
var coverageKey = []string{"maximum", "3rd quartile", "median", "mean", "1st quartile", "minimum"}

const (
	keyPitch = 13.0 // between the names of the key
	keyWidth = 14.0 // of its slice
	keyGap   = 10.0 // left of it
)

func coverageKeyRoom() float64 { return keyGap + keyWidth + 4 + tagStyle.Widest(coverageKey) }

// drawCoverageKey explains the bands by a slice through them: at the right
// end of the panel, where lines could be named directly, they have all met.
func drawCoverageKey(p *page.Pen, x, y float64, items bool) {
	names := coverageKey
	if !items {
		names = []string{"maximum", "median", "mean", "minimum"}
	}
	n := float64(len(names) - 1)
	x0 := x + keyGap
	x1 := x0 + keyWidth
	at := func(i float64) float64 { return y + (i-n/2)*keyPitch }
	p.Box(page.Area(x0, at(0), x1, at(n)), rangeColor)
	if items {
		p.Box(page.Area(x0, at(1), x1, at(n-1)), quartileColor)
	}
	mid := math.Floor(n / 2)
	p.Line(medianStroke, page.At(x0, at(mid)), page.At(x1, at(mid)))
	p.Line(meanStroke, page.At(x0, at(mid+1)), page.At(x1, at(mid+1)))
	for i, name := range names {
		p.Write(tagStyle, x1+4, at(float64(i)), name)
	}
}

// band fills between two lines over the same places.
func band(p *page.Pen, c color.NRGBA, low, high []page.Point) {
	pts := append([]page.Point(nil), low...)
	for i := len(high) - 1; i >= 0; i-- {
		pts = append(pts, high[i])
	}
	p.Fill(c, pts)
}

// drawItemCounts draws one bar a group, as wide as the axis leaves it.
func drawItemCounts(p *page.Pen, groups []coverageGroup, x, y scale) {
	for i, g := range groups {
		at := g.place(x)
		half := 4.0
		if i > 0 {
			half = math.Min(half, (at-groups[i-1].place(x))*0.42)
		}
		if i+1 < len(groups) {
			half = math.Min(half, (groups[i+1].place(x)-at)*0.42)
		}
		if g.items > 0 { // high enough to be seen
			p.Box(page.Area(at-half, min(y.at(float64(g.items)), y.at(0)-0.7), at+half, y.at(0)), page.Tint(page.Ink, 0.45))
		}
	}
}
