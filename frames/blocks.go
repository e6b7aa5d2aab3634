package frames

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// blockSize is what one read of a file takes: large enough that handing
	// a block to a goroutine costs nothing beside parsing it.
	blockSize = 1 << 20

	// maxRecord bounds one record, so that a quote left open is an error
	// before the memory is full.
	maxRecord = 64 << 20
)

// block is a run of whole records of a file.
type block struct {
	data []byte
	line int // of the file, on which data starts; from 1
}

// blocks cuts a CSV file, plain or gzip, into runs of whole records.
type blocks struct {
	r    io.Reader
	size int    // of a read
	rest []byte // read already, of the record that the last block left open
	line int
	err  error // what the reader said last
}

// newBlocks returns the blocks of r: gzip is recognised by its first bytes,
// and a UTF-8 byte order mark is left out.
func newBlocks(r io.Reader) (*blocks, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	head, err := br.Peek(2)
	if len(head) == 0 && err != nil && err != io.EOF {
		return nil, readError(err)
	}
	if string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(br)
		if err != nil {
			return nil, readError(err)
		}
		br = bufio.NewReaderSize(z, 64<<10)
	}
	head, err = br.Peek(3)
	switch {
	case len(head) == 0 && err != nil && err != io.EOF:
		return nil, readError(err)
	case len(head) == 0:
		return nil, fmt.Errorf("frames: the file is empty: %w", ErrEmpty)
	case bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")):
		return nil, fmt.Errorf("frames: the file is UTF-16: save it as UTF-8: %w", ErrSyntax)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		if _, err := br.Discard(3); err != nil {
			return nil, readError(err)
		}
	}
	return &blocks{r: br, size: blockSize, line: 1}, nil
}

// readError wraps what a reader said.
func readError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("frames: the compressed file ends too early: it was cut off, fetch it again: %w", err)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, new(flate.CorruptInputError)):
		return fmt.Errorf("frames: the compressed file is damaged, fetch it again: %w", err)
	default:
		return fmt.Errorf("frames: reading: %w", err)
	}
}

// next returns the next block, in buf where that is large enough, and io.EOF
// after the last.
func (b *blocks) next(buf []byte) (block, error) {
	buf = append(buf[:0], b.rest...)
	b.rest = b.rest[:0]
	for b.err == nil {
		if len(buf) > maxRecord {
			return block{}, &CellError{Line: b.line, Err: ErrSyntax,
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
		return block{}, readError(b.err)
	}
	if len(buf) == 0 {
		return block{}, io.EOF
	}
	return b.cut(buf), nil
}

// cut counts the lines of a block.
func (b *blocks) cut(data []byte) block {
	out := block{data: data, line: b.line}
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
