package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"

	"gonmf/frames/internal/frame"
)

// Scanner takes a block apart into records, by RFC 4180: fields may stand in
// quotes, in which a quote is doubled and line ends are data; records end
// with \n or \r\n; empty lines are skipped.
type Scanner struct {
	Names  []string // of the columns; nil while the first line is being read
	Fields [][]byte // of the record, within data, which unquoting changes
	Line   int      // on which the record starts
	Row    int      // of the record within the block, from 1

	Rest                  []byte
	Next                  int  // the line on which rest starts
	quotes, returns, nuls bool // the block has some

	comma                byte
	separator            string // as it is said
	ragged               string
	skipped, skippedLine int // rows left out, and the line of the first
	na                   map[string]bool
	odd                  bool // numbers are not written as 1234.5
}

// Fresh returns a scanner like s for other blocks.
func (s *Scanner) Fresh() Scanner {
	return Scanner{Names: s.Names, comma: s.comma, separator: s.separator, ragged: s.ragged, na: s.na, odd: s.odd}
}

// Told tells notice how many rows were left out.
func (s *Scanner) Told(notice func(string)) { Skipped(s.skipped, s.skippedLine, notice) }

// Skipped tells notice of rows that were left out, the first on a line.
func Skipped(n, line int, notice func(string)) {
	if n > 0 && notice != nil {
		notice(fmt.Sprintf("%s with another number of fields than the header left out, the first on line %d", count(n, "row"), line))
	}
}

// Left returns how many rows were left out, and the line of the first.
func (s *Scanner) Left() (n, line int) { return s.skipped, s.skippedLine }

// Comma is the byte that separates fields.
func (s *Scanner) Comma() byte { return s.comma }

// Reset starts on a block.
func (s *Scanner) Reset(b Block) {
	s.Rest, s.Next, s.Row = b.Data, b.Line, 0
	s.quotes = bytes.IndexByte(b.Data, '"') >= 0
	s.returns = bytes.IndexByte(b.Data, '\r') >= 0
	s.nuls = bytes.IndexByte(b.Data, 0) >= 0
}

// Plain reports whether the block has no quotes, carriage returns and NUL
// bytes, so that separators and newlines alone end its fields, and its numbers
// are written as 1234.5.
func (s *Scanner) Plain() bool {
	return !s.quotes && !s.returns && !s.nuls && !s.odd && s.na == nil
}

// Scan reads the next record into Fields; it returns false after the last.
// The number of fields must be that of the first line, unless Options.Ragged
// says otherwise.
func (s *Scanner) Scan() (bool, error) {
	for {
		more, err := s.record()
		if !more || s.Names == nil || len(s.Fields) == len(s.Names) || s.ragged != RaggedSkip {
			return more, err
		}
		if s.Row--; s.skipped == 0 {
			s.skippedLine = s.Line
		}
		s.skipped++
	}
}

// record reads the next record.
func (s *Scanner) record() (bool, error) {
	s.Fields = s.Fields[:0]
	for len(s.Fields) == 0 {
		if len(s.Rest) == 0 {
			return false, nil
		}
		s.Line = s.Next
		if !s.quotes && !s.returns {
			s.splitPlain()
			continue
		}
		record, rest := s.Rest, []byte(nil)
		if nl := bytes.IndexByte(record, '\n'); nl >= 0 {
			record, rest = record[:nl], record[nl+1:]
		}
		if s.quotes && bytes.IndexByte(record, '"') >= 0 {
			if err := s.splitQuoted(); err != nil {
				return false, err
			}
			continue
		}
		s.Rest, s.Next = rest, s.Next+1
		if record = bytes.TrimSuffix(record, []byte{'\r'}); len(record) > 0 {
			if err := s.split(record); err != nil {
				return false, err
			}
		}
	}
	s.Row++
	if s.nuls {
		if err := s.refuseNULs(); err != nil {
			return false, err
		}
	}
	if s.Names != nil && len(s.Fields) != len(s.Names) {
		switch {
		case s.ragged == RaggedSkip:
			return true, nil // for Scan to leave out
		case s.ragged == RaggedFill && len(s.Fields) < len(s.Names):
			for len(s.Fields) < len(s.Names) {
				s.Fields = append(s.Fields, nil)
			}
		default:
			return false, &frame.CellError{Row: s.Row, Line: s.Line, Err: frame.ErrSyntax,
				Detail: fmt.Sprintf("%s where the first line has %d: is a %s missing, or a field with a %s not in quotes? Ragged \"fill\" takes short rows, \"skip\" leaves such rows out",
					count(len(s.Fields), "field"), len(s.Names), s.separator, s.separator)}
		}
	}
	if s.na != nil {
		for c, field := range s.Fields {
			if s.na[string(field)] {
				s.Fields[c] = nil
			}
		}
	}
	return true, nil
}

// fieldEnd returns where the field ends that rest starts with, or a quote
// stands in it, -1 if neither does.
func (s *Scanner) fieldEnd() int {
	for i, b := range s.Rest {
		if b == s.comma || b == '\n' || b == '"' {
			return i
		}
	}
	return -1
}

// splitPlain makes fields of the line that rest starts with, in a block
// without quotes and carriage returns, and moves on. It looks at eight bytes
// at a time.
func (s *Scanner) splitPlain() {
	data, start, at := s.Rest, 0, 0
	s.Next++
	for ; at+8 <= len(data); at += 8 {
		eight := binary.LittleEndian.Uint64(data[at:])
		for ends := BytesEqual(eight, s.comma) | BytesEqual(eight, '\n'); ends != 0; ends &= ends - 1 {
			end := at + bits.TrailingZeros64(ends)/8
			if data[end] == '\n' {
				s.endLine(data[start:end])
				s.Rest = data[end+1:]
				return
			}
			s.Fields = append(s.Fields, data[start:end])
			start = end + 1
		}
	}
	for ; at < len(data); at++ {
		switch data[at] {
		case s.comma:
			s.Fields = append(s.Fields, data[start:at])
			start = at + 1
		case '\n':
			s.endLine(data[start:at])
			s.Rest = data[at+1:]
			return
		}
	}
	s.endLine(data[start:])
	s.Rest = nil
}

// endLine adds the last field of a line, which may be empty if it is not the
// only one.
func (s *Scanner) endLine(field []byte) {
	if len(field) > 0 || len(s.Fields) > 0 {
		s.Fields = append(s.Fields, field)
	}
}

// BytesEqual returns a number whose byte is 0x80 where that of eight is c,
// and 0 elsewhere.
func BytesEqual(eight uint64, c byte) uint64 {
	const low = 0x7f7f7f7f7f7f7f7f
	d := eight ^ 0x0101010101010101*uint64(c)
	return ^((d&low + low) | d | low)
}

// split makes fields of a record without quotes.
func (s *Scanner) split(record []byte) error {
	for {
		comma := bytes.IndexByte(record, s.comma)
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
func (s *Scanner) plain(field []byte) error {
	if s.returns && bytes.IndexByte(field, '\r') >= 0 {
		return s.syntaxError(s.Line, "a carriage return inside a field: put the field in quotes, or save the file with \\n line ends")
	}
	s.Fields = append(s.Fields, field)
	return nil
}

// splitQuoted makes fields of the record that rest starts with, and moves on.
func (s *Scanner) splitQuoted() error {
	for {
		if len(s.Rest) > 0 && s.Rest[0] == '"' {
			if err := s.quoted(); err != nil {
				return err
			}
		} else {
			end := s.fieldEnd()
			if end >= 0 && s.Rest[end] == '"' {
				return s.syntaxError(s.Next, `a quote inside a field that is not quoted: write "5"" disk" for 5" disk, or set LooseQuotes`)
			}
			if end < 0 {
				end = len(s.Rest)
			}
			field := s.Rest[:end]
			s.Rest = s.Rest[end:]
			if len(s.Rest) == 0 || s.Rest[0] == '\n' {
				field = bytes.TrimSuffix(field, []byte{'\r'})
			}
			if err := s.plain(field); err != nil {
				return err
			}
		}
		if len(s.Rest) == 0 {
			s.Next++
			return nil
		}
		end := s.Rest[0]
		s.Rest = s.Rest[1:]
		if end == '\n' {
			s.Next++
			return nil
		}
	}
}

// quoted takes a quoted field off rest, leaving the comma or newline after it.
func (s *Scanner) quoted() error {
	open := s.Next
	text := s.Rest[1:]
	n := 0 // bytes of the field, moved to the front of text
	for p := 0; ; {
		q := bytes.IndexByte(text[p:], '"')
		if q < 0 {
			return s.syntaxError(open, "a quote opens here and is never closed")
		}
		s.Next += bytes.Count(text[p:p+q], []byte{'\n'})
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
		if len(after) > 0 && after[0] != s.comma && after[0] != '\n' {
			return s.syntaxError(s.Next, "text after the closing quote: double the quotes that belong to the field, or set LooseQuotes")
		}
		s.Fields = append(s.Fields, text[:n])
		s.Rest = after
		return nil
	}
}

// syntaxError is about the field after those read.
func (s *Scanner) syntaxError(line int, detail string) error {
	return &frame.CellError{Row: s.Row + 1, Line: line, Column: s.name(len(s.Fields)), Detail: detail, Err: frame.ErrSyntax}
}

// name returns the name of a column, once the first line was read.
func (s *Scanner) name(column int) string {
	if column < len(s.Names) {
		return s.Names[column]
	}
	return ""
}

// refuseNULs returns an error if a field of the record has a NUL byte.
func (s *Scanner) refuseNULs() error {
	for c, field := range s.Fields {
		if bytes.IndexByte(field, 0) >= 0 {
			return &frame.CellError{Row: s.Row, Line: s.Line, Column: s.name(c), Err: frame.ErrSyntax,
				Detail: "a NUL byte: this is not a text file, or it was damaged"}
		}
	}
	return nil
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
