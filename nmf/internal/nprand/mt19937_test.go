package nprand

import (
	"math"
	"slices"
	"testing"
)

// What numpy.random.RandomState answers (NumPy 2.4, and every other version).

func TestSourceIsNumPys(t *testing.T) {
	for _, c := range []struct {
		seed    uint32
		normals []float64 // standard_normal(5)
		floats  []float64 // then random_sample(3)
		more    []float64 // then standard_normal(2), the first of which was kept
	}{
		{
			0,
			[]float64{1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458, 1.8675579901499675},
			[]float64{0.4375872112626925, 0.8917730007820798, 0.9636627605010293},
			[]float64{-0.977277879876411, 1.2661185298577784},
		},
		{
			1,
			[]float64{1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705, 0.8654076293246785},
			[]float64{0.4191945144032948, 0.6852195003967595, 0.20445224973151743},
			[]float64{-2.3015386968802827, -0.8599066067340536},
		},
		{
			42,
			[]float64{0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254, -0.23415337472333597},
			[]float64{0.05808361216819946, 0.8661761457749352, 0.6011150117432088},
			[]float64{-0.23413695694918055, -0.580878134023515},
		},
		{
			math.MaxUint32,
			[]float64{0.6484086742306527, 0.6693235306338161, -1.0805437227474493, 0.2845010447986309, 0.11388773652167104},
			[]float64{0.9845555560357949, 0.4142464457254096, 0.32420043998445336},
			[]float64{0.8676218937929382, -1.4568655509538075},
		},
	} {
		s := New(c.seed)
		// Logarithms differ by a last digit between C libraries.
		normal := func(want float64) {
			if got := s.Normal(); math.Abs(got-want) > 4e-16*math.Abs(want) {
				t.Errorf("seed %d: normal %v, want %v", c.seed, got, want)
			}
		}
		for _, want := range c.normals {
			normal(want)
		}
		for _, want := range c.floats {
			if got := s.Float64(); got != want {
				t.Errorf("seed %d: float %v, want %v", c.seed, got, want)
			}
		}
		for _, want := range c.more {
			normal(want)
		}
	}
}

func TestLongStreamsAreNumPys(t *testing.T) {
	s, last := New(0), 0.0
	sum := 0.0
	for range 1000000 {
		last = s.Normal()
		sum += last
	}
	if math.Abs(last-1.37183066026284) > 1e-15 || math.Abs(sum-1512.1465155362314) > 1e-8 {
		t.Errorf("a million normals end with %v and sum to %v", last, sum)
	}
	s = New(0)
	for range 1000000 {
		last = s.Float64()
	}
	if last != 0.9086058839973405 {
		t.Errorf("a million floats end with %v", last)
	}
}

func TestPermIsNumPys(t *testing.T) {
	for _, c := range []struct {
		seed          uint32
		first, second []int
		then          float64 // random_sample()
	}{
		{0, []int{6, 2, 1, 7, 3, 0, 5, 4}, []int{1, 6, 3, 7, 0, 4, 2, 5}, 0.47766511732134986},
		{7, []int{8, 5, 0, 2, 1, 10, 7, 3, 6, 9, 4}, []int{1, 3, 2, 5, 9, 0, 4, 6, 7, 8, 10}, 0.9095935277196137},
		{42, []int{0}, []int{0}, 0.3745401188473625},
		{
			3,
			[]int{14, 2, 1, 17, 4, 16, 6, 7, 15, 12, 9, 11, 19, 18, 13, 5, 0, 8, 3, 10},
			[]int{4, 9, 7, 6, 19, 0, 16, 11, 13, 8, 5, 10, 3, 1, 12, 15, 18, 2, 17, 14},
			0.5446490180318447,
		},
	} {
		s, p := New(c.seed), make([]int, len(c.first))
		for _, want := range [][]int{c.first, c.second} {
			if s.Perm(p); !slices.Equal(p, want) {
				t.Errorf("seed %d: %v, want %v", c.seed, p, want)
			}
		}
		if got := s.Float64(); got != c.then {
			t.Errorf("seed %d: then %v, want %v", c.seed, got, c.then)
		}
	}
	s, p := New(1), make([]int, 100000)
	s.Perm(p)
	if !slices.Equal(p[:5], []int{43660, 87278, 14317, 81932, 95321}) {
		t.Errorf("a long permutation starts with %v", p[:5])
	}
	if s.Perm(p); !slices.Equal(p[len(p)-3:], []int{15888, 7968, 62341}) {
		t.Errorf("the next one ends with %v", p[len(p)-3:])
	}
}

// The reference implementation's own output for its default seed.
func TestUint32IsMT19937(t *testing.T) {
	s := New(5489)
	for i, want := range []uint32{3499211612, 581869302, 3890346734} {
		if got := s.Uint32(); got != want {
			t.Errorf("output %d is %d, want %d", i, got, want)
		}
	}
	for range 9996 {
		s.Uint32()
	}
	// The C++ standard asks for the ten thousandth (rand.predef).
	if got := s.Uint32(); got != 4123659995 {
		t.Errorf("output 10000 is %d, want 4123659995", got)
	}
}
