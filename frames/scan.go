package frames

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// scanner takes a block apart into records, by RFC 4180: fields may stand in
// quotes, in which a quote is doubled and line ends are data; records end
// with \n or \r\n; empty lines are skipped.
type scanner struct {
	names  []string // of the columns; nil while the first line is being read
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
// The number of fields must be that of the first line.
func (s *scanner) scan() (bool, error) {
	s.fields = s.fields[:0]
	for len(s.fields) == 0 {
		if len(s.rest) == 0 {
			return false, nil
		}
		s.line = s.next
		if !s.quotes && !s.returns {
			s.splitPlain()
			continue
		}
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
			Detail: fmt.Sprintf("%s where the first line has %d: is a comma missing, or a field with a comma not in quotes?", plural(len(s.fields), "field"), len(s.names))}
	}
	return true, nil
}

// splitPlain makes fields of the line that rest starts with, in a block
// without quotes and carriage returns, and moves on. It looks at eight bytes
// at a time.
func (s *scanner) splitPlain() {
	data, start, at := s.rest, 0, 0
	s.next++
	for ; at+8 <= len(data); at += 8 {
		eight := binary.LittleEndian.Uint64(data[at:])
		for ends := bytesEqual(eight, ',') | bytesEqual(eight, '\n'); ends != 0; ends &= ends - 1 {
			end := at + bits.TrailingZeros64(ends)/8
			if data[end] == '\n' {
				s.endLine(data[start:end])
				s.rest = data[end+1:]
				return
			}
			s.fields = append(s.fields, data[start:end])
			start = end + 1
		}
	}
	for ; at < len(data); at++ {
		switch data[at] {
		case ',':
			s.fields = append(s.fields, data[start:at])
			start = at + 1
		case '\n':
			s.endLine(data[start:at])
			s.rest = data[at+1:]
			return
		}
	}
	s.endLine(data[start:])
	s.rest = nil
}

// endLine adds the last field of a line, which may be empty if it is not the
// only one.
func (s *scanner) endLine(field []byte) {
	if len(field) > 0 || len(s.fields) > 0 {
		s.fields = append(s.fields, field)
	}
}

// bytesEqual returns a number whose byte is 0x80 where that of eight is c,
// and 0 elsewhere.
func bytesEqual(eight uint64, c byte) uint64 {
	const low = 0x7f7f7f7f7f7f7f7f
	d := eight ^ 0x0101010101010101*uint64(c)
	return ^((d&low + low) | d | low)
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

// name returns the name of a column, once the first line was read.
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
