// Package nprand draws the numbers that NumPy's legacy RandomState draws for
// the same integer seed.
//
// The generator is the MT19937 of Matsumoto and Nishimura (1998,
// doi:10.1145/272991.272995). How its bits become doubles, normals and
// permutations is frozen in NumPy (NEP 19), so the stream is a stable contract.
// The package imports the standard library only.
package nprand

import (
	"math"
	"math/bits"
)

const (
	stateLen = 624
	shift    = 397
	matrixA  = 0x9908b0df
	upper    = 0x80000000
	lower    = 0x7fffffff
)

// Source is a stream of random numbers. It is not safe for concurrent use.
type Source struct {
	state [stateLen]uint32
	pos   int

	spare    float64 // second normal of the last pair
	hasSpare bool
}

// New returns the stream of numpy.random.RandomState(seed).
func New(seed uint32) *Source {
	s := &Source{pos: stateLen}
	s.state[0] = seed
	for i := 1; i < stateLen; i++ {
		s.state[i] = 1812433253*(s.state[i-1]^s.state[i-1]>>30) + uint32(i)
	}
	return s
}

// refill makes the next 624 words of the state.
func (s *Source) refill() {
	mix := func(i, next, far int) {
		y := s.state[i]&upper | s.state[next]&lower
		v := s.state[far] ^ y>>1
		if y&1 != 0 {
			v ^= matrixA
		}
		s.state[i] = v
	}
	for i := range stateLen - shift {
		mix(i, i+1, i+shift)
	}
	for i := stateLen - shift; i < stateLen-1; i++ {
		mix(i, i+1, i+shift-stateLen)
	}
	mix(stateLen-1, 0, shift-1)
	s.pos = 0
}

// Uint32 returns the next 32 bits.
func (s *Source) Uint32() uint32 {
	if s.pos == stateLen {
		s.refill()
	}
	y := s.state[s.pos]
	s.pos++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// Float64 returns a number in [0, 1) with 53 random bits, as random_sample.
func (s *Source) Float64() float64 {
	a, b := s.Uint32()>>5, s.Uint32()>>6
	return (float64(a)*67108864 + float64(b)) / 9007199254740992
}

// Normal returns a number from the standard normal distribution, as
// standard_normal: Marsaglia's polar method, the second of a pair kept for
// the next call.
func (s *Source) Normal() float64 {
	if s.hasSpare {
		s.hasSpare = false
		return s.spare
	}
	for {
		x := 2*s.Float64() - 1
		y := 2*s.Float64() - 1
		r := float64(x*x) + float64(y*y)
		if r >= 1 || r == 0 {
			continue
		}
		f := math.Sqrt(-2 * math.Log(r) / r)
		s.spare, s.hasSpare = f*x, true
		return f * y
	}
}

// Perm fills p with a permutation of 0..len(p)-1, as permutation(len(p)).
func (s *Source) Perm(p []int) {
	for i := range p {
		p[i] = i
	}
	for i := len(p) - 1; i > 0; i-- {
		j := s.interval(uint32(i))
		p[i], p[j] = p[j], p[i]
	}
}

// interval returns a number from 0 to max, by masking and rejection.
func (s *Source) interval(max uint32) uint32 {
	mask := uint32(1)<<bits.Len32(max) - 1
	for {
		if v := s.Uint32() & mask; v <= max {
			return v
		}
	}
}
