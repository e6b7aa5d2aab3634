package chart

import (
	"fmt"
	"math"
	"slices"

	"gonmf/frames/chart/internal/page"
)

// Scatter draws a dot for each pair of numbers: of a DataFrame the columns
// Options.X and the first of Options.Y, else the first two of numbers; of a
// matrix its first two columns, of two slices the first over the second.
// Options.Group names a column by whose values dots are told apart, by colour
// and beyond six as rings, at most twelve, with a key beside the picture. Pairs of which one is missing
// are left out; dots that would lie on one another are drawn once, so that a
// million of them make no larger picture.
func Scatter(data any, opt Options) (*Chart, error) {
	vs, err := variablesOf(data)
	if err != nil {
		return nil, err
	}
	of, groups, vs, err := opt.groups(vs)
	if err != nil {
		return nil, err
	}
	x, ys, err := opt.choose(vs, func(v variable) bool { return v.numbers != nil })
	if err != nil {
		return nil, err
	}
	if x == nil || x.numbers == nil {
		return nil, fmt.Errorf("chart: Scatter needs two columns of numbers: name them in Options.X and Options.Y")
	}
	y := ys[0]
	if len(x.numbers) != len(y.numbers) {
		return nil, fmt.Errorf("chart: %d and %d numbers make no pairs", len(x.numbers), len(y.numbers))
	}
	type dot struct {
		page.Point
		group int
	}
	var dots []dot
	for i, v := range y.numbers {
		if !math.IsNaN(v) && !math.IsNaN(x.numbers[i]) {
			d := dot{Point: page.At(x.numbers[i], v)}
			if of != nil {
				d.group = of[i]
			}
			dots = append(dots, d)
		}
	}
	if len(dots) == 0 {
		return nil, errNoData
	}
	lo, hi := dots[0].Point, dots[0].Point
	for _, q := range dots {
		lo, hi = page.At(min(lo.X, q.X), min(lo.Y, q.Y)), page.At(max(hi.X, q.X), max(hi.Y, q.Y))
	}
	k := newKey(groups)
	width, height, err := opt.size(5+k.room/inch, 3.8)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("%s, from %s to %s across and from %s to %s up.", plural(len(dots), "dot"), number(lo.X, 0), number(hi.X, 0), number(lo.Y, 0), number(hi.Y, 0))
	if of != nil {
		desc += fmt.Sprintf(" They are coloured by %s.", plural(len(groups), "group"))
	}
	return &Chart{or(opt.Title, or(page.Clean(y.name), "Scatter")), desc, width, height, func(p *page.Pen) {
		r := opt.page(p, width, height)
		vertical := newRoundAxis(lo.Y, hi.Y, or(opt.YLabel, y.name), 5)
		room := min(k.room, r.W()/2)
		r.X1 -= room
		horizontal := newRoundAxis(lo.X, hi.X, or(opt.XLabel, x.name), int(clamp(r.W()/tickPitch/1.5, 2, 8)))
		r = r.Inset(vertical.left(), 4, 10, horizontal.bottom())
		vertical.from, vertical.to = r.Y1, r.Y0
		horizontal.from, horizontal.to = r.X0, r.X1
		vertical.drawY(p, r)
		horizontal.verticals(p, r)
		radius := clamp(2.4-0.3*math.Log10(float64(len(dots))), 1.1, 2.2)
		drawn := map[[3]int]bool{}
		for _, q := range dots {
			at := page.At(horizontal.at(q.X), vertical.at(q.Y))
			cell := [3]int{int(at.X), int(at.Y), q.group}
			if len(dots) < 2000 || !drawn[cell] {
				drawn[cell] = true
				drawGroup(p, q.group, at, radius)
			}
		}
		horizontal.drawX(p, r)
		k.draw(p, page.Area(r.X1+10, r.Y0, r.X1+10+room, r.Y1))
	}}, nil
}

// maxGroups is how many groups a picture tells apart: of each colour dots and
// rings.
var maxGroups = 2 * len(page.LineColors)

// drawGroup draws what stands for a thing of group i.
func drawGroup(p *page.Pen, i int, at page.Point, radius float64) {
	p.Dot(page.Tint(page.LineColors[i%len(page.LineColors)], 0.8), at, radius)
	if i >= len(page.LineColors) {
		p.Dot(page.White, at, 0.55*radius)
	}
}

// groups returns the group of each row by Options.Group, the names of the
// groups, and the variables beside it; of is nil where nothing is grouped.
func (o Options) groups(vs []variable) (of []int, names []string, rest []variable, err error) {
	if o.Group == "" {
		return nil, nil, vs, nil
	}
	v, err := columnNamed(vs, o.Group)
	if err != nil {
		return nil, nil, nil, err
	}
	labels := v.labels()
	names = slices.Clone(labels)
	sortNaturally(names)
	names = slices.Compact(names)
	if len(names) > maxGroups {
		return nil, nil, nil, fmt.Errorf("chart: column %q has %d values: at most %d colours can be told apart; keep the values that matter, and name the others alike", o.Group, len(names), maxGroups)
	}
	for _, label := range labels {
		of = append(of, slices.Index(names, label))
	}
	for _, other := range vs {
		if !sameVariable(other, v) || other.name == o.X {
			rest = append(rest, other)
		}
	}
	return of, names, rest, nil
}

// A key tells of which group the dots of a colour are.
type key struct {
	names []string
	room  float64 // to the right of the panel
}

func newKey(names []string) key {
	if len(names) == 0 {
		return key{}
	}
	return key{names, min(tagStyle.Widest(names)+tagLead+8, 2.4*inch)}
}

// draw writes the names one below the other from the top of r on, closer where
// the room is short.
func (k key) draw(p *page.Pen, r page.Rect) {
	if len(k.names) == 0 {
		return
	}
	pitch := min(page.TickSize+5, r.H()/float64(len(k.names)))
	for i, name := range k.names {
		y := r.Y0 + (float64(i)+0.5)*pitch
		drawGroup(p, i, page.At(r.X0+3, y), 3)
		p.Write(tagStyle, r.X0+tagLead, y, tagStyle.Elide(name, r.W()-tagLead))
	}
}
