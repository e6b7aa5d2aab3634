package page

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// Sizes of text in points.
const (
	TitleSize    = 11.5
	SubtitleSize = 9
	LabelSize    = 9 // names of axes
	TickSize     = 8
	SmallSize    = 5.5 // the smallest that is still read on paper
)

// Where text sits relative to its point: the part of the width that lies left
// of it, and the part of the height of a capital letter that lies below it.
const (
	Left, Center, Right = 0.0, 0.5, 1.0
	Base, Middle, Top   = 0.0, 0.5, 1.0
)

// CapHeight is the height of a capital letter in Liberation Sans, over the size.
const CapHeight = 0.716

// A TextStyle is how a line of text looks and where it hangs.
type TextStyle struct {
	Size   float64
	Bold   bool
	Color  color.NRGBA
	X, Y   float64 // left, center or right; base, middle or top
	Rotate float64 // degrees, counter-clockwise
}

// fonts parses the two faces on first use.
var fonts = sync.OnceValue(func() [2]font.Face {
	parse := func(ttf []byte, weight stdfont.Weight) font.Face {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic(fmt.Sprintf("chart: the built-in font is damaged: %v", err)) // cannot be: it is compiled in
		}
		return font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, Face: f}
	}
	return [2]font.Face{
		parse(liberationsansregular.TTF, stdfont.WeightNormal),
		parse(liberationsansbold.TTF, stdfont.WeightBold),
	}
})

func (t TextStyle) face() font.Face {
	f := fonts()[0]
	if t.Bold {
		f = fonts()[1]
	}
	f.Font.Size = vg.Length(t.Size)
	return f
}

// Width returns the length of s in points.
func (t TextStyle) Width(s string) float64 {
	f := t.face()
	if strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxLatin1 }) < 0 {
		return float64(f.Width(s))
	}
	// What the font does not have is taken from another one or drawn as a box.
	var w float64
	var known []rune
	var buf sfnt.Buffer
	for _, r := range s {
		if g, err := f.Face.GlyphIndex(&buf, r); err == nil && g != 0 {
			known = append(known, r)
			continue
		}
		w += foreignWidth(r) * t.Size
	}
	return w + float64(f.Width(string(known)))
}

// foreignWidth is how wide a letter about is, over the size, in a font that
// has it: nothing for marks upon other letters and for joiners.
func foreignWidth(r rune) float64 {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 1.1
	}
	return 0.7
}

// Widest returns the length of the longest string.
func (t TextStyle) Widest(s []string) float64 {
	var w float64
	for _, v := range s {
		w = max(w, t.Width(v))
	}
	return w
}

// Write writes one line of text at (x, y).
func (p *Pen) Write(t TextStyle, x, y float64, s string) {
	if s == "" {
		return
	}
	sin, cos := math.Sincos(t.Rotate * math.Pi / 180)
	dx, dy := -t.X*t.Width(s), t.Y*CapHeight*t.Size // from (x, y) to the baseline, unturned
	p.Text(t, Point{x + cos*dx + sin*dy, y - sin*dx + cos*dy}, s)
}

// Elide shortens s to the given length, with an ellipsis where it was cut.
func (t TextStyle) Elide(s string, width float64) string {
	return t.shorten(s, width, func(runes []rune, keep int) string {
		return strings.TrimRight(string(runes[:keep]), " ") + "…"
	})
}

// ElideMiddle shortens s to the given length by its middle.
func (t TextStyle) ElideMiddle(s string, width float64) string {
	return t.shorten(s, width, func(runes []rune, keep int) string {
		tail := keep / 2
		return strings.TrimRight(string(runes[:keep-tail]), " ") + "…" + strings.TrimLeft(string(runes[len(runes)-tail:]), " ")
	})
}

// shorten returns s if it is not longer than width, else what cut makes of it
// while it keeps as many runes as fit; nothing if none does.
func (t TextStyle) shorten(s string, width float64, cut func(runes []rune, keep int) string) string {
	if t.Width(s) <= width {
		return s
	}
	runes := []rune(s)
	keep := sort.Search(len(runes), func(n int) bool { return t.Width(cut(runes, n+1)) > width })
	if keep == 0 {
		return ""
	}
	return cut(runes, keep)
}

// maxLabel is how much of a label is looked at, in bytes; the rest could not
// be drawn anyway.
const maxLabel = 400

// Clean makes a label printable on one line: line breaks and tabs become
// spaces, and what neither a font nor XML can hold disappears.
func Clean(s string) string {
	if len(s) > maxLabel {
		s = s[:maxLabel]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == 0x200C, r == 0x200D: // they join letters and emoji
			return r
		case !unicode.IsGraphic(r), r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

func CleanAll(s []string) []string {
	out := make([]string, len(s))
	for i, v := range s {
		out[i] = Clean(v)
	}
	return out
}

// visual puts letters into the order in which they stand on paper, from left to
// right: those of Hebrew and Arabic are written from the right, though not the
// numbers among them. It is as much of Unicode's bidirectional algorithm (UAX 9)
// as labels need; where SVG is shown, the browser does it.
func visual(s string) string {
	runes := []rune(s)
	class := func(i int) bidi.Class {
		p, _ := bidi.LookupRune(runes[i])
		return p.Class()
	}
	right := func(i int) bool { c := class(i); return c == bidi.R || c == bidi.AL }
	digit := func(i int) bool { c := class(i); return c == bidi.EN || c == bidi.AN }
	for from := 0; from < len(runes); from++ {
		if !right(from) {
			continue
		}
		end := from + 1 // of what is written from the right
		for i := end; i < len(runes) && class(i) != bidi.L; i++ {
			if right(i) || digit(i) {
				end = i + 1
			}
		}
		slices.Reverse(runes[from:end])
		for i := from; i < end; i++ {
			if p, _ := bidi.LookupRune(runes[i]); p.IsBracket() {
				mirrored, _ := utf8.DecodeRuneInString(bidi.ReverseString(string(runes[i])))
				runes[i] = mirrored
			}
			number := i
			for number < end && (digit(number) || number > i && number+1 < end && class(number) == bidi.CS && digit(number+1)) {
				number++
			}
			slices.Reverse(runes[i:number])
			i = max(i, number-1)
		}
		from = end
	}
	return string(runes)
}
