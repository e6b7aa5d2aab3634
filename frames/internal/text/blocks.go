package text

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"gonmf/frames/internal/frame"
)

const (
	// blockSize is what one read of a file takes: large enough that handing
	// a block to a goroutine costs nothing beside parsing it.
	blockSize = 1 << 20

	// maxRecord bounds one record, so that a quote left open is an error
	// before the memory is full.
	maxRecord = 64 << 20
)

// Block is a run of whole records of a file.
type Block struct {
	Data []byte
	Line int // of the file, on which Data starts; from 1
}

// Blocks cuts a text into runs of whole records.
type Blocks struct {
	r    io.Reader
	size int    // of a read
	rest []byte // read already, of the record that the last block left open
	line int
	err  error // what the reader said last
}

// NewBlocks returns the blocks of r, which may be compressed and in another
// encoding, and a scanner for them.
func NewBlocks(r io.Reader, o Options) (*Blocks, *Scanner, error) {
	o, err := o.checked()
	if err != nil {
		return nil, nil, err
	}
	if r, err = Decompress(r); err != nil {
		return nil, nil, err
	}
	br, err := decoded(r, o)
	if err != nil {
		return nil, nil, err
	}
	sample := br.head
	if o.Sep == "" {
		if o.Sep = guess(sample, o); o.Sep != "," {
			o.notice("read with fields separated by a %s: Sep %q says so", named(o.Sep), o.Sep)
		}
	}
	s := &Scanner{comma: o.Sep[0], ragged: o.Ragged, odd: o.Decimal == "," || o.Thousands != ""}
	for _, word := range o.NA {
		if s.na == nil {
			s.na = make(map[string]bool)
		}
		s.na[word] = true
	}
	out := &Blocks{r: br, size: blockSize, line: 1}
	quotes := o.Quote == "" || o.Quote == `"`
	if len(o.Sep) > 1 || !quotes || o.LooseQuotes || o.Comment != "" || o.Skip > 0 || returnsOnly(sample) {
		out.r, s.comma = newRewriter(br, o.Sep, o), ','
	}
	s.separator = named(o.Sep)
	return out, s, nil
}

// Next returns the next block, in buf where that is large enough, and io.EOF
// after the last.
func (b *Blocks) Next(buf []byte) (Block, error) {
	buf = append(buf[:0], b.rest...)
	b.rest = b.rest[:0]
	for b.err == nil {
		if len(buf) > maxRecord {
			return Block{}, &frame.CellError{Line: b.line, Err: frame.ErrSyntax,
				Detail: fmt.Sprintf("no record ends within %d MB: is a quote left open, or is this not a CSV file?", maxRecord>>20)}
		}
		if cap(buf)-len(buf) <= b.size/2 {
			buf = slices.Grow(buf, max(b.size, len(buf)))
		}
		for len(buf) < cap(buf) && b.err == nil {
			var n int
			n, b.err = b.r.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
		}
		if end := lastRecordEnd(buf); end > 0 && b.err == nil {
			b.rest = append(b.rest, buf[end:]...)
			return b.cut(buf[:end]), nil
		}
	}
	if b.err != io.EOF {
		return Block{}, readError(b.err)
	}
	if len(buf) == 0 {
		return Block{}, io.EOF
	}
	return b.cut(buf), nil
}

// cut counts the lines of a block.
func (b *Blocks) cut(data []byte) Block {
	out := Block{Data: data, Line: b.line}
	b.line += bytes.Count(data, []byte{'\n'})
	return out
}

// lastRecordEnd returns where the last whole record of data ends, 0 if none
// does. A newline ends a record when an even number of quotes stands before
// it: quotes come in pairs around a field and within it.
func lastRecordEnd(data []byte) int {
	quotes := bytes.Count(data, []byte{'"'})
	for end := len(data); ; {
		nl := bytes.LastIndexByte(data[:end], '\n')
		if nl < 0 {
			return 0
		}
		quotes -= bytes.Count(data[nl:end], []byte{'"'})
		if quotes%2 == 0 {
			return nl + 1
		}
		end = nl
	}
}
