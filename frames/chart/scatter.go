package chart

import (
	"fmt"
	"math"
	"slices"
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
		point
		group int
	}
	var dots []dot
	for i, v := range y.numbers {
		if !math.IsNaN(v) && !math.IsNaN(x.numbers[i]) {
			d := dot{point: point{x.numbers[i], v}}
			if of != nil {
				d.group = of[i]
			}
			dots = append(dots, d)
		}
	}
	if len(dots) == 0 {
		return nil, errNoData
	}
	lo, hi := dots[0].point, dots[0].point
	for _, q := range dots {
		lo, hi = point{min(lo.x, q.x), min(lo.y, q.y)}, point{max(hi.x, q.x), max(hi.y, q.y)}
	}
	k := newKey(groups)
	width, height, err := opt.size(5+k.room/inch, 3.8)
	if err != nil {
		return nil, err
	}
	desc := fmt.Sprintf("%s, from %s to %s across and from %s to %s up.", plural(len(dots), "dot"), number(lo.x, 0), number(hi.x, 0), number(lo.y, 0), number(hi.y, 0))
	if of != nil {
		desc += fmt.Sprintf(" They are coloured by %s.", plural(len(groups), "group"))
	}
	return &Chart{or(opt.Title, or(clean(y.name), "Scatter")), desc, width, height, func(p *pen) {
		r := opt.page(p, width, height)
		vertical := newRoundAxis(lo.y, hi.y, or(opt.YLabel, y.name), 5)
		room := min(k.room, r.w()/2)
		r.x1 -= room
		horizontal := newRoundAxis(lo.x, hi.x, or(opt.XLabel, x.name), int(clamp(r.w()/tickPitch/1.5, 2, 8)))
		r = r.inset(vertical.left(), 4, 10, horizontal.bottom())
		vertical.from, vertical.to = r.y1, r.y0
		horizontal.from, horizontal.to = r.x0, r.x1
		vertical.drawY(p, r)
		horizontal.verticals(p, r)
		radius := clamp(2.4-0.3*math.Log10(float64(len(dots))), 1.1, 2.2)
		drawn := map[[3]int]bool{}
		for _, q := range dots {
			at := point{horizontal.at(q.x), vertical.at(q.y)}
			cell := [3]int{int(at.x), int(at.y), q.group}
			if len(dots) < 2000 || !drawn[cell] {
				drawn[cell] = true
				drawGroup(p, q.group, at, radius)
			}
		}
		horizontal.drawX(p, r)
		k.draw(p, rect{r.x1 + 10, r.y0, r.x1 + 10 + room, r.y1})
	}}, nil
}

// maxGroups is how many groups a picture tells apart: of each colour dots and
// rings.
var maxGroups = 2 * len(lineColors)

// drawGroup draws what stands for a thing of group i.
func drawGroup(p *pen, i int, at point, radius float64) {
	p.dot(tint(lineColors[i%len(lineColors)], 0.8), at, radius)
	if i >= len(lineColors) {
		p.dot(white, at, 0.55*radius)
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
	return key{names, min(tagStyle.widest(names)+tagLead+8, 2.4*inch)}
}

// draw writes the names one below the other from the top of r on, closer where
// the room is short.
func (k key) draw(p *pen, r rect) {
	if len(k.names) == 0 {
		return
	}
	pitch := min(tickSize+5, r.h()/float64(len(k.names)))
	for i, name := range k.names {
		y := r.y0 + (float64(i)+0.5)*pitch
		drawGroup(p, i, point{r.x0 + 3, y}, 3)
		p.write(tagStyle, r.x0+tagLead, y, tagStyle.elide(name, r.w()-tagLead))
	}
}
