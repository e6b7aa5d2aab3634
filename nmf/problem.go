package nmf

import (
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
)

// problem is a fit or a fold-in under way: X, the factors and the goroutines
// that work on them. Solvers see W and H transposed as the same thing, a
// factor with a row for each row (column) of X, and an iteration as two
// half-steps that differ in their side only.
type problem[T kern.Float] struct {
	in      *entries[T]
	cfg     Config
	n, m, k int

	w, ht *factor[T]

	pool   *par.Pool
	gram   gramSums[T]
	errors errorWork[T]
}

func newProblem[T kern.Float](in *input, cfg Config) *problem[T] {
	p := &problem[T]{in: entriesOf[T](in), cfg: cfg, n: in.rows, m: in.cols, k: cfg.Components}
	p.w, p.ht = newFactor[T](p.n, p.k), newFactor[T](p.m, p.k)
	p.pool = par.NewPool(cfg.Workers)
	return p
}

func (p *problem[T]) close() { p.pool.Close() }

// mean is the mean of X over all its entries.
func (p *problem[T]) mean() float64 { return p.in.mean() }

// rows is the side that updates W from the rows of X, cols the one that
// updates H from its columns.
func (p *problem[T]) rows() *side[T] { return newRowSide(p.in, p.w, p.ht) }
func (p *problem[T]) cols() *side[T] { return newColSide(p.in, p.ht, p.w) }

// side is what a half-step reads and writes: for each row i of X (or of X
// transposed) it forms the product of that row with f and then updates row i
// of t, while the product is in cache. Rows do not depend on one another.
type side[T kern.Float] struct {
	t, f *factor[T]

	csr     *compressed[T] // rows of X or of X transposed, if sparse
	weights *compressed[T] // of the entries that csr stores, nil: all one
	common  T              // weight of the others, if weights are there

	dense     []T // X as it stands, if dense
	stride    int
	alongCol  bool // rows of t are columns of X
	depth     int  // rows of f
	blockRows int  // rows formed at once
	tiles     *tiles[T]
	spread    *spread[T]

	// chunks are bounds of rows of about equal work. They depend on X alone,
	// so that sums by chunk do not depend on the number of workers.
	chunks []int
}

const (
	// maxChunks bounds the number of chunks of a half-step: enough for the
	// workers to share evenly, few enough for sums by chunk to cost nothing.
	maxChunks = 256

	// denseRows is the least number of rows of a dense product that are formed
	// together. For each block of them the fixed factor comes from outer caches
	// anew, so that it is twice as many where there are enough.
	denseRows = 2 * kern.Lanes

	// Where X is read along columns, up to mostCols of them are taken together,
	// whose products are to have at most colFloats entries, so that these stay
	// in a second-level cache, and colDepth rows at a time, so that a line of
	// each stays in the first-level cache until its columns are done.
	mostCols  = 8 * denseRows
	colFloats = 1 << 14
	colDepth  = 24
)

func newRowSide[T kern.Float](in *entries[T], t, f *factor[T]) *side[T] {
	s := &side[T]{t: t, f: f, csr: in.csr, weights: in.weights, common: T(in.common), dense: in.dense, stride: in.stride, depth: in.cols}
	s.layout(in.rows)
	return s
}

func newColSide[T kern.Float](in *entries[T], t, f *factor[T]) *side[T] {
	s := &side[T]{t: t, f: f, dense: in.dense, stride: in.stride, alongCol: true, depth: in.rows}
	if in.csr != nil {
		s.csr, s.weights, s.common = in.transposed(), in.weightsTransposed(), T(in.common)
	}
	s.layout(in.cols)
	return s
}

// layout cuts the rows into chunks.
func (s *side[T]) layout(rows int) {
	s.chunks = append(s.chunks, 0)
	if s.csr == nil {
		most := 2 * denseRows
		if s.alongCol {
			most = min(mostCols, colFloats/s.t.ld)
		}
		// Enough blocks for many workers.
		s.blockRows = max(denseRows, min(most, rows/16)/denseRows*denseRows)
		step := max(s.blockRows, 2*(rows+maxChunks-1)/maxChunks)
		step = (step + s.blockRows - 1) / s.blockRows * s.blockRows
		// Smaller ones at the end: workers become ready together.
		for at := 0; at < rows; {
			at += max(min(step, (rows-at)/8/denseRows*denseRows), denseRows)
			s.chunks = append(s.chunks, min(at, rows))
		}
		return
	}
	s.blockRows = kern.Lanes
	ptr := s.csr.ptr
	// A row costs its entries and, for the update, about 2k of them.
	perRow := 2 * s.t.k
	total := ptr[rows] + rows*perRow
	for c := 1; c < maxChunks; c++ {
		want := int(float64(total) * float64(c) / maxChunks)
		at := s.chunks[len(s.chunks)-1]
		for at < rows && ptr[at]+at*perRow < want {
			at = min(at+kern.Lanes, rows) // whole blocks, for what takes rows together
		}
		if at > s.chunks[len(s.chunks)-1] && at < rows {
			s.chunks = append(s.chunks, at)
		}
	}
	s.chunks = append(s.chunks, rows)
}

// scratch returns a buffer for [side.product].
func (s *side[T]) scratch() []T {
	return alignedSlice[T](s.blockRows * s.t.ld)
}

// product forms the products of some rows from lo on, before hi, with f, and
// returns how many: row lo+r's is buf[r*ld:(r+1)*ld]. Each product is summed
// in the order of the columns whatever the number of rows formed with it.
// part may be nil for double precision.
func (s *side[T]) product(lo, hi int, buf []T, part *piece[T]) int {
	ld := s.t.ld
	rows := min(s.blockRows, hi-lo)
	dst := buf[:rows*ld]
	if s.tiles != nil {
		copy(dst, s.tiles.sums[lo*ld:])
		return rows
	}
	if s.csr != nil {
		for r := range rows {
			out := dst[r*ld:][:ld]
			clear(out)
			s.add(out, s.csr.ptr[lo+r], s.csr.ptr[lo+r+1], part)
		}
		return rows
	}
	if s.spread != nil {
		copy(dst, s.spread.sums[lo*ld:])
		return rows
	}
	clear(dst)
	if !s.alongCol {
		kern.MulDense(dst, s.dense[lo*s.stride:], s.stride, s.depth, s.f.a, ld, s.f.k)
		return rows
	}
	for d := 0; d < s.depth; d += colDepth {
		var next []T
		if d+colDepth < s.depth {
			next = s.dense[(d+colDepth)*s.stride+lo:]
		}
		kern.MulDenseT(dst, s.dense[d*s.stride+lo:], s.stride, min(colDepth, s.depth-d), s.f.a[d*ld:], ld, s.f.k, next, s.stride)
	}
	return rows
}

// add adds the products of entries from to to-1 with f.
func (s *side[T]) add(sum []T, from, to int, part *piece[T]) {
	for from < to {
		idx, val := s.csr.read(from, to, part)
		kern.AddSparse(sum, val, idx, s.f.a)
		from += len(idx)
	}
}

// gramSums holds the partial sums of A'A.
type gramSums[T kern.Float] struct {
	a     *factor[T]
	parts [][]T
	total []float64
	fn    func(worker, block int)
	step  int
}

const (
	gramRows  = 256 // least rows of a partial sum
	gramParts = 64  // most partial sums
)

// gramOf sets g (ld x ld) to a'a.
func (p *problem[T]) gramOf(g []T, a *factor[T]) { p.gram.of(p.pool, g, a) }

// of sets g (ld x ld) to a'a: fixed blocks of rows, summed in their order.
func (s *gramSums[T]) of(pool *par.Pool, g []T, a *factor[T]) {
	s.a = a
	if len(s.parts) > 0 && len(s.parts[0]) != a.ld*a.ld {
		s.parts, s.total = nil, nil // the last factor was of another width
	}
	s.step = max(gramRows, (a.rows+gramParts-1)/gramParts)
	blocks := (a.rows + s.step - 1) / s.step
	for len(s.parts) < blocks {
		s.parts = append(s.parts, alignedSlice[T](a.ld*a.ld))
	}
	if s.total == nil {
		s.total = make([]float64, a.ld*a.ld)
	}
	if s.fn == nil {
		s.fn = s.block
	}
	pool.Run(blocks, s.fn)
	clear(s.total)
	for _, part := range s.parts[:blocks] {
		for i, v := range part {
			s.total[i] += float64(v)
		}
	}
	for i, v := range s.total {
		g[i] = T(v)
	}
}

func (s *gramSums[T]) block(_, b int) {
	lo, hi := b*s.step, min((b+1)*s.step, s.a.rows)
	kern.Gram(s.parts[b], s.a.a[lo*s.a.ld:hi*s.a.ld], s.a.ld)
}
