package parquet

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
	"gonmf/frames/parquet/internal/format"
)

// source reads the chosen columns of a file, a run of rows at a time.
type source struct {
	ctx    context.Context
	r      io.ReaderAt
	size   int64
	file   *format.File
	rows   int64 // of all row groups, which some writers count wrong
	tree   *tree
	kept   map[string]kept
	chosen []*leaf
	groups []format.Group
	left   int64 // rows of the row group under way
	batch  [][]cells.Cell

	group  int    // under way, from 1
	column string // under way
}

// batchRows is the number of rows that are handed over together.
const batchRows = 1024

const magic = "PAR1"

func (s *source) open(r io.ReaderAt, size int64) error {
	raw, err := description(r, size)
	if errors.Is(err, errEncrypted) {
		return frame.Errorf(frames.ErrFormat, "frames: the Parquet file is encrypted, which is not read: decrypt it with what wrote it")
	} else if err != nil {
		return s.failed(err)
	}
	if s.file, err = format.ReadFile(raw); err != nil {
		return s.failed(err)
	}
	if s.tree, err = newTree(s.file.Elements); err != nil {
		return s.failed(err)
	}
	for _, g := range s.file.Groups {
		if g.Rows < 0 || g.Rows > math.MaxInt64-s.rows {
			return s.failed(fmt.Errorf("a row group of %d rows", g.Rows))
		}
		s.rows += g.Rows
	}
	s.r, s.size, s.groups = r, size, s.file.Groups
	s.kept = readKept(s.file.Arrow)
	return nil
}

var errEncrypted = errors.New("encrypted")

// description returns what stands at the end of a file.
func description(r io.ReaderAt, size int64) ([]byte, error) {
	const end, least = 8, 12 // bytes of the end, and of a file
	if size < least {
		return nil, fmt.Errorf("%d bytes", size)
	}
	var tail [end]byte
	if _, err := r.ReadAt(tail[:], size-end); err != nil && err != io.EOF {
		return nil, err
	}
	switch string(tail[4:]) {
	case magic:
	case "PARE":
		return nil, errEncrypted
	default:
		return nil, errors.New("it does not end as one")
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if n > size-least {
		return nil, fmt.Errorf("its description is said to have %d bytes, of %d", n, size)
	}
	raw := make([]byte, n)
	if _, err := r.ReadAt(raw, size-end-n); err != nil && err != io.EOF {
		return nil, err
	}
	return raw, nil
}

// failed is an error of reading, which may be that of ctx.
func (s *source) failed(err error) error {
	if cause := context.Cause(s.ctx); cause != nil {
		return fmt.Errorf("frames: reading: %w", cause)
	}
	return s.damaged(err)
}

// Names implements cells.Source.
func (s *source) Names() []string { return s.tree.names }

// Whole implements cells.Source.
func (s *source) Whole() int { return s.tree.top }

// Choose implements cells.Source.
func (s *source) Choose(columns []int) error {
	for _, at := range columns {
		l, err := s.choose(at)
		if err != nil {
			return frame.Errorf(frames.ErrFormat, "frames: column %q %v", s.tree.names[at], err)
		}
		s.chosen = append(s.chosen, l)
		s.batch = append(s.batch, make([]cells.Cell, 0, batchRows))
	}
	return nil
}

func (s *source) choose(at int) (*leaf, error) {
	n := s.tree.nodes[at]
	switch {
	case n.repeated:
		return nil, errors.New("is of lists or maps, which are not read: name other columns, as with files.ReadColumns")
	case n.leaf < 0 && len(n.below) == 0:
		return nil, errors.New("is a struct of nothing that can be read: name other columns, as with files.ReadColumns")
	case n.leaf < 0:
		return nil, fmt.Errorf("is a struct: name what it is of, such as %q, as with files.ReadColumns", n.below[0])
	}
	l := &leaf{name: s.tree.names[at], index: n.leaf, element: n.Element, depth: n.depth}
	// Of these writers the mark of a page that is not compressed is wrong.
	l.packed = strings.HasPrefix(s.file.Writer, "parquet-cpp version 1.")
	if err := l.convert(s.kept[l.name]); err != nil {
		return nil, err
	}
	for g := range s.groups {
		if n.leaf >= len(s.groups[g].Chunks) {
			continue // which is damage, for Next
		}
		switch c := &s.groups[g].Chunks[n.leaf]; {
		case c.Encrypted:
			return nil, errors.New("is encrypted, which is not read: decrypt the file with what wrote it")
		case c.Codec == format.LZO || c.Codec < 0 || c.Codec > format.LZ4Raw:
			return nil, errors.New("is compressed by LZO, which is not read: write the file with snappy or zstd")
		}
	}
	return l, nil
}

// Next implements cells.Source.
func (s *source) Next() ([][]cells.Cell, error) {
	for s.left == 0 {
		if len(s.groups) == 0 || len(s.chosen) == 0 {
			return nil, io.EOF
		}
		g := s.groups[0]
		s.groups = s.groups[1:]
		s.group++
		if s.left = g.Rows; s.left == 0 {
			continue
		}
		for _, l := range s.chosen {
			s.column = l.name
			if l.index >= len(g.Chunks) {
				return nil, s.damaged(fmt.Errorf("the row group has %d columns", len(g.Chunks)))
			}
			if err := l.begin(s.r, s.size, &g.Chunks[l.index]); err != nil {
				return nil, s.damaged(err)
			}
		}
	}
	if s.ctx.Err() != nil {
		return nil, fmt.Errorf("frames: reading: %w", context.Cause(s.ctx))
	}
	n := int(min(s.left, batchRows))
	for c, l := range s.chosen {
		s.column = l.name
		var err error
		if s.batch[c], err = l.read(s.batch[c][:0], n); err != nil {
			return nil, s.failed(err)
		}
	}
	s.left -= int64(n)
	return s.batch, nil
}

// close lets go of what is open.
func (s *source) close() {
	for _, l := range s.chosen {
		l.unpack.close()
	}
}
