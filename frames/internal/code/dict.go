package code

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
	"unicode/utf8"

	"gonmf/frames/internal/frame"
)

// Dict gives labels codes of 32 bits, by which columns of labels are held. The
// Code of a small whole number is that number: nothing needs to be looked up for
// it, and such labels are in order from the start. Other labels are counted in
// the order in which they come, and have the codes -1, -2, ...
//
// For those it is a hash table of its own since a file has two labels a row, and
// each miss of the processor's caches counts: a slot holds all of a label of up
// to 16 bytes, which a Go map would look up in a second and a third place.
//
// As more labels come, larger numbers count as small: a label that came before
// that and comes again has two codes then, which [Unite] brings together.
type Dict struct {
	Seen    Bitset // which small numbers have come
	numbers int    // how many of them
	slots   []slot // open addressing, a power of two of them
	placed  int    // slots that are not free
	Names   []string
}

// slot holds one label. Where name is 0 it is free.
type slot struct {
	head, tail uint64
	tag        uint32
	name       int32 // its place among the names, counted from 1
}

// Key is all of a label of up to 16 bytes, and a part of a longer one.
type Key struct {
	head, tail uint64 // the first and the last bytes, which may overlap
	hash       uint64
	tag        uint32 // some bits of the hash, and the length where that is at most 16
	Number     int32  // the whole number that the label is, -1 if it is none or a large one
}

// inline is the longest label that its key holds.
const inline = 16

// errMissing is about a field whose place is yet to be given.
var errMissing = &frame.CellError{Detail: "the label is missing: fill it in, or drop the row", Err: frame.ErrMissing}

// hashSeed differs from run to run, so that nobody can make a file whose
// labels all meet in one slot.
var hashSeed = maphash.MakeSeed()

var hashMix = [2]uint64{maphash.String(hashSeed, "head"), maphash.String(hashSeed, "tail")}

// Key makes k the key of a label. That of a small number is that number alone.
func (d *Dict) Key(k *Key, label []byte) {
	if k.Number = WholeNumber(label); !d.Seen.Holds(k.Number) {
		k.Hashed(label)
	}
}

// WholeNumber returns the number that is written as a label, of at most eight
// digits and without leading zeros, or -1.
func WholeNumber[label string | []byte](l label) int32 {
	if len(l) == 0 || len(l) > 8 || l[0] == '0' && len(l) > 1 {
		return -1
	}
	n := int32(0)
	for i := range len(l) {
		digit := l[i] - '0'
		if digit > 9 {
			return -1
		}
		n = 10*n + int32(digit)
	}
	return n
}

// Hashed makes k the key of a label that is not a small number.
func (k *Key) Hashed(label []byte) {
	n := len(label)
	switch {
	case n >= 8:
		k.head, k.tail = binary.LittleEndian.Uint64(label), binary.LittleEndian.Uint64(label[n-8:])
	case n >= 4:
		k.head, k.tail = uint64(binary.LittleEndian.Uint32(label)), uint64(binary.LittleEndian.Uint32(label[n-4:]))
	case n > 0:
		k.head, k.tail = uint64(label[0])|uint64(label[n/2])<<8|uint64(label[n-1])<<16, 0
	}
	if n > inline {
		k.hash = maphash.Bytes(hashSeed, label)
		k.tag = uint32(k.hash>>32) | 0xff
		return
	}
	k.hash = mix(k.head, k.tail, n)
	k.tag = uint32(k.hash>>32)&^0xff | uint32(n)
}

// mix returns the hash of a label of n bytes that its key holds.
func mix(head, tail uint64, n int) uint64 {
	hi, lo := bits.Mul64(head^hashMix[0], tail^hashMix[1]^uint64(n))
	return hi ^ lo
}

// Code returns the code of a label. Only one that is new allocates.
func (d *Dict) Code(k *Key, label []byte) (int32, error) {
	if d.Seen.Holds(k.Number) {
		d.See(k.Number)
		return k.Number, nil
	}
	if name := d.Find(k, label); name >= 0 {
		return ^name, nil
	}
	if len(label) == 0 {
		return 0, errMissing
	}
	if !utf8.Valid(label) {
		return 0, frame.NotUTF8(label)
	}
	// There may be 16 numbers for each label that has come.
	if k.Number >= 0 && int(k.Number) < 16*(d.numbers+len(d.Names)+4096) {
		d.Seen.Grow(1 << bits.Len(uint(k.Number)))
		d.See(k.Number)
		return k.Number, nil
	}
	return ^d.Add(k, string(label)), nil
}

// Number is code for a label by itself.
func (d *Dict) Number(label []byte) (int32, error) {
	var k Key
	d.Key(&k, label)
	return d.Code(&k, label)
}

// See notes that a small number has come.
func (d *Dict) See(number int32) {
	if !d.Seen.Has(number) {
		d.Seen.Add(number)
		d.numbers++
	}
}

// Touch reads where find will look first. Of many labels that are touched one
// after another and looked up after that, the processor fetches the slots from
// memory together and not one by one.
func (d *Dict) Touch(k *Key) uint32 {
	if d.Seen.Holds(k.Number) || len(d.slots) == 0 {
		return 0
	}
	return d.slots[k.hash&uint64(len(d.slots)-1)].tag
}

// Find returns the place of a label among the names, -1 if it is not there.
func (d *Dict) Find(k *Key, label []byte) int32 {
	if len(d.slots) == 0 {
		return -1
	}
	mask := uint64(len(d.slots) - 1)
	for i := k.hash & mask; ; i = (i + 1) & mask {
		s := &d.slots[i]
		if s.name == 0 {
			return -1
		}
		if s.tag == k.tag && s.head == k.head && s.tail == k.tail && (len(label) <= inline || d.Names[s.name-1] == string(label)) {
			return s.name - 1
		}
	}
}

// Add adds a label that is not there to the names, and returns its place.
func (d *Dict) Add(k *Key, name string) int32 {
	d.Names = append(d.Names, name)
	if 4*(d.placed+1) > 3*len(d.slots) {
		d.grow()
	}
	d.placed++
	d.place(k.hash, slot{k.head, k.tail, k.tag, int32(len(d.Names))})
	return int32(len(d.Names) - 1)
}

// place puts s into the first free slot from where its hash points.
func (d *Dict) place(hash uint64, s slot) {
	mask := uint64(len(d.slots) - 1)
	i := hash & mask
	for d.slots[i].name != 0 {
		i = (i + 1) & mask
	}
	d.slots[i] = s
}

// grow doubles the slots. The old ones go, in order, to the first and
// the second half of the new: two streams that the processor's caches follow.
func (d *Dict) grow() {
	old := d.slots
	d.slots = make([]slot, max(1024, 2*len(old)))
	for _, s := range old {
		switch n := int(s.tag & 0xff); {
		case s.name == 0:
		case n <= inline:
			d.place(mix(s.head, s.tail, n), s)
		default:
			d.place(maphash.String(hashSeed, d.Names[s.name-1]), s)
		}
	}
}

// Unite brings the labels of all dicts together: seen are the small numbers that
// there are, rest are the other labels, and other[d][c] is for name c of dict d
// the code among these.
func Unite(dicts []*Dict) (seen Bitset, other [][]int32, rest []string) {
	for _, d := range dicts {
		seen.AddAll(d.Seen)
	}
	small := func(name string) bool { return seen.Holds(WholeNumber(name)) }
	all := dicts[0]
	if slices.ContainsFunc(all.Names, small) {
		all = &Dict{}
	}
	other = make([][]int32, len(dicts))
	var label []byte
	for n, d := range dicts {
		other[n] = make([]int32, len(d.Names))
		for c, name := range d.Names {
			switch {
			case d == all:
				other[n][c] = ^int32(c)
			case small(name):
				number := WholeNumber(name)
				seen.Add(number)
				other[n][c] = number
			default:
				label = append(label[:0], name...)
				var k Key
				k.Hashed(label)
				at := all.Find(&k, label)
				if at < 0 {
					at = all.Add(&k, name)
				}
				other[n][c] = ^at
			}
		}
	}
	return seen, other, all.Names
}
