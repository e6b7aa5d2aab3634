package parquet

import (
	"encoding/binary"
	"fmt"
	"math"

	"gonmf/frames/internal/cells"
	"gonmf/frames/parquet/internal/encoding"
	"gonmf/frames/parquet/internal/format"
)

// decoder reads the values of a page that are there.
type decoder interface {
	read(dst []cells.Cell) error // fills dst
}

// decoder returns what reads the values of a page.
func (l *leaf) decoder(how format.Encoding, data []byte, values int64) (decoder, error) {
	if len(data) == 0 && how != format.PlainValues { // of a page where all is null
		return nothing{}, nil
	}
	switch how {
	case format.PlainValues:
		return l.plain(data)
	case format.PlainDictionary, format.RLEDictionary:
		runs, err := encoding.NewRuns(data[1:], int(data[0]))
		return &entries{runs: runs, dictionary: l.dictionary}, err
	case format.RLE:
		if l.element.Type == format.Boolean {
			bits, _, err := prefixed(data)
			if err != nil {
				return nil, err
			}
			runs, err := encoding.NewRuns(bits, 1)
			return &truths{runs: runs, of: l.number}, err
		}
	case format.DeltaBinaryPacked:
		if l.number != nil && l.element.Type != format.Boolean {
			numbers, err := encoding.NewDelta(data, values)
			return &deltas{numbers: numbers, of: l.number, narrow: l.element.Type == format.Int32}, err
		}
	case format.DeltaLengthByteArray:
		if l.element.Type == format.ByteArray {
			lengths, err := encoding.NewDelta(data, values)
			if err != nil {
				return nil, err
			}
			rest, err := lengths.Skip()
			return &texts{lengths: lengths, data: rest, of: l.text}, err
		}
	case format.DeltaByteArray:
		if l.text != nil {
			return l.prefixes(data, values)
		}
	case format.ByteStreamSplit:
		if width := l.width(); width > 0 {
			return &split{data: data, width: width, stride: len(data) / width, number: l.number, text: l.text}, nil
		}
	}
	return nil, fmt.Errorf("encoding %d of %v", how, l.element.Type)
}

// width returns the number of bytes of a value, 0 where they differ.
func (l *leaf) width() int {
	switch l.element.Type {
	case format.Int32, format.Float:
		return 4
	case format.Int64, format.Double:
		return 8
	case format.Int96:
		return 12
	case format.FixedLenByteArray:
		return l.element.Length
	}
	return 0
}

func (l *leaf) plain(data []byte) (decoder, error) {
	switch l.element.Type {
	case format.Boolean:
		return &packedTruths{data: data, of: l.number}, nil
	case format.ByteArray:
		return &prefixedTexts{data: data, of: l.text}, nil
	}
	width := l.width()
	if width == 0 {
		return nil, fmt.Errorf("%v of %d bytes", l.element.Type, l.element.Length)
	}
	return &fixed{data: data, width: width, number: l.number, text: l.text}, nil
}

// prefixed takes off what comes after its length.
func prefixed(data []byte) (first, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, encoding.ErrShort
	}
	n := int64(binary.LittleEndian.Uint32(data))
	if n > int64(len(data)-4) {
		return nil, nil, encoding.ErrShort
	}
	return data[4 : 4+n], data[4+n:], nil
}

// nothing is a page without a value.
type nothing struct{}

func (nothing) read(dst []cells.Cell) error {
	if len(dst) > 0 {
		return encoding.ErrShort
	}
	return nil
}

// fixed is values of so many bytes each.
type fixed struct {
	data   []byte
	width  int
	number func(uint64) cells.Cell
	text   func([]byte) cells.Cell
}

func (f *fixed) read(dst []cells.Cell) error {
	if len(f.data)/f.width < len(dst) {
		return encoding.ErrShort
	}
	switch {
	case f.number == nil:
		for i := range dst {
			dst[i] = f.text(f.data[i*f.width:][:f.width:f.width])
		}
	case f.width == 4:
		for i := range dst {
			dst[i] = f.number(uint64(binary.LittleEndian.Uint32(f.data[4*i:])))
		}
	default:
		for i := range dst {
			dst[i] = f.number(binary.LittleEndian.Uint64(f.data[8*i:]))
		}
	}
	f.data = f.data[len(dst)*f.width:]
	return nil
}

// prefixedTexts is texts, each after its length.
type prefixedTexts struct {
	data []byte
	of   func([]byte) cells.Cell
}

func (s *prefixedTexts) read(dst []cells.Cell) error {
	for i := range dst {
		value, rest, err := prefixed(s.data)
		if err != nil {
			return err
		}
		dst[i], s.data = s.of(value), rest
	}
	return nil
}

// packedTruths is truths of a bit each.
type packedTruths struct {
	data []byte
	at   int
	of   func(uint64) cells.Cell
}

func (b *packedTruths) read(dst []cells.Cell) error {
	if 8*len(b.data)-b.at < len(dst) {
		return encoding.ErrShort
	}
	for i := range dst {
		dst[i] = b.of(uint64(b.data[b.at/8] >> (b.at % 8) & 1))
		b.at++
	}
	return nil
}

// truths is truths in runs.
type truths struct {
	runs *encoding.Runs
	of   func(uint64) cells.Cell
	buf  [batchRows]uint32
}

func (t *truths) read(dst []cells.Cell) error {
	buf := t.buf[:len(dst)]
	if err := t.runs.Read(buf); err != nil {
		return err
	}
	for i, v := range buf {
		dst[i] = t.of(uint64(v))
	}
	return nil
}

// entries is places in a dictionary.
type entries struct {
	runs       *encoding.Runs
	dictionary []cells.Cell
	buf        [batchRows]uint32
}

func (e *entries) read(dst []cells.Cell) error {
	buf := e.buf[:len(dst)]
	if err := e.runs.Read(buf); err != nil {
		return err
	}
	for i, at := range buf {
		if uint64(at) >= uint64(len(e.dictionary)) {
			return fmt.Errorf("entry %d of a dictionary of %d", at, len(e.dictionary))
		}
		dst[i] = e.dictionary[at]
	}
	return nil
}

// deltas is numbers held as differences.
type deltas struct {
	numbers *encoding.Delta
	of      func(uint64) cells.Cell
	narrow  bool
	buf     [batchRows]int64
}

func (d *deltas) read(dst []cells.Cell) error {
	buf := d.buf[:len(dst)]
	if err := d.numbers.Read(buf); err != nil {
		return err
	}
	for i, v := range buf {
		if d.narrow {
			v = int64(uint32(v))
		}
		dst[i] = d.of(uint64(v))
	}
	return nil
}

// texts is texts after the lengths of all.
type texts struct {
	lengths *encoding.Delta
	data    []byte
	of      func([]byte) cells.Cell
	buf     [batchRows]int64
}

func (t *texts) read(dst []cells.Cell) error {
	buf := t.buf[:len(dst)]
	if err := t.lengths.Read(buf); err != nil {
		return err
	}
	for i, n := range buf {
		if n < 0 || n > int64(len(t.data)) {
			return fmt.Errorf("a text of %d bytes in %d", n, len(t.data))
		}
		dst[i], t.data = t.of(t.data[:n:n]), t.data[n:]
	}
	return nil
}

// maxTexts bounds the bytes of the texts of a page that share beginnings, which
// may be many more than those of the page.
const maxTexts = math.MaxInt32

// sharing is texts of which only what differs from the one before is held.
type sharing struct {
	prefixes, suffixes *encoding.Delta
	data               []byte
	of                 func([]byte) cells.Cell
	before             []byte
	total              int64
	buf, ends          [batchRows]int64
}

func (l *leaf) prefixes(data []byte, values int64) (decoder, error) {
	prefixes, err := encoding.NewDelta(data, values)
	if err != nil {
		return nil, err
	}
	if data, err = prefixes.Skip(); err != nil {
		return nil, err
	}
	suffixes, err := encoding.NewDelta(data, values)
	if err != nil {
		return nil, err
	}
	if data, err = suffixes.Skip(); err != nil {
		return nil, err
	}
	if prefixes.Left() != suffixes.Left() {
		return nil, fmt.Errorf("%d beginnings and %d ends of texts", prefixes.Left(), suffixes.Left())
	}
	return &sharing{prefixes: prefixes, suffixes: suffixes, data: data, of: l.text}, nil
}

func (s *sharing) read(dst []cells.Cell) error {
	begin, end := s.buf[:len(dst)], s.ends[:len(dst)]
	if err := s.prefixes.Read(begin); err != nil {
		return err
	}
	if err := s.suffixes.Read(end); err != nil {
		return err
	}
	size := int64(0)
	last := int64(len(s.before))
	held := int64(len(s.data))
	for i, n := range begin {
		if n < 0 || n > last || end[i] < 0 || end[i] > held {
			return fmt.Errorf("a text that begins with %d bytes of one of %d, and %d of %d", n, last, end[i], held)
		}
		last, held = n+end[i], held-end[i]
		size += last
	}
	if s.total += size; s.total > maxTexts {
		return fmt.Errorf("texts of more than %d bytes", maxTexts)
	}
	room := make([]byte, 0, size)
	for i, n := range begin {
		start := len(room)
		room = append(room, s.before[:n]...)
		room = append(room, s.data[:end[i]]...)
		s.data = s.data[end[i]:]
		s.before = room[start:len(room):len(room)]
		dst[i] = s.of(s.before)
	}
	return nil
}

// split is values whose first bytes come first, then their second bytes, ...
type split struct {
	data          []byte
	width, stride int
	at            int
	number        func(uint64) cells.Cell
	text          func([]byte) cells.Cell
}

func (s *split) read(dst []cells.Cell) error {
	if s.stride-s.at < len(dst) {
		return encoding.ErrShort
	}
	for i := range dst {
		if s.number == nil {
			b := make([]byte, s.width)
			for k := range b {
				b[k] = s.data[k*s.stride+s.at]
			}
			dst[i] = s.text(b)
		} else {
			v := uint64(0)
			for k := range s.width {
				v |= uint64(s.data[k*s.stride+s.at]) << (8 * k)
			}
			dst[i] = s.number(v)
		}
		s.at++
	}
	return nil
}
