package text

import (
	"bytes"
	"io"
)

// rewriter writes a text as RFC 4180 has it, with commas, double quotes and
// newlines. Each line stays on its number: lines that are skipped become empty
// ones, which nobody reads.
type rewriter struct {
	from  io.Reader
	comma []byte
	quote byte // 0: there is none
	loose bool
	o     Options

	in     []byte // read and not yet looked at
	eof    error
	out    []byte
	skip   int
	field  []byte
	state  state
	quoted bool // the field had quotes
	first  bool // of its line
	next   []byte
}

type state int

const (
	start   state = iota // of a field
	plain                // in a field without quotes
	inside               // between quotes
	after                // a quote that closes, or is doubled
	ignored              // a line that is skipped
)

// newRewriter rewrites what r has, in which fields are separated by comma.
func newRewriter(r io.Reader, comma string, o Options) *rewriter {
	w := &rewriter{from: r, comma: []byte(comma), quote: '"', loose: o.LooseQuotes, o: o, skip: o.Skip, first: true}
	if o.Quote != "" {
		w.quote = o.Quote[0]
	}
	if o.Quote == "none" {
		w.quote = 0
	}
	if w.skip > 0 {
		w.state = ignored
	}
	return w
}

// Read implements io.Reader.
func (w *rewriter) Read(p []byte) (int, error) {
	for len(w.out) == 0 {
		if w.eof != nil {
			return 0, w.eof
		}
		w.fill()
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// fill reads more and rewrites it.
func (w *rewriter) fill() {
	w.out = w.next[:0]
	// What is left may be the beginning of a separator or of a comment.
	rest := len(w.in)
	buffer := make([]byte, rest+64<<10)
	copy(buffer, w.in)
	n, err := w.from.Read(buffer[rest:])
	w.in = buffer[:rest+n]
	if err != nil {
		w.eof = err
	}
	for len(w.in) > 0 {
		if w.eof == nil && len(w.in) < max(len(w.comma), len(w.o.Comment), 2) {
			break
		}
		w.in = w.in[w.step():]
	}
	if w.eof != nil {
		if w.state == inside { // an open quote: the scanner says where
			w.out = append(w.out, '"')
			w.out = append(w.out, bytes.ReplaceAll(w.field, []byte(`"`), []byte(`""`))...)
		} else if w.state != ignored && (w.state != start || !w.first) {
			w.endField()
		}
	}
	w.next = w.out
}

// step takes one character, and returns its length.
func (w *rewriter) step() int {
	b := w.in[0]
	if w.state == inside {
		if b == w.quote {
			w.state = after
		} else {
			w.field = append(w.field, b)
		}
		return 1
	}
	if w.state == after && b == w.quote {
		w.field = append(w.field, b)
		w.state = inside
		return 1
	}
	switch {
	case b == '\n' || b == '\r':
		return w.endLine()
	case w.state == ignored:
		return 1
	case w.state == start && w.first && w.o.Comment != "" && bytes.HasPrefix(w.in, []byte(w.o.Comment)):
		w.state = ignored
		return len(w.o.Comment)
	case bytes.HasPrefix(w.in, w.comma):
		w.endField()
		w.out = append(w.out, ',')
		w.state, w.first = start, false
		return len(w.comma)
	case w.state == start && b == w.quote && w.quote != 0:
		w.state, w.quoted = inside, true
		return 1
	case w.state == after && !w.loose:
		// Text after a closing quote: it is kept, so that the scanner refuses it.
		w.out = append(w.out, '"')
		w.out = append(w.out, bytes.ReplaceAll(w.field, []byte(`"`), []byte(`""`))...)
		w.out = append(w.out, '"')
		w.field, w.quoted, w.state = w.field[:0], false, plain
		w.field = append(w.field, b)
		return 1
	}
	w.field = append(w.field, b)
	w.state = plain
	return 1
}

// endLine ends a line, and returns the length of its end.
func (w *rewriter) endLine() int {
	if w.state == ignored {
		w.skip = max(0, w.skip-1)
	} else if w.state != start || !w.first {
		w.endField()
	}
	w.out = append(w.out, '\n')
	w.state, w.first = start, true
	if w.skip > 0 {
		w.state = ignored
	}
	if w.in[0] == '\r' && len(w.in) > 1 && w.in[1] == '\n' {
		return 2
	}
	return 1
}

// endField writes the field that ends here. One with a bare quote that may not
// be there is written as it is, so that the scanner refuses it.
func (w *rewriter) endField() {
	bare := w.quote == '"' && !w.quoted && !w.loose && bytes.IndexByte(w.field, '"') >= 0
	if !bare && (w.quoted || bytes.ContainsAny(w.field, ",\"\r\n")) {
		w.out = append(w.out, '"')
		w.out = append(w.out, bytes.ReplaceAll(w.field, []byte(`"`), []byte(`""`))...)
		w.out = append(w.out, '"')
	} else {
		w.out = append(w.out, w.field...)
	}
	w.field, w.quoted = w.field[:0], false
}
