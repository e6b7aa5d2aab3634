package frames

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-gota/gota/series"
)

// Labels names the rows or the columns of an [Interactions] table, in order:
// as integers of any size where all are integers, and bytewise otherwise.
// Labels do not change; any number of goroutines may read them.
type Labels struct {
	names   []string // sorted; nil where the labels are 0 to n-1
	n       int
	numeric bool // sorted as integers
}

// newLabels sorts distinct names, and returns for each the place that it
// takes.
func newLabels(names []string) (l *Labels, place []int, err error) {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	keys, numeric := integerKeys(names)
	if numeric {
		slices.SortFunc(order, func(a, b int) int { return keys[a].compare(keys[b], names[a], names[b]) })
	} else {
		slices.SortFunc(order, func(a, b int) int { return strings.Compare(names[a], names[b]) })
	}
	l = &Labels{names: make([]string, len(names)), n: len(names), numeric: numeric}
	place = make([]int, len(names))
	for to, from := range order {
		l.names[to], place[from] = names[from], to
	}
	return l, place, nil
}

// maxPositions bounds the labels that newPositions makes up, so that one large
// id is an error and not the end of the memory.
const maxPositions = 1 << 26

// newPositions takes distinct names for integers from 0 on, and makes labels
// of all from 0 to the largest.
func newPositions(names []string) (l *Labels, place []int, err error) {
	l = &Labels{numeric: true}
	place = make([]int, len(names))
	for i, name := range names {
		p, ok := canonicalInt(name)
		if !ok || p < 0 || p >= maxPositions {
			return nil, nil, fmt.Errorf("%q is not a position from 0 to %d: leave Positions out to use the ids as labels: %w",
				shorten(name), maxPositions-1, ErrNotNumber)
		}
		place[i], l.n = p, max(l.n, p+1)
	}
	return l, place, nil
}

// Len returns the number of labels.
func (l *Labels) Len() int { return l.n }

// At returns label i. It panics if i is out of range.
func (l *Labels) At(i int) string {
	if l.names != nil {
		return l.names[i]
	}
	if uint(i) >= uint(l.n) {
		panic(fmt.Sprintf("frames: label %d of %d", i, l.n))
	}
	return strconv.Itoa(i)
}

// Index returns the place of a label, and whether it is there. It takes time
// logarithmic in the number of labels.
func (l *Labels) Index(label string) (int, bool) {
	if l.names == nil {
		i, ok := canonicalInt(label)
		return i, ok && i >= 0 && i < l.n
	}
	if !l.numeric {
		return slices.BinarySearch(l.names, label)
	}
	key, ok := integerKey(label)
	if !ok {
		return 0, false
	}
	return slices.BinarySearchFunc(l.names, label, func(name, label string) int {
		k, _ := integerKey(name)
		return k.compare(key, name, label)
	})
}

// Strings returns the labels in order, as a slice of the caller's own.
func (l *Labels) Strings() []string {
	out := make([]string, l.n)
	for i := range out {
		out[i] = l.At(i)
	}
	return out
}

// Series returns the labels as a column: Int when each is what Go prints for
// an int, else String.
func (l *Labels) Series(name string) series.Series {
	s := labelColumn(l.Strings())
	s.Name = name
	return s
}

// shown is the number of labels that String and HTML name.
const shown = 10

// String names the first labels.
func (l *Labels) String() string {
	return fmt.Sprintf("%s labels: %s", group(l.n), l.head(func(s string) string { return strconv.Quote(shorten(s)) }))
}

// HTML names the first labels, for notebooks.
func (l *Labels) HTML() string {
	return fmt.Sprintf("<p><b>%s labels</b>: %s</p>", group(l.n), l.head(func(s string) string {
		return "<code>" + html.EscapeString(shorten(s)) + "</code>"
	}))
}

func (l *Labels) head(quote func(string) string) string {
	var parts []string
	for i := range min(l.n, shown) {
		parts = append(parts, quote(l.At(i)))
	}
	if l.n > shown {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

// group writes a count with commas between the thousands.
func group(n int) string {
	digits := strconv.Itoa(n)
	for p := len(digits) - 3; p > 0; p -= 3 {
		digits = digits[:p] + "," + digits[p:]
	}
	return digits
}

// integer is a whole number of any size: its sign and its decimal digits
// without leading zeros, none for zero.
type integer struct {
	negative bool
	digits   string
}

// compare orders integers, and equal ones ("7", "007") by their text.
func (a integer) compare(b integer, textA, textB string) int {
	c := cmp.Compare(len(a.digits), len(b.digits))
	if c == 0 {
		c = strings.Compare(a.digits, b.digits)
	}
	switch {
	case a.negative && b.negative:
		c = -c
	case a.negative:
		c = -1
	case b.negative:
		c = 1
	}
	if c == 0 {
		return strings.Compare(textA, textB)
	}
	return c
}

// integerKeys returns the names as integers, and whether all of them are.
func integerKeys(names []string) ([]integer, bool) {
	keys := make([]integer, len(names))
	for i, name := range names {
		var ok bool
		if keys[i], ok = integerKey(name); !ok {
			return nil, false
		}
	}
	return keys, true
}

// integerKey parses an integer as Python's int does: spaces around it, a
// sign, and digits of any script, between which single underscores may stand.
func integerKey(text string) (integer, bool) {
	text = strings.TrimFunc(text, pythonSpace)
	var key integer
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		key.negative = text[0] == '-'
		text = text[1:]
	}
	if !allDigits(text) {
		var ok bool
		if text, ok = plainDigits(text); !ok {
			return integer{}, false
		}
	}
	key.digits = strings.TrimLeft(text, "0")
	key.negative = key.negative && key.digits != ""
	return key, true
}

// plainDigits turns digits of any script into 0 to 9 and takes underscores
// out.
func plainDigits(text string) (string, bool) {
	digits := make([]byte, 0, len(text))
	after := false // a digit
	for _, r := range text {
		if r == '_' && after {
			after = false
			continue
		}
		d, ok := digitValue(r)
		if !ok {
			return "", false
		}
		digits, after = append(digits, '0'+d), true
	}
	return string(digits), after
}

// digitValue returns the value of a decimal digit. Unicode has them in runs
// of ten, from zero to nine.
func digitValue(r rune) (byte, bool) {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return byte((r - rune(run.Lo)) % 10), true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return byte((r - rune(run.Lo)) % 10), true
		}
	}
	return 0, false
}

// pythonSpace reports what Python's str.strip takes off: beside Unicode's
// spaces the four separators.
func pythonSpace(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }
