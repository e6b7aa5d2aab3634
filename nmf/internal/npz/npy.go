package npz

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrFormat is what every error about a file's content wraps.
var ErrFormat = errors.New("not a readable .npz file")

// Array is one array of a file, in row-major order. Exactly one of Floats,
// Ints and Texts, or of one that is written Stream, is not nil: floating-point types become float64, integers
// and booleans int64, text of either kind string.
type Array struct {
	Name   string
	Shape  []int // empty for a scalar
	Floats []float64
	Ints   []int64
	Texts  []string
	Bytes  bool // write Texts as bytes (S), not as Unicode (U)

	// Stream puts the floats, one after the other, where they are not to be in
	// memory once more.
	Stream func(put func(v float64))
}

const magic = "\x93NUMPY"

// encode writes the array in version 1.0 of the .npy format.
func (a *Array) encode(w io.Writer) error {
	descr, width := "<f8", 0
	switch {
	case a.Ints != nil:
		descr = "<i8"
	case a.Texts != nil:
		for _, s := range a.Texts {
			if a.Bytes {
				width = max(width, len(s))
			} else {
				width = max(width, utf8.RuneCountInString(s))
			}
		}
		width = max(width, 1)
		descr = "<U" + strconv.Itoa(width)
		if a.Bytes {
			descr = "|S" + strconv.Itoa(width)
		}
	}
	shape := "("
	for _, d := range a.Shape {
		shape += strconv.Itoa(d) + ", "
	}
	shape = strings.TrimSuffix(shape, " ") + ")"
	if len(a.Shape) > 1 {
		shape = strings.TrimSuffix(shape, ",)") + ")"
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	// The data start at a multiple of 64 bytes.
	pad := 64 - (len(magic)+4+len(header)+1)%64
	header += strings.Repeat(" ", pad%64) + "\n"

	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString(magic + "\x01\x00")
	var b [8]byte
	binary.LittleEndian.PutUint16(b[:], uint16(len(header)))
	out.Write(b[:2])
	out.WriteString(header)
	put := func(v float64) {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
		out.Write(b[:])
	}
	for _, v := range a.Floats {
		put(v)
	}
	if a.Stream != nil {
		a.Stream(put)
	}
	for _, v := range a.Ints {
		binary.LittleEndian.PutUint64(b[:], uint64(v))
		out.Write(b[:])
	}
	for _, s := range a.Texts {
		if a.Bytes {
			out.WriteString(s + strings.Repeat("\x00", width-len(s)))
			continue
		}
		n := 0
		for _, r := range s {
			binary.LittleEndian.PutUint32(b[:], uint32(r))
			out.Write(b[:4])
			n++
		}
		out.WriteString(strings.Repeat("\x00", 4*(width-n)))
	}
	return out.Flush()
}

// The header is the text of a Python dictionary with these three entries.
var (
	descrField   = regexp.MustCompile(`'descr'\s*:\s*'([<>|=])([a-zA-Z])(\d+)'`)
	objectField  = regexp.MustCompile(`'descr'\s*:\s*(\[|'\|?O)`)
	fortranField = regexp.MustCompile(`'fortran_order'\s*:\s*(True|False)`)
	shapeField   = regexp.MustCompile(`'shape'\s*:\s*\(([^)]*)\)`)
)

// header is what the head of a .npy file says.
type header struct {
	order   binary.ByteOrder
	kind    byte // as NumPy's dtype.kind: f i u b U S
	size    int  // bytes an element
	fortran bool
	shape   []int
}

func readHeader(r io.Reader) (*header, error) {
	var start [12]byte
	if _, err := io.ReadFull(r, start[:10]); err != nil || string(start[:6]) != magic {
		return nil, fmt.Errorf("no .npy array: %w", ErrFormat)
	}
	size := int(binary.LittleEndian.Uint16(start[8:]))
	if version := start[6]; version > 1 {
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return nil, err
		}
		size = int(binary.LittleEndian.Uint32(start[8:]))
	}
	const longest = 1 << 20
	if size > longest {
		return nil, fmt.Errorf("a header of %d bytes: %w", size, ErrFormat)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, err
	}
	if objectField.Match(text) {
		return nil, fmt.Errorf("an array of pickled objects or records, which are not read: %w", ErrFormat)
	}
	descr, fortran, shape := descrField.FindSubmatch(text), fortranField.FindSubmatch(text), shapeField.FindSubmatch(text)
	if descr == nil || fortran == nil || shape == nil {
		return nil, fmt.Errorf("header %.80q: %w", text, ErrFormat)
	}
	h := &header{order: binary.LittleEndian, kind: descr[2][0], fortran: string(fortran[1]) == "True"}
	if descr[1][0] == '>' {
		h.order = binary.BigEndian
	}
	var err error
	if h.size, err = strconv.Atoi(string(descr[3])); err != nil || h.size > longest {
		return nil, fmt.Errorf("element type %q: %w", descr[0], ErrFormat)
	}
	if h.kind == 'U' {
		h.size *= 4
	}
	for _, d := range strings.Split(string(shape[1]), ",") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		n, err := strconv.Atoi(d)
		if err != nil {
			return nil, fmt.Errorf("shape (%s): %w", shape[1], ErrFormat)
		}
		h.shape = append(h.shape, n)
	}
	return h, nil
}

// decode reads one .npy file, which takes so many bytes where it is stored.
func decode(r io.Reader, stored int) (*Array, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	h, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	n, err := count(h.shape)
	if err != nil {
		return nil, err
	}
	a := &Array{Shape: h.shape}
	// Room is made in proportion to what is really there: for all of what is
	// not compressed.
	add, err := h.adder(a, min(n, 4*(stored/max(h.size, 1))))
	if err != nil {
		return nil, err
	}
	elem := make([]byte, h.size)
	for i := range n {
		if _, err := io.ReadFull(in, elem); err != nil {
			return nil, fmt.Errorf("ends after %d of %d elements: %w", i, n, ErrFormat)
		}
		if err := add(elem); err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		if h.size == 0 {
			return nil, fmt.Errorf("elements of no size: %w", ErrFormat)
		}
	}
	// Reading on to the end is what makes the archive check its sum.
	if rest, err := io.Copy(io.Discard, io.LimitReader(in, 1)); err != nil {
		return nil, err
	} else if rest > 0 {
		return nil, fmt.Errorf("goes on after %d elements: %w", n, ErrFormat)
	}
	if h.fortran && len(h.shape) > 1 {
		if len(h.shape) != 2 || a.Texts != nil {
			return nil, fmt.Errorf("column-major order with shape %v: %w", h.shape, ErrFormat)
		}
		a.Floats, a.Ints = transpose(a.Floats, h.shape), transpose(a.Ints, h.shape)
	}
	return a, nil
}

// adder returns what appends one element to a, with room for so many.
func (h *header) adder(a *Array, room int) (func([]byte) error, error) {
	o := h.order
	word := map[int]func(b []byte) uint64{
		1: func(b []byte) uint64 { return uint64(b[0]) },
		2: func(b []byte) uint64 { return uint64(o.Uint16(b)) },
		4: func(b []byte) uint64 { return uint64(o.Uint32(b)) },
		8: func(b []byte) uint64 { return o.Uint64(b) },
	}[h.size]
	unknown := fmt.Errorf("elements of type %c and %d bytes, which are not read: %w", h.kind, h.size, ErrFormat)
	switch h.kind {
	case 'f':
		a.Floats = make([]float64, 0, room)
		switch h.size {
		case 8:
			return func(b []byte) error { a.Floats = append(a.Floats, math.Float64frombits(word(b))); return nil }, nil
		case 4:
			return func(b []byte) error {
				a.Floats = append(a.Floats, float64(math.Float32frombits(uint32(word(b)))))
				return nil
			}, nil
		}
	case 'i', 'u', 'b':
		if word == nil {
			return nil, unknown
		}
		a.Ints = make([]int64, 0, room)
		shift := 0
		if h.kind == 'i' {
			shift = 64 - 8*h.size // extends the sign
		}
		return func(b []byte) error {
			v := int64(word(b)<<shift) >> shift
			if h.kind == 'u' && v < 0 {
				return fmt.Errorf("%d does not fit 63 bits: %w", uint64(v), ErrFormat)
			}
			a.Ints = append(a.Ints, v)
			return nil
		}, nil
	case 'U':
		a.Texts = []string{}
		return func(b []byte) error {
			var s strings.Builder
			for ; len(b) > 0; b = b[4:] {
				if c := o.Uint32(b); c != 0 {
					s.WriteRune(rune(c))
				}
			}
			a.Texts = append(a.Texts, s.String())
			return nil
		}, nil
	case 'S':
		a.Texts, a.Bytes = []string{}, true
		return func(b []byte) error {
			a.Texts = append(a.Texts, strings.TrimRight(string(b), "\x00"))
			return nil
		}, nil
	}
	return nil, unknown
}

// transpose turns column-major order into row-major order.
func transpose[T any](a []T, shape []int) []T {
	if a == nil {
		return nil
	}
	out := make([]T, len(a))
	for i := range shape[0] {
		for j := range shape[1] {
			out[i*shape[1]+j] = a[j*shape[0]+i]
		}
	}
	return out
}

// count returns the number of elements of a shape.
func count(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 || d != 0 && n > math.MaxInt/d {
			return 0, fmt.Errorf("shape %v: %w", shape, ErrFormat)
		}
		n *= d
	}
	return n, nil
}
