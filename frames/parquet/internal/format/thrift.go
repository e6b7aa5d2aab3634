// Package format reads what a Parquet file says of itself: its description, at
// its end, and the head of each page. Both are structures of Thrift in the
// compact protocol, of which this reads what a reader of tables needs.
//
// Nothing is believed: memory is in proportion to the bytes that there are, not
// to the numbers in them.
package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// kind is the type of a field, as the compact protocol numbers them.
type kind byte

const (
	stop kind = iota
	yes
	no
	int8s
	int16s
	int32s
	int64s
	double
	text
	list
	set
	dict
	structure
	uuid
)

// maxDepth is the most structures within structures.
const maxDepth = 32

var errBad = errors.New("its description is not one")

// bytesReader is what is read from.
type bytesReader interface {
	io.Reader
	io.ByteReader
}

// decoder reads values; after an error, which it keeps, all are zero.
type decoder struct {
	r     bytesReader
	depth int
	err   error
}

func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *decoder) byte() byte {
	if d.err != nil {
		return 0
	}
	b, err := d.r.ReadByte()
	if err != nil {
		d.fail(err)
		return 0
	}
	return b
}

func (d *decoder) uvarint() uint64 {
	if d.err != nil {
		return 0
	}
	v, err := binary.ReadUvarint(d.r)
	if err != nil {
		d.fail(err)
		return 0
	}
	return v
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// fields calls field for each field of a structure, which reads its value.
func (d *decoder) fields(k kind, field func(id int, k kind)) {
	if k != structure || d.depth == maxDepth {
		d.fail(errBad)
		return
	}
	d.depth++
	for id := 0; d.err == nil; {
		b := d.byte()
		k := kind(b & 15)
		if d.err != nil || k == stop {
			break
		}
		if step := int(b >> 4); step != 0 {
			id += step
		} else {
			id = int(int16(d.varint()))
		}
		field(id, k)
	}
	d.depth--
}

// list calls element for each element of a list, which reads it.
func (d *decoder) list(k kind, element func(k kind)) {
	if k != list && k != set {
		d.fail(errBad)
		return
	}
	b := d.byte()
	n := uint64(b >> 4)
	if n == 15 {
		n = d.uvarint()
	}
	for ; n > 0 && d.err == nil; n-- {
		element(kind(b & 15))
	}
}

func (d *decoder) int(k kind) int64 {
	switch k {
	case int8s:
		return int64(int8(d.byte()))
	case int16s, int32s, int64s:
		return d.varint()
	}
	d.fail(errBad)
	return 0
}

func (d *decoder) bool(k kind) bool {
	if k != yes && k != no {
		d.fail(errBad)
	}
	return k == yes
}

func (d *decoder) text(k kind) string {
	if k != text {
		d.fail(errBad)
		return ""
	}
	n := d.uvarint()
	if d.err != nil {
		return ""
	}
	var b bytes.Buffer // grows with what is there
	if got, err := io.Copy(&b, io.LimitReader(d.r, int64(min(n, 1<<31)))); err != nil {
		d.fail(err)
	} else if uint64(got) != n {
		d.fail(io.ErrUnexpectedEOF)
	}
	return b.String()
}

// skip reads a value that nobody asks for.
func (d *decoder) skip(k kind) {
	switch k {
	case yes, no:
	case int8s:
		d.byte()
	case int16s, int32s, int64s:
		d.uvarint()
	case double:
		d.discard(8)
	case uuid:
		d.discard(16)
	case text:
		d.discard(d.uvarint())
	case list, set:
		if d.depth++; d.depth > maxDepth {
			d.fail(errBad)
			return
		}
		d.list(k, d.skipElement)
		d.depth--
	case dict:
		if d.depth++; d.depth > maxDepth {
			d.fail(errBad)
			return
		}
		if n := d.uvarint(); n > 0 {
			kinds := d.byte()
			for ; n > 0 && d.err == nil; n-- {
				d.skipElement(kind(kinds >> 4))
				d.skipElement(kind(kinds & 15))
			}
		}
		d.depth--
	case structure:
		d.fields(k, func(_ int, k kind) { d.skip(k) })
	default:
		d.fail(errBad)
	}
}

// skipElement reads an element of a list or a map, where truths are bytes.
func (d *decoder) skipElement(k kind) {
	if k == yes || k == no {
		k = int8s
	}
	d.skip(k)
}

func (d *decoder) discard(n uint64) {
	if d.err != nil {
		return
	}
	if got, err := io.CopyN(io.Discard, d.r, int64(min(n, 1<<31))); err != nil || uint64(got) != n {
		d.fail(io.ErrUnexpectedEOF)
	}
}
