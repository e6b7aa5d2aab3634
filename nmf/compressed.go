package nmf

import (
	"sort"

	"gonmf/nmf/internal/csr"
	"gonmf/nmf/internal/kern"
)

// compressed is the arrays of a [sparse.CSR]: row i has the entries ptr[i] to
// ptr[i+1]-1. For single precision to take half the memory of double, it reads
// the rows of X as they were given and transposes them into columns of 16 bits
// where those suffice; what is stored so is for [compressed.read].
type compressed[T kern.Float] struct {
	ptr  []int
	idx  []int32  // the columns, unless near has them
	near []uint16 // nil for double precision
	val  []T      // the values, unless wide has them
	wide []float64
}

// mostNear is the number of columns that near has the numbers of.
const mostNear = 1 << 16

// pieceLen is how many entries are read at once: few enough for first-level
// cache.
const pieceLen = 256

// piece is where [compressed.read] puts what is not stored as kernels take it.
type piece[T kern.Float] struct {
	idx [pieceLen]int32
	val [pieceLen]T
}

// read returns the columns and values of entries from from on, at most to
// to-1: all of them, or as many as s has room for. They are good until the
// next read.
func (c *compressed[T]) read(from, to int, s *piece[T]) (idx []int32, val []T) {
	if c.near == nil && c.wide == nil {
		return c.idx[from:to:to], c.val[from:to:to]
	}
	to = min(to, from+pieceLen)
	if c.near == nil {
		idx = c.idx[from:to:to]
	} else {
		idx = s.idx[:to-from]
		for p, j := range c.near[from:to] {
			idx[p] = int32(j)
		}
	}
	if c.wide == nil {
		val = c.val[from:to:to]
	} else {
		val = s.val[:to-from]
		for p, v := range c.wide[from:to] {
			val[p] = T(v)
		}
	}
	return idx, val
}

// at returns the column and the value of an entry.
func (c *compressed[T]) at(p int) (j int, v T) {
	if c.wide != nil {
		v = T(c.wide[p])
	} else {
		v = c.val[p]
	}
	return c.column(p), v
}

func (c *compressed[T]) column(p int) int {
	if c.near != nil {
		return int(c.near[p])
	}
	return int(c.idx[p])
}

// find returns the first entry of from to to-1, which are of one row, that is
// not before the column j.
func (c *compressed[T]) find(from, to, j int) int {
	return from + sort.Search(to-from, func(p int) bool { return c.column(from+p) >= j })
}

func (c *compressed[T]) nnz() int { return c.ptr[len(c.ptr)-1] }

// Row returns the columns and values of row i of what has neither near nor wide.
func (c *compressed[T]) Row(i int) ([]int32, []T) {
	a, b := c.ptr[i], c.ptr[i+1]
	return c.idx[a:b:b], c.val[a:b:b]
}

func (c *compressed[T]) transpose(cols int) *compressed[T] {
	t := &compressed[T]{}
	switch {
	case c.wide == nil:
		t.ptr, t.idx, t.val = csr.Transpose[int32, T](cols, c.ptr, c.idx, c.val)
	case len(c.ptr)-1 <= mostNear:
		t.ptr, t.near, t.val = csr.Transpose[uint16, T](cols, c.ptr, c.idx, c.wide)
	default:
		t.ptr, t.idx, t.val = csr.Transpose[int32, T](cols, c.ptr, c.idx, c.wide)
	}
	return t
}

// slice returns rows lo to hi-1 of what has no near; it shares the entries.
func (c *compressed[T]) slice(lo, hi int) *compressed[T] {
	from, to := c.ptr[lo], c.ptr[hi]
	s := &compressed[T]{ptr: make([]int, hi-lo+1), idx: c.idx[from:to:to]}
	if c.wide != nil {
		s.wide = c.wide[from:to:to]
	} else {
		s.val = c.val[from:to:to]
	}
	for i := range s.ptr {
		s.ptr[i] = c.ptr[lo+i] - from
	}
	return s
}

// rounded returns the entries in single precision.
func (c *compressed[T]) rounded() *compressed[float32] {
	if c == nil {
		return nil
	}
	s := &compressed[float32]{ptr: c.ptr, idx: c.idx, val: make([]float32, len(c.val))}
	for p, v := range c.val {
		s.val[p] = float32(v)
	}
	return s
}

// shared returns the entries in single precision, in which they are read.
func (c *compressed[T]) shared() *compressed[float32] {
	if c == nil {
		return nil
	}
	return &compressed[float32]{ptr: c.ptr, idx: c.idx, wide: any(c.val).([]float64)}
}
