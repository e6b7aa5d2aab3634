package files

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// lineReader reads lines of fields with tabs between them.
type lineReader struct {
	in     *bufio.Reader
	line   int
	fields []string
	err    error // nil at the end of the file
}

func newLines(r io.Reader) *lineReader { return &lineReader{in: bufio.NewReaderSize(r, 1<<16)} }

// maxLine bounds a line, which may have a number for each of many samples.
const maxLine = 256 << 20

// next reads the next line that is not empty.
func (l *lineReader) next() bool {
	for l.err == nil {
		var whole []byte
		for {
			part, err := l.in.ReadSlice('\n')
			whole = append(whole, part...)
			if errors.Is(err, bufio.ErrBufferFull) && len(whole) < maxLine {
				continue
			}
			if err != nil && err != io.EOF {
				l.err = err
				return false
			}
			if len(whole) == 0 {
				return false
			}
			break
		}
		l.line++
		text := strings.TrimRight(string(whole), "\r\n")
		if text == "" {
			continue
		}
		if !utf8.ValidString(text) {
			l.err = frame.At(frame.NotUTF8(whole), 0, l.line, "")
			return false
		}
		l.fields = strings.Split(text, "\t")
		return true
	}
	return false
}

// readGCT reads a matrix in the format GCT 1.2 or 1.3 (Broad Institute): after
// the version and the sizes, a line of names and lines of values. Rows are
// labelled with the first field, columns with the names of samples; what is
// said of rows and columns beside is left out.
func readGCT(r io.Reader) (*frames.Interactions, error) {
	in := newLines(r)
	bad := func(format string, args ...any) error {
		if in.err != nil {
			return in.err
		}
		return frame.Errorf(frames.ErrFormat, "frames: GCT, line %d: "+format, append([]any{in.line}, args...)...)
	}
	if !in.next() {
		return nil, bad("no version")
	}
	version := in.fields[0]
	if !in.next() {
		return nil, bad("it ends before the sizes")
	}
	sizes := []int{0, 0, 1, 0} // of rows, columns, and what is said of rows and of columns
	for i, field := range in.fields {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if i < len(sizes) && err == nil && n >= 0 && n < 1<<31 {
			sizes[i] = n
		} else if field != "" {
			return nil, bad("size %.20q is no number from 0", field)
		}
	}
	if version == "#1.2" {
		sizes[2], sizes[3] = 1, 0 // the description
	}
	rows, cols, skip := sizes[0], sizes[1], 1+sizes[2]
	if !in.next() {
		return nil, bad("it ends before the names of samples")
	}
	if len(in.fields) != skip+cols {
		return nil, bad("%d fields for %d samples: there should be %d", len(in.fields), cols, skip+cols)
	}
	samples := in.fields[skip:]
	for range sizes[3] {
		if !in.next() {
			return nil, bad("it ends within what is said of samples")
		}
	}
	var names []string
	ptr := []int{0}
	var idx []int32
	var val []float64
	for in.next() {
		if len(in.fields) != skip+cols {
			return nil, bad("%d fields, there should be %d", len(in.fields), skip+cols)
		}
		names = append(names, in.fields[0])
		for j, field := range in.fields[skip:] {
			v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
			cell := func(detail string, kind error) error {
				return frame.At(&frames.CellError{Detail: detail, Err: kind}, len(names), in.line, samples[j])
			}
			switch {
			case v > 0 && err == nil:
				idx, val = append(idx, int32(j)), append(val, v)
			case v == 0 && err == nil:
			case v < 0:
				return nil, cell(strconv.FormatFloat(v, 'g', -1, 64)+" is negative: only numbers of 0 or more can be used", nmf.ErrNegative)
			case strings.TrimSpace(field) == "" || err == nil:
				return nil, cell("the value is missing: fill it in, or leave out the row", frames.ErrMissing)
			default:
				return nil, cell(strconv.Quote(frame.Shorten(field))+" is not a number", frames.ErrNotNumber)
			}
		}
		ptr = append(ptr, len(val))
	}
	if in.err != nil {
		return nil, in.err
	}
	if len(names) != rows {
		return nil, bad("%d rows, where line 2 says %d", len(names), rows)
	}
	x, err := sparse.FromCSR(rows, cols, ptr, idx, val)
	if err != nil {
		return nil, bad("%v", err)
	}
	items, err := frames.NewLabels(unique(names))
	if err != nil {
		return nil, err
	}
	users, err := frames.NewLabels(unique(samples))
	if err != nil {
		return nil, err
	}
	return frames.Label(x, items, users)
}
