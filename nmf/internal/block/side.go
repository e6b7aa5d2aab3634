package block

import (
	"gonmf/nmf/internal/csr"
	"gonmf/nmf/internal/kern"
)

// Rows that kernels take together are never cut apart.
const _ = -uint(csr.Together % kern.Lanes)

// Side is what a half-step reads and writes: for each row i of X (or of X
// transposed) it forms the product of that row with the factor that is fixed and
// then updates row i of the one that is free, while the product is in cache. Rows
// do not depend on one another.
type Side[T kern.Float] struct {
	Free, Fixed *Factor[T]

	CSR     *Compressed[T] // rows of X or of X transposed, if sparse
	Weights *Compressed[T] // of the entries that CSR stores, nil: all one
	Common  T              // weight of the others, if Weights are there

	Dense     []T // X as it stands, if dense
	Stride    int
	AlongCol  bool // rows of Free are columns of X
	Depth     int  // rows of Fixed
	BlockRows int  // rows formed at once
	tiles     *tiles[T]
	spread    *spread[T]

	apart bool // X is read a block at a time: CSR is that of a block, which Map brings
	cols  bool // where apart: rows of Free are columns of X

	// Chunks are bounds of rows of about equal work. They depend on X alone,
	// so that sums by chunk do not depend on the number of workers.
	Chunks []int
}

const (
	// MaxChunks bounds the number of chunks of a half-step.
	MaxChunks = csr.MaxBlocks

	// DenseRows is the least number of rows of a dense product that are formed
	// together. For each block of them the fixed factor comes from outer caches
	// anew, so that it is twice as many where there are enough.
	DenseRows = 2 * kern.Lanes

	// Where X is read along columns, up to mostCols of them are taken together,
	// whose products are to have at most colFloats entries, so that these stay
	// in a second-level cache, and colDepth rows at a time, so that a line of
	// each stays in the first-level cache until its columns are done.
	mostCols  = 8 * DenseRows
	colFloats = 1 << 14
	colDepth  = 24
)

func rowSide[T kern.Float](in *Entries[T], t, f *Factor[T]) *Side[T] {
	s := &Side[T]{Free: t, Fixed: f, CSR: in.CSR, Weights: in.Weights, Common: T(in.Common), Dense: in.Dense, Stride: in.Stride, Depth: in.Cols}
	s.layout(in.Rows)
	return s
}

func colSide[T kern.Float](in *Entries[T], t, f *Factor[T]) *Side[T] {
	s := &Side[T]{Free: t, Fixed: f, Dense: in.Dense, Stride: in.Stride, AlongCol: true, Depth: in.Rows}
	if in.CSR != nil {
		s.CSR, s.Weights, s.Common = in.Transposed(), in.weightsTransposed(), T(in.Common)
	}
	s.layout(in.Cols)
	return s
}

// layout cuts the rows into chunks.
func (s *Side[T]) layout(rows int) {
	if s.CSR == nil {
		s.Chunks = append(s.Chunks, 0)
		most := 2 * DenseRows
		if s.AlongCol {
			most = min(mostCols, colFloats/s.Free.LD)
		}
		// Enough blocks for many workers.
		s.BlockRows = max(DenseRows, min(most, rows/16)/DenseRows*DenseRows)
		step := max(s.BlockRows, 2*(rows+MaxChunks-1)/MaxChunks)
		step = (step + s.BlockRows - 1) / s.BlockRows * s.BlockRows
		// Smaller ones at the end: workers become ready together.
		for at := 0; at < rows; {
			at += max(min(step, (rows-at)/8/DenseRows*DenseRows), DenseRows)
			s.Chunks = append(s.Chunks, min(at, rows))
		}
		return
	}
	s.BlockRows = kern.Lanes
	s.Chunks = csr.Cut(s.CSR.Ptr)
}

// Scratch returns a buffer for [Side.Product].
func (s *Side[T]) Scratch() []T {
	return Aligned[T](s.BlockRows * s.Free.LD)
}

// Product forms the products of some rows from lo on, before hi, with Fixed, and
// returns how many: row lo+r's is buf[r*ld:(r+1)*ld]. Each product is summed
// in the order of the columns whatever the number of rows formed with it.
// part may be nil for double precision.
func (s *Side[T]) Product(lo, hi int, buf []T, part *Piece[T]) int {
	ld := s.Free.LD
	rows := min(s.BlockRows, hi-lo)
	dst := buf[:rows*ld]
	if s.tiles != nil {
		copy(dst, s.tiles.sums[lo*ld:])
		return rows
	}
	if s.CSR != nil {
		for r := range rows {
			out := dst[r*ld:][:ld]
			clear(out)
			s.add(out, s.CSR.Ptr[lo+r], s.CSR.Ptr[lo+r+1], part)
		}
		return rows
	}
	if s.spread != nil {
		copy(dst, s.spread.sums[lo*ld:])
		return rows
	}
	clear(dst)
	if !s.AlongCol {
		kern.MulDense(dst, s.Dense[lo*s.Stride:], s.Stride, s.Depth, s.Fixed.A, ld, s.Fixed.K)
		return rows
	}
	for d := 0; d < s.Depth; d += colDepth {
		var next []T
		if d+colDepth < s.Depth {
			next = s.Dense[(d+colDepth)*s.Stride+lo:]
		}
		kern.MulDenseT(dst, s.Dense[d*s.Stride+lo:], s.Stride, min(colDepth, s.Depth-d), s.Fixed.A[d*ld:], ld, s.Fixed.K, next, s.Stride)
	}
	return rows
}

// add adds the products of entries from to to-1 with Fixed.
func (s *Side[T]) add(sum []T, from, to int, part *Piece[T]) {
	for from < to {
		idx, val := s.CSR.Read(from, to, part)
		kern.AddSparse(sum, val, idx, s.Fixed.A)
		from += len(idx)
	}
}

// WH sets y to the entries of WH in the columns idx of the row with the
// weights w.
func (s *Side[T]) WH(y, w []T, idx []int32) {
	kern.DotRows(y, w, idx, s.Fixed.A)
}

// Segment copies the columns of panel b of rows i to i+rows-1 of X, or of X
// transposed, to x, rows of PanelCols, and returns the number of columns.
func (s *Side[T]) Segment(x []T, i, rows, b int) (width int) {
	lo := b * PanelCols
	width = min(PanelCols, s.Depth-lo)
	switch {
	case s.CSR != nil:
		clear(x[:rows*PanelCols])
		for r := range rows {
			end := s.CSR.Ptr[i+r+1]
			for p := s.CSR.Find(s.CSR.Ptr[i+r], end, lo); p < end; p++ {
				j, v := s.CSR.At(p)
				if j >= lo+width {
					break
				}
				x[r*PanelCols+j-lo] = v
			}
		}
	case s.AlongCol:
		kern.Transpose(x, PanelCols, s.Dense[lo*s.Stride+i:], s.Stride, width, rows)
	default:
		for r := range rows {
			copy(x[r*PanelCols:][:width], s.Dense[(i+r)*s.Stride+lo:])
		}
	}
	return width
}

// Sums returns the sums of the entries of row i of X and of their squares, of a
// side that is not along columns.
func (s *Side[T]) Sums(i int) (total, squares float64) {
	if s.CSR == nil {
		row := s.Dense[i*s.Stride:][:s.Depth]
		return Sum(row), SumSquares(row)
	}
	return s.CSR.sums(i)
}
