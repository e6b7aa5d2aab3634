package frames

import (
	"iter"
	"math/bits"
)

// bitset is a set of whole numbers from 0 on, below a limit.
type bitset []uint64

// limit is the number from which on it holds none.
func (b bitset) limit() int { return 64 * len(b) }

// holds reports whether a number is below the limit, and not negative.
func (b bitset) holds(n int32) bool { return uint(n)/64 < uint(len(b)) }

func (b bitset) has(n int32) bool { return b[uint(n)/64]>>(uint(n)%64)&1 != 0 }

func (b bitset) add(n int32) { b[uint(n)/64] |= 1 << (uint(n) % 64) }

// grow makes room for the numbers below limit.
func (b *bitset) grow(limit int) {
	if words := (limit + 63) / 64; words > len(*b) {
		*b = append(*b, make(bitset, words-len(*b))...)
	}
}

// addAll adds those of another set.
func (b *bitset) addAll(other bitset) {
	b.grow(other.limit())
	for w, word := range other {
		(*b)[w] |= word
	}
}

// all goes through the numbers in order.
func (b bitset) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for w, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(64*w + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
