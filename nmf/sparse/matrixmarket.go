package sparse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"gonmf/nmf/internal/kind"
	"io"
	"strconv"
)

// ReadMatrixMarket reads a matrix in the Matrix Market exchange format
// (Boisvert, Pozo and Remington 1996, NISTIR 5935), coordinate or array; real,
// integer or pattern, whose entries are ones; general, symmetric or
// skew-symmetric. Entries of one place are summed, as SciPy does. Errors about
// the content wrap [ErrFormat] and name the line.
//
// Memory is in proportion to the input, whatever its header says.
func ReadMatrixMarket(r io.Reader) (*CSR, error) {
	p := &marketReader{in: bufio.NewReaderSize(r, maxLine)}
	if err := p.whole(); err != nil {
		return nil, err
	}
	return FromTriplets(p.rows, p.cols, p.i, p.j, p.v)
}

// ReadMatrixMarketInto is [ReadMatrixMarket] of a matrix that memory does not
// hold: it adds the entries to w, and returns the size with which w is to be
// closed.
func ReadMatrixMarketInto(w *ShardWriter, r io.Reader) (rows, cols int, err error) {
	p := &marketReader{in: bufio.NewReaderSize(r, maxLine), to: w}
	err = p.whole()
	return p.rows, p.cols, err
}

// whole reads all of a file; its error names the line.
func (p *marketReader) whole() error {
	err := p.read()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrFormat):
		return fmt.Errorf("sparse: Matrix Market: line %d: %w", p.line, err)
	default:
		return fmt.Errorf("sparse: Matrix Market: after line %d: %w", p.line, err)
	}
}

// maxLine bounds the length of a line. The format's own bound is 1024.
const maxLine = 1 << 16

// marketReader reads a file line by line.
type marketReader struct {
	in     *bufio.Reader
	line   int
	fields [4][]byte // of the last line

	array, pattern, symmetric, skew bool

	rows, cols int
	entries    int
	to         *ShardWriter // nil: they are kept
	i, j       []int
	v          []float64
}

// next reads the fields of the next line that is neither empty nor a comment.
// They last until the next call. It returns io.EOF at the end.
func (p *marketReader) next() ([][]byte, error) {
	for {
		text, err := p.in.ReadSlice('\n')
		if len(text) == 0 && err != nil {
			return nil, err
		}
		p.line++
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, kind.Errorf(ErrFormat, "longer than %d bytes", maxLine)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(text) > 0 && text[0] == '%' {
			continue
		}
		n := 0
		for text = bytes.TrimSpace(text); len(text) > 0; n++ {
			if n == len(p.fields) {
				return nil, kind.Errorf(ErrFormat, "more than %d fields", n)
			}
			end := bytes.IndexAny(text, " \t")
			if end < 0 {
				end = len(text)
			}
			p.fields[n] = text[:end]
			text = bytes.TrimLeft(text[end:], " \t")
		}
		if n > 0 {
			return p.fields[:n], nil
		}
	}
}

// banner reads the first line.
func (p *marketReader) banner() error {
	text, err := p.in.ReadSlice('\n')
	p.line++
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	f := bytes.Fields(bytes.ToLower(text[:min(len(text), 1024)]))
	if len(f) != 5 || string(f[0]) != "%%matrixmarket" || string(f[1]) != "matrix" {
		return fmt.Errorf(`want "%%%%MatrixMarket matrix" and three words, such as "coordinate real general", got %.60q: %w`, bytes.TrimSpace(text), ErrFormat)
	}
	switch layout := string(f[2]); layout {
	case "coordinate":
	case "array":
		p.array = true
	default:
		return kind.Errorf(ErrFormat, "layout %q: want coordinate or array", layout)
	}
	switch field := string(f[3]); {
	case field == "real", field == "integer", field == "double":
	case field == "pattern" && !p.array:
		p.pattern = true
	default:
		return kind.Errorf(ErrFormat, "entries of type %q in layout %s: want real or integer, or pattern in layout coordinate", field, f[2])
	}
	switch symmetry := string(f[4]); symmetry {
	case "general":
	case "symmetric":
		p.symmetric = true
	case "skew-symmetric":
		p.symmetric, p.skew = true, true
	default:
		return kind.Errorf(ErrFormat, "symmetry %q: want general, symmetric or skew-symmetric", symmetry)
	}
	return nil
}

func (p *marketReader) read() error {
	if err := p.banner(); err != nil {
		return err
	}
	want := 3
	if p.array {
		want = 2
	}
	sizes, err := p.next()
	if errors.Is(err, io.EOF) {
		return kind.Errorf(ErrFormat, "ends before the line of sizes")
	}
	if err != nil {
		return err
	}
	if len(sizes) != want {
		return kind.Errorf(ErrFormat, "%d sizes, want %d", len(sizes), want)
	}
	var size [3]int
	for at, field := range sizes {
		if size[at], err = strconv.Atoi(string(field)); err != nil || size[at] < 0 {
			return kind.Errorf(ErrFormat, "size %q is no number from 0", field)
		}
	}
	p.rows, p.cols = size[0], size[1]
	if p.symmetric && p.rows != p.cols {
		return kind.Errorf(ErrFormat, "a symmetric matrix of %d x %d", p.rows, p.cols)
	}
	if err := checkDims(p.rows, p.cols); err != nil {
		return fmt.Errorf("%w (%w)", ErrFormat, err)
	}
	if p.array {
		err = p.readArray()
	} else {
		err = p.readCoordinates(size[2])
	}
	if err != nil {
		return err
	}
	if _, err := p.next(); err == nil {
		return kind.Errorf(ErrFormat, "goes on after the last entry")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return checkSides(p.rows, p.cols, p.entries)
}

// readCoordinates reads lines of row, column and value, which count from 1.
func (p *marketReader) readCoordinates(entries int) error {
	want := 3
	if p.pattern {
		want = 2
	}
	for e := range entries {
		f, err := p.entry(want, e, entries)
		if err != nil {
			return err
		}
		i, errI := strconv.Atoi(string(f[0]))
		j, errJ := strconv.Atoi(string(f[1]))
		if errI != nil || errJ != nil || i < 1 || i > p.rows || j < 1 || j > p.cols {
			return kind.Errorf(ErrFormat, "place (%.20s,%.20s) is outside a %d x %d matrix, whose rows and columns count from 1", f[0], f[1], p.rows, p.cols)
		}
		v := 1.0
		if !p.pattern {
			if v, err = value(f[2]); err != nil {
				return err
			}
		}
		if p.symmetric && (i < j || p.skew && i == j) {
			return kind.Errorf(ErrFormat, "place (%d,%d) is not below the diagonal, and a symmetric matrix lists the lower triangle only", i, j)
		}
		if err := p.add(i-1, j-1, v); err != nil {
			return err
		}
	}
	return nil
}

// readArray reads the values column by column: of a symmetric matrix those of
// the lower triangle only.
func (p *marketReader) readArray() error {
	entries := p.rows * p.cols
	switch {
	case p.skew:
		entries = p.rows * (p.rows - 1) / 2
	case p.symmetric:
		entries = p.rows * (p.rows + 1) / 2
	}
	if entries <= 0 {
		return nil
	}
	e := 0
	for j := range p.cols {
		first := 0
		switch {
		case p.skew:
			first = j + 1
		case p.symmetric:
			first = j
		}
		for i := first; i < p.rows; i++ {
			f, err := p.entry(1, e, entries)
			if err != nil {
				return err
			}
			v, err := value(f[0])
			if err != nil {
				return err
			}
			if v != 0 {
				if err := p.add(i, j, v); err != nil {
					return err
				}
			}
			e++
		}
	}
	return nil
}

// entry reads the fields of entry e.
func (p *marketReader) entry(fields, e, entries int) ([][]byte, error) {
	f, err := p.next()
	if errors.Is(err, io.EOF) {
		return nil, kind.Errorf(ErrFormat, "ends after %d of %d entries", e, entries)
	}
	if err != nil {
		return nil, err
	}
	if len(f) != fields {
		return nil, kind.Errorf(ErrFormat, "%d fields, want %d", len(f), fields)
	}
	return f, nil
}

func value(field []byte) (float64, error) {
	v, err := strconv.ParseFloat(string(field), 64)
	if err != nil {
		return 0, kind.Errorf(ErrFormat, "%.40q is no number that a float64 can hold", field)
	}
	return v, nil
}

// add takes an entry in, and its mirror image in a symmetric matrix.
func (p *marketReader) add(i, j int, v float64) error {
	if err := p.put(i, j, v); err != nil || !p.symmetric || i == j {
		return err
	}
	if p.skew {
		v = -v
	}
	return p.put(j, i, v)
}

func (p *marketReader) put(i, j int, v float64) error {
	p.entries++
	if p.to != nil {
		return p.to.Add(i, j, v)
	}
	p.i, p.j, p.v = append(p.i, i), append(p.j, j), append(p.v, v)
	return nil
}

// WriteMatrixMarket writes the matrix in the Matrix Market exchange format,
// coordinate real general, row by row. Every value is read back as the same
// float64.
func (m *CSR) WriteMatrixMarket(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, "%%%%MatrixMarket matrix coordinate real general\n%d %d %d\n", m.rows, m.cols, len(m.val))
	var line []byte
	for i := range m.rows {
		idx, val := m.Row(i)
		for p, j := range idx {
			line = strconv.AppendInt(line[:0], int64(i)+1, 10)
			line = append(line, ' ')
			line = strconv.AppendInt(line, int64(j)+1, 10)
			line = append(line, ' ')
			line = strconv.AppendFloat(line, val[p], 'g', -1, 64)
			out.Write(append(line, '\n'))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sparse: write Matrix Market: %w", err)
	}
	return nil
}
