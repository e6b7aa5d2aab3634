package encoding

import (
	"encoding/binary"
	"fmt"
)

// Delta reads whole numbers that are held as differences, in blocks of parts,
// each part with the number of bits that its largest difference needs. Sums
// wrap around, as those of the writer did.
type Delta struct {
	data  []byte
	parts uint64 // of a block
	per   uint64 // numbers of a part
	left  uint64 // numbers still to come
	value int64
	first bool // value is yet to be handed over

	least  int64  // difference of the block under way
	widths []byte // of its parts to come

	inPart uint64 // numbers to come of the part under way
	width  uint64
	packed []byte
	bit    uint64
}

// NewDelta reads at most so many numbers as most says.
func NewDelta(data []byte, most int64) (*Delta, error) {
	var head [3]uint64 // the size of a block, of how many parts, how many numbers in all
	for i := range head {
		n := 0
		if head[i], n = binary.Uvarint(data); n <= 0 {
			return nil, ErrShort
		}
		data = data[n:]
	}
	first, n := binary.Varint(data)
	switch {
	case n <= 0:
		return nil, ErrShort
	case head[1] == 0 || head[0]%head[1] != 0 || head[0]/head[1] == 0 || head[0]/head[1]%8 != 0 || head[0] > 1<<32:
		return nil, fmt.Errorf("blocks of %d numbers in %d parts", head[0], head[1])
	case head[2] > uint64(most):
		return nil, fmt.Errorf("%d numbers of %d", head[2], most)
	}
	return &Delta{data: data[n:], parts: head[1], per: head[0] / head[1], left: head[2], value: first, first: head[2] > 0}, nil
}

// Left returns the number of numbers to come.
func (d *Delta) Left() int64 { return int64(d.left) }

// Read fills dst.
func (d *Delta) Read(dst []int64) error {
	if uint64(len(dst)) > d.left {
		return ErrShort
	}
	d.left -= uint64(len(dst))
	if d.first && len(dst) > 0 {
		dst[0], d.first, dst = d.value, false, dst[1:]
	}
	for len(dst) > 0 {
		if d.inPart == 0 {
			if err := d.part(); err != nil {
				return err
			}
		}
		n := min(uint64(len(dst)), d.inPart)
		if d.bit+n*d.width > 8*uint64(len(d.packed)) {
			return ErrShort
		}
		mask := ^uint64(0) >> (64 - d.width)
		for i := range dst[:n] {
			difference := window(d.packed, d.bit)
			if s := d.bit % 8; s+d.width > 64 { // its last bits are in a ninth byte
				difference |= uint64(d.packed[d.bit/8+8]) << (64 - s)
			}
			d.value += d.least + int64(difference&mask)
			d.bit += d.width
			dst[i] = d.value
		}
		d.inPart -= n
		dst = dst[n:]
	}
	return nil
}

// part begins the next part, and the next block where there is none.
func (d *Delta) part() error {
	if len(d.widths) == 0 {
		least, n := binary.Varint(d.data)
		if n <= 0 || uint64(len(d.data)-n) < d.parts {
			return ErrShort
		}
		d.least, d.widths, d.data = least, d.data[n:][:d.parts], d.data[n:][d.parts:]
	}
	if d.width, d.widths = uint64(d.widths[0]), d.widths[1:]; d.width > 64 {
		return fmt.Errorf("differences of %d bits", d.width)
	}
	size := min(d.per/8*d.width, uint64(len(d.data))) // the last may be cut off where it is not needed
	d.packed, d.data, d.bit, d.inPart = d.data[:size], d.data[size:], 0, d.per
	return nil
}

// Skip returns what comes after the numbers, which must not have been read.
func (d *Delta) Skip() ([]byte, error) {
	after := *d
	if after.left == 0 {
		return after.data, nil
	}
	for left := after.left - 1; left > 0; { // the first stands in the head
		if err := after.part(); err != nil {
			return nil, err
		}
		left -= min(left, after.per)
	}
	return after.data, nil
}
