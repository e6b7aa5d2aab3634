package code

import (
	"iter"
	"math/bits"
)

// Bitset is a set of whole numbers from 0 on, below a limit.
type Bitset []uint64

// Limit is the number from which on it holds none.
func (b Bitset) Limit() int { return 64 * len(b) }

// Holds reports whether a number is below the limit, and not negative.
func (b Bitset) Holds(n int32) bool { return uint(n)/64 < uint(len(b)) }

func (b Bitset) Has(n int32) bool { return b[uint(n)/64]>>(uint(n)%64)&1 != 0 }

func (b Bitset) Add(n int32) { b[uint(n)/64] |= 1 << (uint(n) % 64) }

// Grow makes room for the numbers below limit.
func (b *Bitset) Grow(limit int) {
	if words := (limit + 63) / 64; words > len(*b) {
		*b = append(*b, make(Bitset, words-len(*b))...)
	}
}

// AddAll adds those of another set.
func (b *Bitset) AddAll(other Bitset) {
	b.Grow(other.Limit())
	for w, word := range other {
		(*b)[w] |= word
	}
}

// All goes through the numbers in order.
func (b Bitset) All() iter.Seq[int32] {
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
