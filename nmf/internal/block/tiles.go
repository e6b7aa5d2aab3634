package block

import (
	"unsafe"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// tiles is how a half-step forms the products of sparse rows with a factor that
// is larger than the caches: for all rows at once, with one part of the factor
// after another, which meanwhile stays in the last cache that the workers
// share. What has been summed waits in memory, so that a row's sum has the bits
// that it has otherwise.
type tiles[T kern.Float] struct {
	sums []T   // the products, a row of ld for each row of the side
	at   []int // of each row, the first entry that is not in its sum yet
	step int   // rows of the factor in a part
	part int   // the present one
	add  func(worker, chunk int)

	read []Piece[T] // of each worker
}

const (
	// tileBytes is the size of a part: of the last cache of a small machine it
	// leaves enough to what passes by.
	tileBytes = 8 << 20
	// tileEntries is how many entries of a row have to meet a part, on average,
	// to be worth fetching and storing its sum once more.
	tileEntries = 8
)

// Tile makes the side form its products by tiles, or spread over the workers,
// if that pays: they are to be formed by [Side.form] before they are taken.
func (s *Side[T]) Tile() {
	if s.apart {
		return
	}
	if s.CSR == nil {
		s.spreadOut()
		return
	}
	var zero T
	step := max(tileBytes/(s.Fixed.LD*int(unsafe.Sizeof(zero))), 1)
	parts := (s.Depth + step - 1) / step
	if parts > 2 && s.CSR.NNZ() >= tileEntries*s.Free.Rows*parts {
		s.tileBy(step)
	}
}

func (s *Side[T]) tileBy(step int) {
	s.tiles = &tiles[T]{sums: Aligned[T](s.Free.Rows * s.Free.LD), at: make([]int, s.Free.Rows), step: step, add: s.addTile}
}

// form forms all products of a side that does so before they are taken.
func (s *Side[T]) form(pool *par.Pool) {
	if s.spread != nil {
		s.spread.form(pool)
	}
	if s.tiles == nil {
		return
	}
	if s.tiles.read == nil {
		s.tiles.read = make([]Piece[T], pool.Workers())
	}
	for s.tiles.part = 0; s.tiles.part*s.tiles.step < s.Depth; s.tiles.part++ {
		pool.Run(len(s.Chunks)-1, s.tiles.add)
	}
}

// addTile adds what the present part gives to the products of chunk c.
func (s *Side[T]) addTile(worker, c int) {
	t, ld := s.tiles, s.Free.LD
	end := min((t.part+1)*t.step, s.Depth)
	for i := s.Chunks[c]; i < s.Chunks[c+1]; i++ {
		sum := t.sums[i*ld:][:ld]
		if t.part == 0 {
			clear(sum)
			t.at[i] = s.CSR.Ptr[i]
		}
		to := s.CSR.Find(t.at[i], s.CSR.Ptr[i+1], end)
		s.add(sum, t.at[i], to, &t.read[worker])
		t.at[i] = to
	}
}
