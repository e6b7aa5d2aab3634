package block

import (
	"sort"

	"gonmf/nmf/internal/csr"
	"gonmf/nmf/internal/kern"
)

// Compressed is the arrays of a [sparse.CSR]: row i has the entries ptr[i] to
// ptr[i+1]-1. For single precision to take half the memory of double, it reads
// the rows of X as they were given and transposes them into columns of 16 bits
// where those suffice; what is stored so is for [Compressed.Read].
type Compressed[T kern.Float] struct {
	Ptr  []int
	Idx  []int32  // the columns, unless near has them
	near []uint16 // nil for double precision
	Val  []T      // the values, unless wide has them
	wide []float64
}

// mostNear is the number of columns that near has the numbers of.
const mostNear = 1 << 16

// pieceLen is how many entries are read at once: few enough for first-level
// cache.
const pieceLen = 256

// Piece is where [Compressed.Read] puts what is not stored as kernels take it.
type Piece[T kern.Float] struct {
	idx [pieceLen]int32
	val [pieceLen]T
}

// Read returns the columns and values of entries from from on, at most to
// to-1: all of them, or as many as s has room for. They are good until the
// next read.
func (c *Compressed[T]) Read(from, to int, s *Piece[T]) (idx []int32, val []T) {
	if c.near == nil && c.wide == nil {
		return c.Idx[from:to:to], c.Val[from:to:to]
	}
	to = min(to, from+pieceLen)
	if c.near == nil {
		idx = c.Idx[from:to:to]
	} else {
		idx = s.idx[:to-from]
		for p, j := range c.near[from:to] {
			idx[p] = int32(j)
		}
	}
	if c.wide == nil {
		val = c.Val[from:to:to]
	} else {
		val = s.val[:to-from]
		for p, v := range c.wide[from:to] {
			val[p] = T(v)
		}
	}
	return idx, val
}

// At returns the column and the value of an entry.
func (c *Compressed[T]) At(p int) (j int, v T) {
	if c.wide != nil {
		v = T(c.wide[p])
	} else {
		v = c.Val[p]
	}
	return c.column(p), v
}

func (c *Compressed[T]) column(p int) int {
	if c.near != nil {
		return int(c.near[p])
	}
	return int(c.Idx[p])
}

// Find returns the first entry of from to to-1, which are of one row, that is
// not before the column j.
func (c *Compressed[T]) Find(from, to, j int) int {
	return from + sort.Search(to-from, func(p int) bool { return c.column(from+p) >= j })
}

func (c *Compressed[T]) NNZ() int { return c.Ptr[len(c.Ptr)-1] }

// Row returns the columns and values of row i of what has neither near nor wide.
func (c *Compressed[T]) Row(i int) ([]int32, []T) {
	a, b := c.Ptr[i], c.Ptr[i+1]
	return c.Idx[a:b:b], c.Val[a:b:b]
}

func (c *Compressed[T]) transpose(cols int) *Compressed[T] {
	t := &Compressed[T]{}
	switch {
	case c.wide == nil:
		t.Ptr, t.Idx, t.Val = csr.Transpose[int32, T](cols, c.Ptr, c.Idx, c.Val)
	case len(c.Ptr)-1 <= mostNear:
		t.Ptr, t.near, t.Val = csr.Transpose[uint16, T](cols, c.Ptr, c.Idx, c.wide)
	default:
		t.Ptr, t.Idx, t.Val = csr.Transpose[int32, T](cols, c.Ptr, c.Idx, c.wide)
	}
	return t
}

// slice returns rows lo to hi-1 of what has no near; it shares the entries.
func (c *Compressed[T]) slice(lo, hi int) *Compressed[T] {
	from, to := c.Ptr[lo], c.Ptr[hi]
	s := &Compressed[T]{Ptr: make([]int, hi-lo+1), Idx: c.Idx[from:to:to]}
	if c.wide != nil {
		s.wide = c.wide[from:to:to]
	} else {
		s.Val = c.Val[from:to:to]
	}
	for i := range s.Ptr {
		s.Ptr[i] = c.Ptr[lo+i] - from
	}
	return s
}

// rounded returns the entries in single precision.
func (c *Compressed[T]) rounded() *Compressed[float32] {
	if c == nil {
		return nil
	}
	s := &Compressed[float32]{Ptr: c.Ptr, Idx: c.Idx, Val: make([]float32, len(c.Val))}
	for p, v := range c.Val {
		s.Val[p] = float32(v)
	}
	return s
}

// shared returns the entries in single precision, in which they are read.
func (c *Compressed[T]) shared() *Compressed[float32] {
	if c == nil {
		return nil
	}
	return &Compressed[float32]{Ptr: c.Ptr, Idx: c.Idx, wide: any(c.Val).([]float64)}
}

// sums returns the sums of the values of row i and of their squares.
func (c *Compressed[T]) sums(i int) (total, squares float64) {
	if c.wide == nil {
		_, val := c.Row(i)
		return Sum(val), SumSquares(val)
	}
	for p := c.Ptr[i]; p < c.Ptr[i+1]; p++ {
		_, v := c.At(p)
		total += float64(v)
		squares += float64(v) * float64(v)
	}
	return total, squares
}
