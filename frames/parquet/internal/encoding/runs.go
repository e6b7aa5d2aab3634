// Package encoding reads the encodings of Parquet's pages, a few values at a
// time: what a damaged page says of itself makes nothing grow.
package encoding

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrShort says that the bytes end before the values do.
var ErrShort = errors.New("it ends too early")

// Runs reads numbers of a fixed number of bits, of which a run is either one
// number repeated or numbers packed side by side (RLE in the format's words).
type Runs struct {
	data  []byte
	width int

	left   uint64 // of the run under way
	value  uint32 // that it repeats
	packed []byte // or its numbers
	bit    uint64 // of the next
}

// NewRuns reads numbers of a width of up to 32 bits.
func NewRuns(data []byte, width int) (*Runs, error) {
	if width < 0 || width > 32 {
		return nil, fmt.Errorf("numbers of %d bits", width)
	}
	return &Runs{data: data, width: width}, nil
}

// Read fills dst.
func (r *Runs) Read(dst []uint32) error {
	for len(dst) > 0 {
		if r.left == 0 {
			if err := r.next(); err != nil {
				return err
			}
			continue
		}
		n := int(min(uint64(len(dst)), r.left))
		if r.packed == nil {
			for i := range dst[:n] {
				dst[i] = r.value
			}
		} else if err := r.unpack(dst[:n]); err != nil {
			return err
		}
		r.left -= uint64(n)
		dst = dst[n:]
	}
	return nil
}

// next begins a run.
func (r *Runs) next() error {
	head, n := binary.Uvarint(r.data)
	if n <= 0 {
		return ErrShort
	}
	r.data = r.data[n:]
	if r.left = head >> 1; head&1 == 0 {
		size := (r.width + 7) / 8
		if len(r.data) < size {
			return ErrShort
		}
		r.value, r.packed = 0, nil
		for i, b := range r.data[:size] {
			r.value |= uint32(b) << (8 * i)
		}
		r.data = r.data[size:]
		return nil
	}
	if r.left >= 1<<56 {
		return fmt.Errorf("%d groups of numbers", r.left)
	}
	size := min(r.left*uint64(r.width), uint64(len(r.data))) // the last group may be cut off where it is not needed
	r.packed, r.bit, r.left = r.data[:size:size], 0, 8*r.left
	r.data = r.data[size:]
	return nil
}

func (r *Runs) unpack(dst []uint32) error {
	width := uint64(r.width)
	if r.bit+uint64(len(dst))*width > 8*uint64(len(r.packed)) {
		return ErrShort
	}
	mask := uint64(1)<<width - 1
	for i := range dst {
		dst[i] = uint32(window(r.packed, r.bit) & mask)
		r.bit += width
	}
	return nil
}

// window returns the bits from one on, 57 of them at least.
func window(data []byte, bit uint64) uint64 {
	at := bit / 8
	if at+8 <= uint64(len(data)) {
		return binary.LittleEndian.Uint64(data[at:]) >> (bit % 8)
	}
	var last [8]byte
	if at < uint64(len(data)) {
		copy(last[:], data[at:])
	}
	return binary.LittleEndian.Uint64(last[:]) >> (bit % 8)
}

// BitPacked is numbers packed from the highest bit on, as older writers have
// levels.
type BitPacked struct {
	data  []byte
	width int
	bit   int
}

// NewBitPacked reads numbers of a width.
func NewBitPacked(data []byte, width int) *BitPacked { return &BitPacked{data: data, width: width} }

// Read fills dst.
func (b *BitPacked) Read(dst []uint32) error {
	for i := range dst {
		dst[i] = 0
		for range b.width {
			if b.bit/8 >= len(b.data) {
				return ErrShort
			}
			dst[i] = dst[i]<<1 | uint32(b.data[b.bit/8]>>(7-b.bit%8)&1)
			b.bit++
		}
	}
	return nil
}
