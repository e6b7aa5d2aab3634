package parquet

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/bits"

	"gonmf/frames/internal/cells"
	"gonmf/frames/parquet/internal/encoding"
	"gonmf/frames/parquet/internal/format"
)

// levels says of each value whether it is there.
type levels interface {
	Read(dst []uint32) error
}

// leaf is a chosen column.
type leaf struct {
	name    string
	index   int // among the columns of a row group
	element format.Element
	depth   uint32 // level of a value that is there

	// What makes a cell of a value: of the bits of a number or a truth, or of
	// bytes. One of them is nil.
	number  func(uint64) cells.Cell
	text    func([]byte) cells.Cell
	missing cells.Cell

	codec      format.Codec
	packed     bool          // every page is compressed, whatever it says
	in         *bufio.Reader // of the pages of the row group under way
	end        int64         // bytes of the file from its pages on
	unpack     unpacker
	dictionary []cells.Cell

	left   int64 // values of the page under way
	levels levels
	values decoder
	buf    [batchRows]uint32
}

// begin goes to a row group.
func (l *leaf) begin(r io.ReaderAt, size int64, c *format.Chunk) error {
	start := c.Start()
	switch {
	case c.Elsewhere:
		return errors.New("its values are in another file")
	case start < 4 || start > size:
		return fmt.Errorf("its pages begin at %d of %d", start, size)
	}
	// Where they end the rows say: what the file says of the size of a column
	// is 0 where older writers knew no better.
	section := io.NewSectionReader(r, start, size-start)
	if l.in == nil {
		l.in = bufio.NewReaderSize(section, 8<<10)
	} else {
		l.in.Reset(section)
	}
	l.codec, l.end = c.Codec, size-start
	l.left, l.dictionary = 0, nil
	return nil
}

// read appends n cells, of batchRows at most.
func (l *leaf) read(dst []cells.Cell, n int) ([]cells.Cell, error) {
	for n > 0 {
		if l.left == 0 {
			if err := l.page(); err != nil {
				return nil, err
			}
			continue
		}
		m := int(min(int64(n), l.left))
		start := len(dst)
		dst = dst[:start+m]
		if err := l.fill(dst[start:]); err != nil {
			return nil, err
		}
		l.left -= int64(m)
		n -= m
	}
	return dst, nil
}

// fill reads cells of the page under way.
func (l *leaf) fill(dst []cells.Cell) error {
	if l.levels == nil {
		return l.values.read(dst)
	}
	at := l.buf[:len(dst)]
	if err := l.levels.Read(at); err != nil {
		return err
	}
	there := 0
	for _, level := range at {
		if level == l.depth {
			there++
		}
	}
	// The values are read to the front, and go from the last on to their places.
	if err := l.values.read(dst[:there]); err != nil {
		return err
	}
	if there == len(dst) {
		return nil
	}
	for i := len(dst) - 1; i >= 0; i-- {
		if at[i] == l.depth {
			there--
			dst[i] = dst[there]
		} else {
			dst[i] = l.missing
		}
	}
	return nil
}

// page reads the next page, of values or the dictionary.
func (l *leaf) page() error {
	head, err := format.ReadPage(l.in)
	if err == io.EOF {
		return errors.New("it has fewer values than rows")
	} else if err != nil {
		return err
	}
	if head.Packed < 0 || head.Packed > l.end || head.Unpacked < 0 || head.Values < 0 {
		return fmt.Errorf("a page of %d bytes, %d when unpacked, and %d values", head.Packed, head.Unpacked, head.Values)
	}
	switch head.Type {
	case format.DataPage, format.DataPageV2, format.DictionaryPage:
	default:
		_, err := io.CopyN(io.Discard, l.in, head.Packed)
		return err
	}
	data := make([]byte, head.Packed)
	if _, err := io.ReadFull(l.in, data); err != nil {
		return encoding.ErrShort
	}
	if head.CRC != nil && crc32.ChecksumIEEE(data) != *head.CRC {
		return errors.New("the checksum of a page is not that of its bytes")
	}
	switch head.Type {
	case format.DictionaryPage:
		return l.readDictionary(head, data)
	case format.DataPage:
		return l.dataPage(head, data)
	default:
		return l.dataPageV2(head, data)
	}
}

func (l *leaf) readDictionary(head *format.Page, data []byte) error {
	data, err := l.unpack.unpack(l.codec, data, head.Unpacked)
	if err != nil {
		return err
	}
	values, err := l.plain(data)
	if err != nil {
		return err
	}
	l.dictionary = nil
	for left := head.Values; left > 0; { // it grows with what is there
		var batch [batchRows]cells.Cell
		n := min(left, batchRows)
		if err := values.read(batch[:n]); err != nil {
			return err
		}
		l.dictionary = append(l.dictionary, batch[:n]...)
		left -= n
	}
	return nil
}

func (l *leaf) dataPage(head *format.Page, data []byte) error {
	data, err := l.unpack.unpack(l.codec, data, head.Unpacked)
	if err != nil {
		return err
	}
	l.levels = nil
	if width := bits.Len32(l.depth); width > 0 {
		switch head.Levels {
		case format.RLE:
			var raw []byte
			if raw, data, err = prefixed(data); err != nil {
				return err
			}
			if l.levels, err = encoding.NewRuns(raw, width); err != nil {
				return err
			}
		case format.BitPacked:
			n := (head.Values*int64(width) + 7) / 8
			if n > int64(len(data)) {
				return encoding.ErrShort
			}
			l.levels, data = encoding.NewBitPacked(data[:n], width), data[n:]
		default:
			return fmt.Errorf("levels of encoding %d", head.Levels)
		}
	}
	l.left = head.Values
	l.values, err = l.decoder(head.Encoding, data, head.Values)
	return err
}

func (l *leaf) dataPageV2(head *format.Page, data []byte) error {
	if head.Repetition < 0 || head.Definition < 0 || head.Repetition+head.Definition > int64(len(data)) {
		return encoding.ErrShort
	}
	raw := data[head.Repetition:][:head.Definition]
	data = data[head.Repetition+head.Definition:]
	var err error
	if (!head.Stored || l.packed) && len(data) > 0 {
		if data, err = l.unpack.unpack(l.codec, data, max(0, head.Unpacked-head.Repetition-head.Definition)); err != nil {
			return err
		}
	}
	l.levels = nil
	if width := bits.Len32(l.depth); width > 0 {
		if l.levels, err = encoding.NewRuns(raw, width); err != nil {
			return err
		}
	}
	l.left = head.Values
	l.values, err = l.decoder(head.Encoding, data, head.Values)
	return err
}
