package block

import "gonmf/nmf/internal/kern"

// Lanes is some rows of a factor while they are swept over, side by side
// as kern.Descend takes them.
type Lanes[T kern.Float] struct {
	ld         int
	Products   []T // scratch of [Side.Product]
	Part       Piece[T]
	W, B       []T // ld x kern.Lanes
	spare      []T // the same, for another order
	Violations []T // by lane
}

// NewLanes returns room for rows of a side.
func NewLanes[T kern.Float](s *Side[T]) Lanes[T] {
	lanes := func() []T { return Aligned[T](s.Free.LD * kern.Lanes) }
	return Lanes[T]{ld: s.Free.LD, Products: s.Scratch(), W: lanes(), B: lanes(), spare: lanes(), Violations: Aligned[T](kern.Lanes)}
}

// Take sets dst to rows, their coordinates in the given order.
func (s *Lanes[T]) Take(dst, rows []T, order []int) {
	if order == nil {
		kern.ToLanes(dst, rows, s.ld)
		return
	}
	kern.ToLanes(s.spare, rows, s.ld)
	for to, from := range order {
		copy(dst[to*kern.Lanes:][:kern.Lanes], s.spare[from*kern.Lanes:])
	}
}

// Give is the inverse of take.
func (s *Lanes[T]) Give(rows, src []T, order []int) {
	if order == nil {
		kern.FromLanes(rows, src, s.ld)
		return
	}
	for to, from := range order {
		copy(s.spare[from*kern.Lanes:][:kern.Lanes], src[to*kern.Lanes:])
	}
	kern.FromLanes(rows, s.spare, s.ld)
}
