package frames

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
)

// Labels names the rows or the columns of an [Interactions] table, in order:
// as integers of any size where all are integers, and bytewise otherwise; those
// of [NewLabels] in the order in which they were given.
// Labels do not change; any number of goroutines may read them.
type Labels struct {
	names   []string // sorted; nil where the labels are 0 to n-1
	n       int
	numeric bool // sorted as integers

	places map[string]int // of names that are not sorted; nil where they are
}

// NewLabels makes labels of names in their order, for a matrix that there is
// already: see [Label]. None may be empty or be there twice.
func NewLabels(names []string) (*Labels, error) {
	l := &Labels{names: slices.Clone(names), n: len(names), places: make(map[string]int, len(names))}
	if l.names == nil {
		l.names = []string{}
	}
	for i, name := range names {
		first, twice := l.places[name]
		switch {
		case name == "":
			return nil, frame.Errorf(ErrMissing, "frames: label %d is empty: name each row and column", i)
		case twice:
			return nil, frame.Errorf(ErrArgument, "frames: labels %d and %d are both %q: make them differ", first, i, frame.Shorten(name))
		}
		l.places[name] = i
	}
	return l, nil
}

// newLabels sorts distinct names, and returns for each the place that it
// takes.
func newLabels(names []string) (l *Labels, place []int, err error) {
	ranks, numeric := integerRanks(names)
	compare := code.CompareIntegers
	if !numeric {
		ranks, compare = textRanks(names), strings.Compare
	}
	slices.SortFunc(ranks, func(a, b ranked) int {
		if a.rank != b.rank {
			return cmp.Compare(a.rank, b.rank)
		}
		return compare(names[a.name], names[b.name])
	})
	l = &Labels{names: make([]string, len(names)), n: len(names), numeric: numeric}
	place = make([]int, len(names))
	for to, r := range ranks {
		l.names[to], place[r.name] = names[r.name], to
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
		p, ok := code.CanonicalInt(name)
		if !ok || p < 0 || p >= maxPositions {
			return nil, nil, frame.Errorf(ErrNotNumber, "%q is not a position from 0 to %d: leave Positions out to use the ids as labels", frame.Shorten(name), maxPositions-1)
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

// Index returns the place of a label and whether it is there; -1 if it is not,
// so that whoever does not ask gets no other label's place. It takes at
// most time logarithmic in the number of labels.
func (l *Labels) Index(label string) (int, bool) {
	i, ok := -1, false
	switch _, integer := code.ParseInteger(label); {
	case l.places != nil:
		i, ok = l.places[label]
	case l.names == nil:
		i, ok = code.CanonicalInt(label)
		ok = ok && i >= 0 && i < l.n
	case !l.numeric:
		i, ok = slices.BinarySearch(l.names, label)
	case integer:
		i, ok = slices.BinarySearchFunc(l.names, label, code.CompareIntegers)
	}
	if !ok {
		return -1, false
	}
	return i, true
}

// Strings returns the labels in order, as a slice of the caller's own.
func (l *Labels) Strings() []string {
	out := make([]string, l.n)
	for i := range out {
		out[i] = l.At(i)
	}
	return out
}

// SHA256 returns a hash of the labels in their order, in hexadecimal: of each,
// one after the other, the number of its bytes as an 8-byte little-endian
// integer, and its bytes.
func (l *Labels) SHA256() string {
	h := sha256.New()
	var b []byte
	for i := range l.n {
		label := l.At(i)
		b = append(binary.LittleEndian.AppendUint64(b[:0], uint64(len(label))), label...)
		_, _ = h.Write(b) // a hash never fails
	}
	return hex.EncodeToString(h.Sum(nil))
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
	return fmt.Sprintf("%s: %s", plural(l.n, "label"), l.head(func(s string) string { return strconv.Quote(frame.Shorten(s)) }))
}

// HTML names the first labels, for notebooks.
func (l *Labels) HTML() string {
	return fmt.Sprintf("<p><b>%s</b>: %s</p>", plural(l.n, "label"), l.head(func(s string) string {
		return "<code>" + html.EscapeString(frame.Shorten(s)) + "</code>"
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

// plural writes a count of things.
func plural(n int, thing string) string {
	stem, y := strings.CutSuffix(thing, "y")
	switch {
	case n == 1:
	case y:
		thing = stem + "ies"
	default:
		thing += "s"
	}
	return group(n) + " " + thing
}

// group writes a count with commas between the thousands.
func group(n int) string {
	digits := strconv.Itoa(n)
	for p := len(digits) - 3; p > 0; p -= 3 {
		digits = digits[:p] + "," + digits[p:]
	}
	return digits
}

// ranked is a name with a number that puts most names in order by itself.
// Where ranks are equal the names decide.
type ranked struct {
	rank uint64
	name int32
}

// textRanks ranks names by their first eight bytes.
func textRanks(names []string) []ranked {
	ranks := make([]ranked, len(names))
	for i, name := range names {
		var head [8]byte
		copy(head[:], name)
		ranks[i] = ranked{binary.BigEndian.Uint64(head[:]), int32(i)}
	}
	return ranks
}

// integerRanks ranks names by the integers that they stand for, and reports
// whether all of them stand for one.
func integerRanks(names []string) ([]ranked, bool) {
	ranks := make([]ranked, len(names))
	for i, name := range names {
		v, ok := code.ParseInteger(name)
		if !ok {
			return nil, false
		}
		ranks[i] = ranked{v.Rank(), int32(i)}
	}
	return ranks, true
}

// labelColumn returns labels as an Int column when each is what Go prints for
// an int, as [ReadCSV] does, and as a String column otherwise.
func labelColumn(labels []string) series.Series {
	ints := make([]int, len(labels))
	for i, l := range labels {
		v, ok := code.CanonicalInt(l)
		if !ok {
			return frame.Text(labels, false)
		}
		ints[i] = v
	}
	return series.New(ints, series.Int, "")
}

// side is one side of a table to be built: its labels, and where each of the
// codes of some dicts has come to stand among them.
type side struct {
	labels *Labels
	number []int32   // of the small numbers
	other  [][]int32 // by dict: of its other labels
}

// newSide puts the labels of all dicts in order, which it takes over.
func newSide(dicts []*code.Dict, positions bool) (*side, error) {
	seen, other, rest := code.Unite(dicts)
	s := &side{number: make([]int32, seen.Limit()), other: other}
	numbers, largest := int32(0), int32(-1)
	for n := range seen.All() {
		s.number[n] = numbers
		numbers, largest = numbers+1, n
	}
	if len(rest) == 0 && !positions { // they are in order
		s.labels = &Labels{n: int(numbers), numeric: true}
		if largest != numbers-1 {
			s.labels.names = numberNames(seen, int(numbers))
		}
		s.settle(nil)
		return s, nil
	}
	order := newLabels
	if positions {
		order = newPositions
	}
	labels, place, err := order(append(numberNames(seen, int(numbers)), rest...))
	if err != nil {
		return nil, err
	}
	s.labels = labels
	for n := range seen.All() {
		s.number[n] = int32(place[s.number[n]])
	}
	s.settle(place[numbers:])
	return s, nil
}

// settle turns the codes of the other labels into places; rest are those of
// the labels that are not small numbers.
func (s *side) settle(rest []int) {
	for _, codes := range s.other {
		for c, code := range codes {
			if code >= 0 {
				codes[c] = s.number[code]
			} else {
				codes[c] = int32(rest[^code])
			}
		}
	}
}

// place turns codes that dict number by gave into places.
func (s *side) place(codes []int32, by int) {
	other := s.other[by]
	for r, code := range codes {
		if code >= 0 {
			codes[r] = s.number[code]
		} else {
			codes[r] = other[^code]
		}
	}
}

// numberNames writes a number of numbers, in one piece of memory.
func numberNames(seen code.Bitset, numbers int) []string {
	names := make([]string, 0, numbers)
	ends := make([]int, 0, numbers)
	var text []byte
	for n := range seen.All() {
		text = strconv.AppendInt(text, int64(n), 10)
		ends = append(ends, len(text))
	}
	all, start := string(text), 0
	for _, end := range ends {
		names = append(names, all[start:end])
		start = end
	}
	return names
}
