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
		return nil, fmt.Errorf("frames: the file is empty: a header line and rows are needed: %w", ErrEmpty)
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

// scanner takes a block apart into records, by RFC 4180: fields may stand in
// quotes, in which a quote is doubled and line ends are data; records end
// with \n or \r\n; empty lines are skipped.
type scanner struct {
	names  []string // the header; nil while that is being read
	fields [][]byte // of the record, within data, which unquoting changes
	line   int      // on which the record starts
	row    int      // of the record within the block, from 1

	rest                  []byte
	next                  int  // the line on which rest starts
	quotes, returns, nuls bool // the block has some
}

// reset starts on a block.
func (s *scanner) reset(b block) {
	s.rest, s.next, s.row = b.data, b.line, 0
	s.quotes = bytes.IndexByte(b.data, '"') >= 0
	s.returns = bytes.IndexByte(b.data, '\r') >= 0
	s.nuls = bytes.IndexByte(b.data, 0) >= 0
}

// scan reads the next record into fields; it returns false after the last.
// The number of fields must be that of the header.
func (s *scanner) scan() (bool, error) {
	s.fields = s.fields[:0]
	for len(s.fields) == 0 {
		if len(s.rest) == 0 {
			return false, nil
		}
		s.line = s.next
		record, rest := s.rest, []byte(nil)
		if nl := bytes.IndexByte(record, '\n'); nl >= 0 {
			record, rest = record[:nl], record[nl+1:]
		}
		if s.quotes && bytes.IndexByte(record, '"') >= 0 {
			if err := s.splitQuoted(); err != nil {
				return false, err
			}
			continue
		}
		s.rest, s.next = rest, s.next+1
		if record = bytes.TrimSuffix(record, []byte{'\r'}); len(record) > 0 {
			if err := s.split(record); err != nil {
				return false, err
			}
		}
	}
	s.row++
	if s.nuls {
		if err := s.refuseNULs(); err != nil {
			return false, err
		}
	}
	if s.names != nil && len(s.fields) != len(s.names) {
		return false, &CellError{Row: s.row, Line: s.line, Err: ErrSyntax,
			Detail: fmt.Sprintf("%d fields where the header has %d: is a comma missing, or a field with a comma not in quotes?", len(s.fields), len(s.names))}
	}
	return true, nil
}

// split makes fields of a record without quotes.
func (s *scanner) split(record []byte) error {
	for {
		comma := bytes.IndexByte(record, ',')
		if comma < 0 {
			return s.plain(record)
		}
		if err := s.plain(record[:comma]); err != nil {
			return err
		}
		record = record[comma+1:]
	}
}

// plain adds a field that is not quoted.
func (s *scanner) plain(field []byte) error {
	if s.returns && bytes.IndexByte(field, '\r') >= 0 {
		return s.syntaxError(s.line, "a carriage return inside a field: put the field in quotes, or save the file with \\n line ends")
	}
	s.fields = append(s.fields, field)
	return nil
}

// splitQuoted makes fields of the record that rest starts with, and moves on.
func (s *scanner) splitQuoted() error {
	for {
		if len(s.rest) > 0 && s.rest[0] == '"' {
			if err := s.quoted(); err != nil {
				return err
			}
		} else {
			end := bytes.IndexAny(s.rest, ",\n\"")
			if end >= 0 && s.rest[end] == '"' {
				return s.syntaxError(s.next, `a quote inside a field that is not quoted: write "5"" disk" for 5" disk`)
			}
			if end < 0 {
				end = len(s.rest)
			}
			field := s.rest[:end]
			s.rest = s.rest[end:]
			if len(s.rest) == 0 || s.rest[0] == '\n' {
				field = bytes.TrimSuffix(field, []byte{'\r'})
			}
			if err := s.plain(field); err != nil {
				return err
			}
		}
		if len(s.rest) == 0 {
			s.next++
			return nil
		}
		end := s.rest[0]
		s.rest = s.rest[1:]
		if end == '\n' {
			s.next++
			return nil
		}
	}
}

// quoted takes a quoted field off rest, leaving the comma or newline after it.
func (s *scanner) quoted() error {
	open := s.next
	text := s.rest[1:]
	n := 0 // bytes of the field, moved to the front of text
	for p := 0; ; {
		q := bytes.IndexByte(text[p:], '"')
		if q < 0 {
			return s.syntaxError(open, "a quote opens here and is never closed")
		}
		s.next += bytes.Count(text[p:p+q], []byte{'\n'})
		n += copy(text[n:], text[p:p+q])
		p += q + 1
		if p < len(text) && text[p] == '"' {
			text[n] = '"'
			n++
			p++
			continue
		}
		after := text[p:]
		if bytes.HasPrefix(after, []byte("\r\n")) || string(after) == "\r" {
			after = after[1:]
		}
		if len(after) > 0 && after[0] != ',' && after[0] != '\n' {
			return s.syntaxError(s.next, "text after the closing quote: double the quotes that belong to the field")
		}
		s.fields = append(s.fields, text[:n])
		s.rest = after
		return nil
	}
}

// syntaxError is about the field after those read.
func (s *scanner) syntaxError(line int, detail string) error {
	return &CellError{Row: s.row + 1, Line: line, Column: s.name(len(s.fields)), Detail: detail, Err: ErrSyntax}
}

// name returns the name of a column, once the header was read.
func (s *scanner) name(column int) string {
	if column < len(s.names) {
		return s.names[column]
	}
	return ""
}

// refuseNULs returns an error if a field of the record has a NUL byte.
func (s *scanner) refuseNULs() error {
	for c, field := range s.fields {
		if bytes.IndexByte(field, 0) >= 0 {
			return &CellError{Row: s.row, Line: s.line, Column: s.name(c), Err: ErrSyntax,
				Detail: "a NUL byte: this is not a text file, or it was damaged"}
		}
	}
	return nil
}
