package frames

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"unicode/utf8"
)

// dict gives labels codes of 32 bits, by which columns of labels are held. The
// code of a small whole number is that number: nothing needs to be looked up for
// it, and such labels are in order from the start. Other labels are counted in
// the order in which they come, and have the codes -1, -2, ...
//
// For those it is a hash table of its own since a file has two labels a row, and
// each miss of the processor's caches counts: a slot holds all of a label of up
// to 16 bytes, which a Go map would look up in a second and a third place.
//
// As more labels come, larger numbers count as small: a label that came before
// that and comes again has two codes then, which [newSide] brings together.
type dict struct {
	seen    bitset // which small numbers have come
	numbers int    // how many of them
	slots   []slot // open addressing, a power of two of them
	placed  int    // slots that are not free
	names   []string
}

// slot holds one label. Where name is 0 it is free.
type slot struct {
	head, tail uint64
	tag        uint32
	name       int32 // its place among the names, counted from 1
}

// key is all of a label of up to 16 bytes, and a part of a longer one.
type key struct {
	head, tail uint64 // the first and the last bytes, which may overlap
	hash       uint64
	tag        uint32 // some bits of the hash, and the length where that is at most 16
	number     int32  // the whole number that the label is, -1 if it is none or a large one
}

// inline is the longest label that its key holds.
const inline = 16

// hashSeed differs from run to run, so that nobody can make a file whose
// labels all meet in one slot.
var hashSeed = maphash.MakeSeed()

var hashMix = [2]uint64{maphash.String(hashSeed, "head"), maphash.String(hashSeed, "tail")}

// key makes k the key of a label. That of a small number is that number alone.
func (d *dict) key(k *key, label []byte) {
	if k.number = wholeNumber(label); !d.seen.holds(k.number) {
		k.hashed(label)
	}
}

// wholeNumber returns the number that is written as a label, of at most eight
// digits and without leading zeros, or -1.
func wholeNumber[label string | []byte](l label) int32 {
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

// hashed makes k the key of a label that is not a small number.
func (k *key) hashed(label []byte) {
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

// code returns the code of a label. Only one that is new allocates.
func (d *dict) code(k *key, label []byte) (int32, error) {
	if d.seen.holds(k.number) {
		d.see(k.number)
		return k.number, nil
	}
	if name := d.find(k, label); name >= 0 {
		return ^name, nil
	}
	if len(label) == 0 {
		return 0, errMissingLabel
	}
	if !utf8.Valid(label) {
		return 0, notUTF8(label)
	}
	// There may be 16 numbers for each label that has come.
	if k.number >= 0 && int(k.number) < 16*(d.numbers+len(d.names)+4096) {
		d.seen.grow(1 << bits.Len(uint(k.number)))
		d.see(k.number)
		return k.number, nil
	}
	return ^d.add(k, string(label)), nil
}

// number is code for a label by itself.
func (d *dict) number(label []byte) (int32, error) {
	var k key
	d.key(&k, label)
	return d.code(&k, label)
}

// see notes that a small number has come.
func (d *dict) see(number int32) {
	if !d.seen.has(number) {
		d.seen.add(number)
		d.numbers++
	}
}

// touch reads where find will look first. Of many labels that are touched one
// after another and looked up after that, the processor fetches the slots from
// memory together and not one by one.
func (d *dict) touch(k *key) uint32 {
	if d.seen.holds(k.number) || len(d.slots) == 0 {
		return 0
	}
	return d.slots[k.hash&uint64(len(d.slots)-1)].tag
}

// find returns the place of a label among the names, -1 if it is not there.
func (d *dict) find(k *key, label []byte) int32 {
	if len(d.slots) == 0 {
		return -1
	}
	mask := uint64(len(d.slots) - 1)
	for i := k.hash & mask; ; i = (i + 1) & mask {
		s := &d.slots[i]
		if s.name == 0 {
			return -1
		}
		if s.tag == k.tag && s.head == k.head && s.tail == k.tail && (len(label) <= inline || d.names[s.name-1] == string(label)) {
			return s.name - 1
		}
	}
}

// add adds a label that is not there to the names, and returns its place.
func (d *dict) add(k *key, name string) int32 {
	d.names = append(d.names, name)
	if 4*(d.placed+1) > 3*len(d.slots) {
		d.grow()
	}
	d.placed++
	d.place(k.hash, slot{k.head, k.tail, k.tag, int32(len(d.names))})
	return int32(len(d.names) - 1)
}

// place puts s into the first free slot from where its hash points.
func (d *dict) place(hash uint64, s slot) {
	mask := uint64(len(d.slots) - 1)
	i := hash & mask
	for d.slots[i].name != 0 {
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
		case s.name == 0:
		case n <= inline:
			d.place(mix(s.head, s.tail, n), s)
		default:
			d.place(maphash.String(hashSeed, d.names[s.name-1]), s)
		}
	}
}
