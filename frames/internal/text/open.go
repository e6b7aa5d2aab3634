package text

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"gonmf/frames/internal/frame"
)

// Open starts to read a table: the blocks to come, and a scanner that has read
// the header and stands at the rows of the first block.
func Open(r io.Reader, o Options) (*Blocks, *Scanner, Block, error) {
	in, s, err := NewBlocks(r, o)
	if err != nil {
		return nil, nil, Block{}, err
	}
	b, err := in.Next(nil)
	if err != nil && err != io.EOF {
		return nil, nil, Block{}, err
	}
	first := b
	if o.NoHeader { // it is a row: taking it apart must leave it whole
		first.Data = bytes.Clone(b.Data)
	}
	s.Reset(first)
	switch more, err := s.Scan(); {
	case err != nil:
		return nil, nil, Block{}, frame.ShiftRow(err, -1)
	case !more && o.NoHeader:
		return nil, nil, Block{}, frame.Errorf(frame.ErrEmpty, "frames: the file has no rows")
	case !more:
		return nil, nil, Block{}, frame.Errorf(frame.ErrEmpty, "frames: the file has no header line")
	}
	if o.NoHeader {
		names := o.Names
		if len(names) == 0 {
			names = Numbered(len(s.Fields))
		}
		if len(names) != len(s.Fields) {
			return nil, nil, Block{}, frame.Errorf(frame.ErrSyntax, "frames: %s for %s: name each column", count(len(names), "name"), count(len(s.Fields), "column"))
		}
		s.Names = names
		s.Reset(b)
		return in, s, b, nil
	}
	names := make([]string, len(s.Fields))
	for c, field := range s.Fields {
		if !utf8.Valid(field) {
			return nil, nil, Block{}, frame.At(frame.NotUTF8(field), 0, s.Line, "")
		}
		names[c] = string(field)
	}
	s.Names, s.Row = Distinct(names), 0
	return in, s, b, nil
}

// Distinct gives columns without a name one, and all but the first of equal
// ones another, as pandas does: a, a.1, Unnamed: 2.
func Distinct(names []string) []string {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		seen[name] = true
	}
	used := make(map[string]bool, len(names))
	out := make([]string, len(names))
	for c, name := range names {
		if name == "" {
			name = fmt.Sprintf("Unnamed: %d", c)
		}
		out[c] = name
		for n := 1; used[out[c]]; n++ {
			if again := fmt.Sprintf("%s.%d", name, n); !seen[again] {
				out[c] = again
			}
		}
		used[out[c]] = true
	}
	return out
}

// Numbered returns names for columns that have none: 1, 2, ...
func Numbered(n int) []string {
	names := make([]string, n)
	for c := range names {
		names[c] = strconv.Itoa(c + 1)
	}
	return names
}
