package chart

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

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
