package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// plainDictionary is what older writers call RLEDictionary.
const plainDictionary format.Encoding = 2

var errShort = errors.New("it ends too early")

// checkData unpacks a page and looks at the numbers in it by which the library
// makes room: how often a value is repeated, and how many there are. Those of a
// damaged page may ask for more memory than any machine has, which ends the
// program. It returns the unpacked page, for its memory.
func checkData(c *pq.Column, head *format.PageHeader, data, into []byte) ([]byte, error) {
	levels, most := []byte(nil), int64(head.DataPageHeader.V.NumValues)
	encoding, packed := head.DataPageHeader.V.Encoding, true
	if v2 := head.DataPageHeaderV2; v2.Valid {
		skip, length := int(v2.V.RepetitionLevelsByteLength), int(v2.V.DefinitionLevelsByteLength)
		if skip < 0 || length < 0 || skip+length > len(data) {
			return into, errShort
		}
		levels, data, most = data[skip:skip+length], data[skip+length:], int64(v2.V.NumValues)
		encoding, packed = v2.V.Encoding, !v2.V.IsCompressed.Valid || v2.V.IsCompressed.V
	}
	if codec := c.Compression(); packed && codec.CompressionCodec() != format.Uncompressed && len(data) > 0 {
		var err error
		if into, err = codec.Decode(into[:cap(into)], data); err != nil {
			return into, err
		}
		data = into
	}
	if c.Optional() {
		if !head.DataPageHeaderV2.Valid {
			var err error
			if levels, data, err = prefixed(data); err != nil {
				return into, err
			}
		}
		if err := checkRuns(levels, 1, most); err != nil {
			return into, err
		}
	}
	switch encoding {
	case plainDictionary, format.RLEDictionary:
		if len(data) > 0 {
			return into, checkRuns(data[1:], int(data[0]), most)
		}
	case format.RLE:
		runs, _, err := prefixed(data)
		if err != nil {
			return into, err
		}
		return into, checkRuns(runs, 1, most)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		_, _, err := deltaHead(data, most)
		return into, err
	case format.DeltaByteArray:
		return into, checkPrefixes(data, most)
	}
	return into, nil
}

// prefixed takes off what comes after its length.
func prefixed(data []byte) (first, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errShort
	}
	n := int64(binary.LittleEndian.Uint32(data))
	if n > int64(len(data)-4) {
		return nil, nil, errShort
	}
	return data[4 : 4+n], data[4+n:], nil
}

// checkRuns counts the values of runs, of which each is a value repeated or
// packed groups of eight. There may be a few more than are meant.
func checkRuns(data []byte, width int, most int64) error {
	const slack = 512
	for total := int64(0); len(data) > 0; {
		u, n := binary.Uvarint(data)
		if n <= 0 {
			return errShort
		}
		count, length := u>>1, uint64(width+7)/8
		if u&1 != 0 {
			if count > uint64(most) { // of groups, so that nothing below overflows
				return fmt.Errorf("%d groups of values of %d", count, most)
			}
			length = count * uint64(width)
			count *= 8
		}
		if count > uint64(most)+slack {
			return fmt.Errorf("a run of %d values of %d", count, most)
		}
		if total += int64(count); total > most+slack {
			return fmt.Errorf("%d values of %d", total, most)
		}
		data = data[n:]
		data = data[min(uint64(len(data)), length):]
	}
	return nil
}

// deltaHead takes off the head of values that are held as differences: the size
// of a block, the number of its parts, and the number of values.
func deltaHead(data []byte, most int64) (head [3]uint64, rest []byte, err error) {
	for i := range head {
		n := 0
		if head[i], n = binary.Uvarint(data); n <= 0 {
			return head, nil, errShort
		}
		data = data[n:]
	}
	if head[2] > uint64(most) || head[0] > 1<<24 || head[1] > head[0] {
		return head, nil, fmt.Errorf("%d values of %d in blocks of %d and parts of %d", head[2], most, head[0], head[1])
	}
	return head, data, nil
}

// lengths reads lengths of texts that are held as differences.
func lengths(data []byte, most int64) (values []int64, rest []byte, err error) {
	head, data, err := deltaHead(data, most)
	if err != nil {
		return nil, nil, err
	}
	value, n := binary.Varint(data)
	if n <= 0 || head[1] == 0 {
		return nil, nil, errShort
	}
	data = data[n:]
	part := head[0] / head[1]
	for left := head[2]; left > 0; {
		if len(values) == 0 { // the first stands in the head
			values, left = append(values, value), left-1
			continue
		}
		least, n := binary.Varint(data)
		if n <= 0 || uint64(len(data)-n) < head[1] {
			return nil, nil, errShort
		}
		widths := data[n:][:head[1]]
		data = data[n+len(widths):]
		for _, width := range widths {
			if width > 32 {
				return nil, nil, fmt.Errorf("lengths of %d bits", width)
			}
			packed := data[:min(part*uint64(width)/8, uint64(len(data)))]
			data = data[len(packed):]
			for i := range min(part, left) {
				var window [8]byte
				bit := i * uint64(width)
				copy(window[:], packed[min(bit/8, uint64(len(packed))):])
				difference := binary.LittleEndian.Uint64(window[:]) >> (bit % 8) & (1<<width - 1)
				value = int64(int32(value + least + int64(difference)))
				values = append(values, value)
			}
			left -= min(part, left)
			if left == 0 {
				break // of the parts that follow there is nothing
			}
		}
	}
	return values, data, nil
}

// checkPrefixes adds up texts of which only what differs from the one before is
// held: the library makes room for the sum of what their lengths say.
func checkPrefixes(data []byte, most int64) error {
	prefixes, data, err := lengths(data, most)
	if err != nil {
		return err
	}
	suffixes, data, err := lengths(data, most)
	if err != nil {
		return err
	}
	if len(prefixes) != len(suffixes) {
		return fmt.Errorf("%d beginnings and %d ends of texts", len(prefixes), len(suffixes))
	}
	var before, held, total int64
	for i, suffix := range suffixes {
		if prefixes[i] < 0 || prefixes[i] > before || suffix < 0 {
			return fmt.Errorf("a text of %d bytes that begins with %d bytes of one of %d", prefixes[i]+suffix, prefixes[i], before)
		}
		before = prefixes[i] + suffix
		held, total = held+suffix, total+before
	}
	if held > int64(len(data)) || total > math.MaxInt32 {
		return fmt.Errorf("texts of %d bytes, %d of them held in %d", total, held, len(data))
	}
	return nil
}
