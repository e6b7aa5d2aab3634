package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
)

// source reads the chosen columns of a file, a run of rows at a time.
type source struct {
	ctx    context.Context
	r      io.ReaderAt
	file   *pq.File
	names  []string
	chosen []*leaf
	groups []pq.RowGroup
	left   int64 // rows of the row group under way
	batch  [][]cells.Cell

	group  int    // under way, from 1
	column string // under way
}

// batchRows is the number of rows that are handed over together.
const batchRows = 1024

// leaf is a chosen column.
type leaf struct {
	name    string
	column  *pq.Column
	index   int
	of      func(pq.Value) cells.Cell
	missing cells.Cell
	pages   pq.Pages
	page    pq.Page
	values  pq.ValueReader
	buf     []pq.Value
	spent   []pq.Page // whose memory the cells of the last batch hold
}

func (s *source) open(r io.ReaderAt, size int64) error {
	if err := checkEnd(r, size); err != nil {
		return s.failed(err)
	}
	f, err := pq.OpenFile(r, size, pq.SkipPageIndex(true), pq.SkipBloomFilters(true), pq.ReadBufferSize(256<<10))
	if err != nil {
		return s.failed(err)
	}
	s.r, s.file, s.groups = r, f, f.RowGroups()
	for _, c := range f.Root().Columns() {
		s.names = append(s.names, c.Name())
	}
	return nil
}

// failed is an error of reading, which may be that of ctx.
func (s *source) failed(err error) error {
	if cause := context.Cause(s.ctx); cause != nil {
		return fmt.Errorf("frames: reading: %w", cause)
	}
	return s.damaged(err)
}

// Names implements cells.Source.
func (s *source) Names() []string { return s.names }

// Choose implements cells.Source.
func (s *source) Choose(columns []int) error {
	all := s.file.Root().Columns()
	for _, at := range columns {
		c := all[at]
		if !c.Leaf() || c.Repeated() {
			return fmt.Errorf("frames: column %q is of lists, maps or structs, which are not read: name other columns: %w", c.Name(), frames.ErrFormat)
		}
		if c.Compression().CompressionCodec() == format.Lz4Raw {
			return fmt.Errorf("frames: column %q is compressed by lz4, which is not read: write the file with snappy or zstd: %w", c.Name(), frames.ErrFormat)
		}
		of, err := converter(c)
		if err != nil {
			return fmt.Errorf("frames: column %q: %w", c.Name(), err)
		}
		s.chosen = append(s.chosen, &leaf{name: c.Name(), column: c, index: int(c.Index()), of: of, missing: missing(c), buf: make([]pq.Value, batchRows)})
		s.batch = append(s.batch, make([]cells.Cell, 0, batchRows))
	}
	return nil
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
		s.left = g.NumRows()
		chunks := g.ColumnChunks()
		for _, l := range s.chosen {
			s.column = l.name
			if err := l.end(); err != nil {
				return nil, s.damaged(err)
			}
			if err := checkPages(s.r, s.file.Size(), s.left, l.column, &s.file.Metadata().RowGroups[s.group-1].Columns[l.index].MetaData); err != nil {
				return nil, s.failed(err)
			}
			l.pages = chunks[l.index].Pages()
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

// read appends n cells.
func (l *leaf) read(dst []cells.Cell, n int) ([]cells.Cell, error) {
	l.release()
	for n > 0 {
		if l.page == nil {
			page, err := l.pages.ReadPage()
			if err == io.EOF {
				return nil, errors.New("it has fewer values than rows")
			} else if err != nil {
				return nil, err
			}
			l.page, l.values = page, page.Values()
		}
		got, err := l.values.ReadValues(l.buf[:min(n, len(l.buf))])
		for _, v := range l.buf[:got] {
			if v.IsNull() {
				dst = append(dst, l.missing)
			} else {
				dst = append(dst, l.of(v))
			}
		}
		n -= got
		if err == io.EOF {
			l.spent = append(l.spent, l.page)
			l.page = nil
		} else if err != nil {
			return nil, err
		} else if got == 0 {
			return nil, io.ErrNoProgress
		}
	}
	return dst, nil
}

// release lets go of the pages of the last batch.
func (l *leaf) release() {
	for _, p := range l.spent {
		pq.Release(p)
	}
	l.spent = l.spent[:0]
}

// end lets go of the row group before.
func (l *leaf) end() error {
	l.release()
	if l.page != nil {
		pq.Release(l.page)
		l.page = nil
	}
	if l.pages == nil {
		return nil
	}
	pages := l.pages
	l.pages = nil
	return pages.Close()
}

// close lets go of all that is open. What was read stands.
func (s *source) close() {
	defer func() { _ = recover() }() // of a page that a panic left half read
	for _, l := range s.chosen {
		_ = l.end()
	}
}
