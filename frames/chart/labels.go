package chart

import (
	"fmt"
	"image/color"
	"math"
	"sort"

	"gonmf/frames/chart/internal/page"
)

// labels are the names of the rows or columns of a panel, as they fit.
type labels struct {
	style page.TextStyle
	texts []string // elided
	at    []int    // the rows or columns that are named
}

// elideAll shortens every text to the given width: at its end or, where that
// would make two texts alike, in its middle.
func (l *labels) elideAll(width float64) {
	whole := l.texts
	for _, elide := range []func(string, float64) string{l.style.Elide, l.style.ElideMiddle} {
		l.texts = make([]string, len(whole))
		seen := map[string]string{}
		alike := false
		for i, s := range whole {
			short := elide(s, width)
			first, ok := seen[short]
			alike = alike || ok && first != s
			seen[short], l.texts[i] = s, short
		}
		if !alike {
			return
		}
	}
}

// room returns the width of the longest text.
func (l labels) room() float64 { return l.style.Widest(l.texts) }

// leading is the distance between the baselines of neighbouring labels over
// the size of their letters.
const leading = 1.15

// fitRows chooses size and number of row labels: all of them if they fit in
// at least the smallest size, else as many as fit. rank, which may be nil,
// gives the labels that go first; without it every second, third, ... is
// taken. pitch is the height of a row, limit the width for the text.
func fitRows(names []string, rank []int, pitch, limit float64) labels {
	l := labels{style: page.TextStyle{Size: min(pitch/leading, page.TickSize), Color: page.Ink}}
	if l.style.Size >= page.SmallSize {
		l.at = inOrder(len(names))
	} else {
		l.style.Size = page.SmallSize + 1
		l.at = thin(len(names), rank, l.style.Size*leading/pitch)
	}
	for _, i := range l.at {
		l.texts = append(l.texts, names[i])
	}
	l.elideAll(limit)
	return l
}

// thin chooses among n places those that are at least gap apart.
func thin(n int, rank []int, gap float64) []int {
	var taken []int
	if rank == nil {
		step := max(int(math.Ceil(gap-1e-6)), 1)
		for i := 0; i < n; i += step {
			taken = append(taken, i)
		}
		return taken
	}
	first := inOrder(n)
	sort.SliceStable(first, func(a, b int) bool { return rank[first[a]] < rank[first[b]] })
	for _, i := range first {
		at := sort.SearchInts(taken, i)
		if at > 0 && float64(i-taken[at-1]) < gap || at < len(taken) && float64(taken[at]-i) < gap {
			continue
		}
		taken = append(taken, 0)
		copy(taken[at+1:], taken[at:])
		taken[at] = i
	}
	return taken
}

// fitColumns chooses how column labels are written: level if all fit beside
// each other, else upright in the manner of fitRows.
func fitColumns(names []string, rank []int, pitch, limit float64) labels {
	level := labels{style: page.TextStyle{Size: page.TickSize, Color: page.Ink}, at: inOrder(len(names)), texts: names}
	if pitch > page.TickSize && level.room()+labelGap <= pitch || len(names) == 0 {
		level.elideAll(limit)
		return level
	}
	upright := fitRows(names, rank, pitch, limit)
	upright.style.Rotate = 90
	return upright
}

// fitPlaces chooses which names along an ordered axis are written, level: one
// knows what lies between them, so they are rather thinned out than turned.
func fitPlaces(names []string, pitch, limit float64) labels {
	l := labels{style: page.TextStyle{Size: page.TickSize, Color: page.Ink}}
	for gap, wider := page.TickSize/pitch, true; wider; {
		l.at, l.texts = thin(len(names), nil, gap), nil
		for _, i := range l.at {
			l.texts = append(l.texts, names[i])
		}
		l.elideAll(limit)
		needed := (l.room() + labelGap) / pitch
		wider = len(l.at) > 1 && needed > gap
		gap = needed
	}
	return l
}

// labelGap is the least distance between level labels.
const labelGap = 5

// below returns the height that column labels take.
func (l labels) below() float64 {
	if len(l.at) == 0 {
		return 0
	}
	if l.style.Rotate != 0 {
		return 4 + l.room()
	}
	return 4 + l.style.Size*page.CapHeight + 2
}

// drawRows writes the labels left of r, which n rows share.
func (l labels) drawRows(p *page.Pen, r page.Rect, n int) {
	l.style.X, l.style.Y = page.Right, page.Middle
	for i, row := range l.at {
		p.Write(l.style, r.X0-4, r.Y0+(float64(row)+0.5)*r.H()/float64(n), l.texts[i])
	}
}

// drawColumns writes the labels below r, which n columns share.
func (l labels) drawColumns(p *page.Pen, r page.Rect, n int) {
	l.style.X, l.style.Y = page.Center, page.Top
	if l.style.Rotate != 0 {
		l.style.X, l.style.Y = page.Right, page.Middle
	}
	for i, col := range l.at {
		p.Write(l.style, r.X0+(float64(col)+0.5)*r.W()/float64(n), r.Y1+4, l.texts[i])
	}
}

// A tag names a line at its right end, so that no legend is needed.
type tag struct {
	text  string
	y     float64 // where the line ends
	color color.NRGBA
}

// tagStyle is how tags are written; tagLead is the room before the text, for
// the thread that leads to it.
var tagStyle = page.TextStyle{Size: page.TickSize, Color: page.Ink, Y: page.Middle}

const tagLead = 9

// tagRoom returns the width that tags need right of a panel, at most limit.
func tagRoom(tags []string, limit float64) float64 {
	return min(max(tagStyle.Widest(tags), tagStyle.Width(andMore(len(tags))))+tagLead, limit)
}

func andMore(n int) string { return fmt.Sprintf("and %d more", n) }

// drawTags writes the tags right of x, moved apart where they would touch,
// each with a thread to the end of its line. Of more than fit between y0 and
// y1 it writes as many as fit, evenly chosen, and how many are missing.
func drawTags(p *page.Pen, tags []tag, x, room, y0, y1 float64) {
	const pitch = page.TickSize + 1.5
	tags = append([]tag(nil), tags...)
	sort.SliceStable(tags, func(i, j int) bool { return tags[i].y < tags[j].y })
	if fit := max(int((y1-y0)/pitch), 1); len(tags) > fit+1 {
		all := tags
		tags = make([]tag, fit)
		for i := range tags {
			tags[i] = all[i*(len(all)-1)/max(fit-1, 1)]
		}
		t := page.TextStyle{Size: page.TickSize, Color: page.Faint, Y: page.Top}
		p.Write(t, x+tagLead, y1+4, andMore(len(all)-fit))
	}
	ends := make([]float64, len(tags))
	for i, t := range tags {
		ends[i] = t.y
	}
	for i, y := range spread(ends, pitch, y0, y1) {
		t := tags[i]
		p.Line(page.Stroke{Color: t.color, Width: 0.7}, page.At(x+1.5, t.y), page.At(x+tagLead-2, y))
		p.Write(tagStyle, x+tagLead, y, tagStyle.Elide(t.text, room-tagLead))
	}
}
