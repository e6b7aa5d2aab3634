package sparse

import (
	"gonmf/nmf/internal/kind"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// FromTriplets makes a rows x cols matrix whose entry (i[p], j[p]) is v[p].
// Triplets may come in any order; the values of a place that is named more
// than once are summed in the order given, as scipy.sparse does. The slices
// are not kept. Zeros are stored as they come.
//
// Time is O(rows + n log n) for n triplets, and O(rows + n) if each row's come
// in the order of their columns; memory is O(rows + n).
func FromTriplets(rows, cols int, i, j []int, v []float64) (*CSR, error) {
	if len(i) != len(j) || len(i) != len(v) {
		return nil, kind.Errorf(ErrShape, "sparse: %d row indices, %d column indices, %d values", len(i), len(j), len(v))
	}
	return fromParts(rows, cols, []part[int]{{i, j, v}})
}

// Triplets are entries of a matrix to be: V[p] at row I[p], column J[p]. A nil
// V stands for ones.
type Triplets struct {
	I, J []int32
	V    []float64
}

// FromParts is [FromTriplets] for triplets that come in pieces, one after the
// other, with indices of half the size: it needs no memory beside the matrix's
// own but for a few numbers a row.
func FromParts(rows, cols int, parts []Triplets) (*CSR, error) {
	all := make([]part[int32], len(parts))
	for n, t := range parts {
		if len(t.I) != len(t.J) || t.V != nil && len(t.I) != len(t.V) {
			return nil, kind.Errorf(ErrShape, "sparse: part %d has %d row indices, %d column indices, %d values", n, len(t.I), len(t.J), len(t.V))
		}
		all[n] = part[int32]{t.I, t.J, t.V}
	}
	return fromParts(rows, cols, all)
}

// part is triplets with indices of either size.
type part[I int | int32] struct {
	i, j []I
	v    []float64
}

// partSize is the number of triplets that are given to a goroutine together.
const partSize = 1 << 16

func fromParts[I int | int32](rows, cols int, whole []part[I]) (*CSR, error) {
	if err := checkDims(rows, cols); err != nil {
		return nil, err
	}
	var parts []part[I]
	n := 0
	for _, p := range whole {
		n += len(p.i)
		for ; len(p.i) > partSize; p = p.from(partSize) {
			parts = append(parts, p.to(partSize))
		}
		parts = append(parts, p)
	}
	// Each goroutine has a run of the parts, and a counter for each row.
	workers := max(1, min(runtime.GOMAXPROCS(0), n/partSize, n/(rows+1)))
	next := make([][]int, workers)
	each := func(do func(w int, mine []part[I])) {
		var done sync.WaitGroup
		for w := range workers {
			done.Go(func() { do(w, parts[len(parts)*w/workers:len(parts)*(w+1)/workers]) })
		}
		done.Wait()
	}
	outside := make([]bool, workers)
	each(func(w int, mine []part[I]) {
		next[w] = make([]int, rows)
		for _, p := range mine {
			for t, r := range p.i {
				if r < 0 || int(r) >= rows || p.j[t] < 0 || int(p.j[t]) >= cols {
					outside[w] = true
					return
				}
				next[w][r]++
			}
		}
	})
	if slices.Contains(outside, true) {
		return nil, firstOutside(rows, cols, parts)
	}
	ptr := make([]int, rows+1)
	at := 0
	for r := range rows {
		for w := range workers {
			at, next[w][r] = at+next[w][r], at
		}
		ptr[r+1] = at
	}
	m := &CSR{rows: rows, cols: cols, ptr: ptr, idx: make([]int32, n), val: make([]float64, n)}
	each(func(w int, mine []part[I]) {
		next := next[w]
		for _, p := range mine {
			for t, r := range p.i {
				q := next[r]
				next[r]++
				m.idx[q] = int32(p.j[t])
				if p.v != nil {
					m.val[q] = p.v[t]
				} else {
					m.val[q] = 1
				}
			}
		}
	})
	m.tidyRows()
	return m, nil
}

func (p part[I]) from(n int) part[I] {
	p.i, p.j = p.i[n:], p.j[n:]
	if p.v != nil {
		p.v = p.v[n:]
	}
	return p
}

func (p part[I]) to(n int) part[I] {
	p.i, p.j = p.i[:n], p.j[:n]
	if p.v != nil {
		p.v = p.v[:n]
	}
	return p
}

// firstOutside is about the first triplet that is outside the matrix.
func firstOutside[I int | int32](rows, cols int, parts []part[I]) error {
	before := 0
	for _, p := range parts {
		for t := range p.i {
			if i, j := int(p.i[t]), int(p.j[t]); i < 0 || i >= rows || j < 0 || j >= cols {
				return kind.Errorf(ErrShape, "sparse: triplet %d is at (%d,%d), outside %d x %d", before+t, i, j, rows, cols)
			}
		}
		before += len(p.i)
	}
	return nil
}

// tidyRows puts each row into the order of its columns and sums equal columns
// in the order in which they came, a part of the rows in each of some
// goroutines.
func (m *CSR) tidyRows() {
	workers := max(1, min(runtime.GOMAXPROCS(0), len(m.val)/partSize))
	bound := make([]int, workers+1) // rows
	for w := range workers {
		bound[w], _ = slices.BinarySearch(m.ptr[:m.rows], len(m.val)*w/workers)
	}
	bound[0], bound[workers] = 0, m.rows
	start := make([]int, workers) // of the entries of a part
	for w := range workers {
		start[w] = m.ptr[bound[w]]
	}
	end := make([]int, workers) // of those that are left
	var done sync.WaitGroup
	for w := range workers {
		done.Go(func() { end[w] = m.tidy(bound[w], bound[w+1], start[w]) })
	}
	done.Wait()
	// Close the gaps between the parts.
	out := end[0]
	for w := 1; w < workers; w++ {
		if gap := start[w] - out; gap > 0 {
			copy(m.idx[out:], m.idx[start[w]:end[w]])
			copy(m.val[out:], m.val[start[w]:end[w]])
			for r := bound[w]; r < bound[w+1]; r++ {
				m.ptr[r+1] -= gap
			}
		}
		out += end[w] - start[w]
	}
	m.idx, m.val = m.idx[:out:out], m.val[:out:out]
}

// tidy does it for the rows from lo to hi-1, whose entries begin at start and
// move to the front; it returns where they end. The pointer to row lo is
// another goroutine's.
func (m *CSR) tidy(lo, hi, start int) int {
	var s rowSorter
	out := start
	for r := lo; r < hi; r++ {
		end := m.ptr[r+1]
		idx, val := m.idx[start:end], m.val[start:end]
		s.sort(idx, val, m.cols)
		first := out
		for p, j := range idx {
			if out > first && m.idx[out-1] == j {
				m.val[out-1] += val[p]
				continue
			}
			m.idx[out], m.val[out] = j, val[p]
			out++
		}
		start = end
		m.ptr[r+1] = out
	}
	return out
}

// rowSorter sorts rows one after the other in the same memory.
type rowSorter struct {
	idx []int32
	val []float64
}

// The lengths of rows up to which a way of sorting is the fastest, measured with
// BenchmarkFromTriplets. spread would be so up to 255, but not where all columns
// of a row begin alike.
const (
	insertedRow = 24
	spreadRow   = 128
)

// sort puts a row into the order of its columns, equal columns as they came.
func (s *rowSorter) sort(idx []int32, val []float64, cols int) {
	switch n := len(idx); {
	case slices.IsSorted(idx):
	case n <= insertedRow:
		insert(idx, val)
	case n <= spreadRow:
		s.spread(idx, val, cols)
		insert(idx, val)
	default:
		s.count(idx, val, cols)
	}
}

// insert sorts by moving each entry down to its place.
func insert(idx []int32, val []float64) {
	val = val[:len(idx)]
	for p := 1; p < len(idx); p++ {
		j, v, q := idx[p], val[p], p
		for ; q > 0 && idx[q-1] > j; q-- {
			idx[q], val[q] = idx[q-1], val[q-1]
		}
		idx[q], val[q] = j, v
	}
}

// spread puts a short row into the order of the first bits of its columns, after
// which little is left to move.
func (s *rowSorter) spread(idx []int32, val []float64, cols int) {
	s.idx, s.val = append(s.idx[:0], idx...), append(s.val[:0], val...)
	shift := max(0, bits.Len(uint(cols-1))-6)
	var next [64]uint8
	for _, j := range idx {
		next[j>>shift&63]++
	}
	at := uint8(0)
	for b, count := range next {
		next[b] = at
		at += count
	}
	for p, j := range s.idx {
		q := next[j>>shift&63]
		next[j>>shift&63]++
		idx[q], val[q] = j, s.val[p]
	}
}

// count sorts by the bytes of the columns, the last byte first.
func (s *rowSorter) count(idx []int32, val []float64, cols int) {
	n := len(idx)
	s.idx, s.val = slices.Grow(s.idx[:0], n)[:n], slices.Grow(s.val[:0], n)[:n]
	from, fromVal, to, toVal := idx, val, s.idx, s.val
	passes := (bits.Len(uint(cols-1)) + 7) / 8
	for pass := range passes {
		shift := 8 * pass
		var next [256]int32
		for _, j := range from {
			next[byte(j>>shift)]++
		}
		at := int32(0)
		for b, count := range next {
			next[b] = at
			at += count
		}
		for p, j := range from {
			q := next[byte(j>>shift)]
			next[byte(j>>shift)]++
			to[q], toVal[q] = j, fromVal[p]
		}
		from, fromVal, to, toVal = to, toVal, from, fromVal
	}
	if passes%2 == 1 {
		copy(idx, s.idx)
		copy(val, s.val)
	}
}
