package frames

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
)

// dict numbers labels in the order in which they come. It is a hash table of
// its own since a file has two labels a row, and each miss of the processor's
// caches counts: a slot holds all of a label of up to 16 bytes, which a Go map
// would look up in a second and a third place.
//
// Labels that are small whole numbers have a table of their own besides, in
// which their number is their place.
type dict struct {
	slots  []slot // open addressing, a power of two of them
	placed int    // slots that are not free
	names  []string
	small  []int32 // codes of "0", "1", ..., counted from 1; a power of two of them
}

// slot holds one label. Where code is 0 it is free.
type slot struct {
	head, tail uint64
	tag        uint32
	code       int32 // counted from 1
}

// key is all of a label of up to 16 bytes, and a part of a longer one.
type key struct {
	head, tail uint64 // the first and the last bytes, which may overlap
	tag        uint32 // some bits of the hash, and the length where that is at most 16
	hash       uint64
	small      int // the number that the label is, -1 if it is none or a large one
}

// inline is the longest label that its key holds.
const inline = 16

// hashSeed differs from run to run, so that nobody can make a file whose
// labels all meet in one slot.
var hashSeed = maphash.MakeSeed()

var hashMix = [2]uint64{maphash.String(hashSeed, "head"), maphash.String(hashSeed, "tail")}

// key returns the key of a label. That of a number that the table of small
// numbers has is that number alone.
func (d *dict) key(label []byte) key {
	small := smallNumber(label)
	if small >= 0 && small < len(d.small) {
		return key{small: small}
	}
	k := hashed(label)
	k.small = small
	return k
}

// smallNumber returns the number that is written as a label, of at most seven
// digits and without leading zeros, or -1.
func smallNumber(label []byte) int {
	if len(label) == 0 || len(label) > 7 || label[0] == '0' && len(label) > 1 {
		return -1
	}
	n := 0
	for _, c := range label {
		digit := c - '0'
		if digit > 9 {
			return -1
		}
		n = 10*n + int(digit)
	}
	return n
}

// hashed returns the key of a label that the table of small numbers lacks.
func hashed(label []byte) key {
	var k key
	n := len(label)
	switch {
	case n >= 8:
		k.head, k.tail = binary.LittleEndian.Uint64(label), binary.LittleEndian.Uint64(label[n-8:])
	case n >= 4:
		k.head, k.tail = uint64(binary.LittleEndian.Uint32(label)), uint64(binary.LittleEndian.Uint32(label[n-4:]))
	case n > 0:
		k.head = uint64(label[0]) | uint64(label[n/2])<<8 | uint64(label[n-1])<<16
	}
	if n > inline {
		k.hash = maphash.Bytes(hashSeed, label)
		k.tag = uint32(k.hash>>32) | 0xff
		return k
	}
	k.hash = mix(k.head, k.tail, n)
	k.tag = uint32(k.hash>>32)&^0xff | uint32(n)
	return k
}

// mix returns the hash of a label of n bytes that its key holds.
func mix(head, tail uint64, n int) uint64 {
	hi, lo := bits.Mul64(head^hashMix[0], tail^hashMix[1]^uint64(n))
	return hi ^ lo
}

// find returns the number of a label, -1 if it is not there.
func (d *dict) find(k *key, label []byte) int32 {
	if k.small >= 0 && k.small < len(d.small) {
		return d.small[k.small] - 1
	}
	if len(d.slots) == 0 {
		return -1
	}
	mask := uint64(len(d.slots) - 1)
	for i := k.hash & mask; ; i = (i + 1) & mask {
		s := &d.slots[i]
		if s.code == 0 {
			return -1
		}
		if s.tag == k.tag && s.head == k.head && s.tail == k.tail && (len(label) <= inline || d.names[s.code-1] == string(label)) {
			return s.code - 1
		}
	}
}

// touch reads where find will look first. Of many labels that are touched one
// after another and looked up after that, the processor fetches the slots from
// memory together and not one by one.
func (d *dict) touch(k *key) uint32 {
	if k.small >= 0 && k.small < len(d.small) {
		return uint32(d.small[k.small])
	}
	if len(d.slots) == 0 {
		return 0
	}
	return d.slots[k.hash&uint64(len(d.slots)-1)].tag
}

// add numbers a label that is not there yet.
func (d *dict) add(k *key, name string) int32 {
	d.names = append(d.names, name)
	code := int32(len(d.names))
	if k.small >= len(d.small) && k.small < 16*(len(d.names)+4096) {
		d.growSmall(k.small)
	}
	if k.small >= 0 && k.small < len(d.small) {
		d.small[k.small] = code
		return code - 1
	}
	if 4*(d.placed+1) > 3*len(d.slots) {
		d.grow()
	}
	d.placed++
	d.place(k.hash, slot{k.head, k.tail, k.tag, code})
	return code - 1
}

// growSmall makes room for a small number, and takes in the labels that had
// no place there before. Their slots are not looked at any more.
func (d *dict) growSmall(number int) {
	before := len(d.small)
	d.small = append(d.small, make([]int32, 1<<bits.Len(uint(number))-before)...)
	var label []byte
	for c, name := range d.names {
		label = append(label[:0], name...)
		if n := smallNumber(label); n >= before && n < len(d.small) {
			d.small[n] = int32(c) + 1
		}
	}
}

// place puts s into the first free slot from where its hash points.
func (d *dict) place(hash uint64, s slot) {
	mask := uint64(len(d.slots) - 1)
	i := hash & mask
	for d.slots[i].code != 0 {
		i = (i + 1) & mask
	}
	d.slots[i] = s
}

// grow doubles the slots. The old ones go, in order, to the first and
// the second half of the new: two streams that the processor's caches follow.
func (d *dict) grow() {
	old := d.slots
	d.slots = make([]slot, max(1024, 2*len(old)))
	for _, s := range old {
		switch n := int(s.tag & 0xff); {
		case s.code == 0:
		case n <= inline:
			d.place(mix(s.head, s.tail, n), s)
		default:
			d.place(maphash.String(hashSeed, d.names[s.code-1]), s)
		}
	}
}

// unite numbers the labels of all dicts together: codes[d][c] is the number of
// label c of dict d. It takes over the first dict.
func unite(dicts []*dict) (names []string, codes [][]int32) {
	all := dicts[0]
	codes = make([][]int32, len(dicts))
	var label []byte
	for n, d := range dicts {
		codes[n] = make([]int32, len(d.names))
		for c, name := range d.names {
			if n == 0 {
				codes[n][c] = int32(c)
				continue
			}
			label = append(label[:0], name...)
			k := all.key(label)
			code := all.find(&k, label)
			if code < 0 {
				code = all.add(&k, name)
			}
			codes[n][c] = code
		}
	}
	return all.names, codes
}
