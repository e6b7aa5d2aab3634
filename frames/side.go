package frames

import (
	"strconv"

	"gonmf/frames/internal/code"
)

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
