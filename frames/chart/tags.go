package chart

import (
	"fmt"
	"image/color"
	"sort"
)

// A tag names a line at its right end, so that no legend is needed.
type tag struct {
	text  string
	y     float64 // where the line ends
	color color.NRGBA
}

// tagStyle is how tags are written; tagLead is the room before the text, for
// the thread that leads to it.
var tagStyle = textStyle{size: tickSize, color: ink, y: middle}

const tagLead = 9

// tagRoom returns the width that tags need right of a panel, at most limit.
func tagRoom(tags []string, limit float64) float64 {
	return min(max(tagStyle.widest(tags), tagStyle.width(andMore(len(tags))))+tagLead, limit)
}

func andMore(n int) string { return fmt.Sprintf("and %d more", n) }

// drawTags writes the tags right of x, moved apart where they would touch,
// each with a thread to the end of its line. Of more than fit between y0 and
// y1 it writes as many as fit, evenly chosen, and how many are missing.
func drawTags(p *pen, tags []tag, x, room, y0, y1 float64) {
	const pitch = tickSize + 1.5
	tags = append([]tag(nil), tags...)
	sort.SliceStable(tags, func(i, j int) bool { return tags[i].y < tags[j].y })
	if fit := max(int((y1-y0)/pitch), 1); len(tags) > fit+1 {
		all := tags
		tags = make([]tag, fit)
		for i := range tags {
			tags[i] = all[i*(len(all)-1)/max(fit-1, 1)]
		}
		t := textStyle{size: tickSize, color: faint, y: top}
		p.write(t, x+tagLead, y1+4, andMore(len(all)-fit))
	}
	ends := make([]float64, len(tags))
	for i, t := range tags {
		ends[i] = t.y
	}
	for i, y := range spread(ends, pitch, y0, y1) {
		t := tags[i]
		p.line(stroke{color: t.color, width: 0.7}, point{x + 1.5, t.y}, point{x + tagLead - 2, y})
		p.write(tagStyle, x+tagLead, y, tagStyle.elide(t.text, room-tagLead))
	}
}
