package columns

import (
	"hash/maphash"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/go-gota/gota/series"
)

var nan = math.NaN()

// Groups are the rows of a table by what some columns hold. Missing is a value
// like others.
type Groups struct {
	Of    []int // for each row its group
	First []int // for each group its first row; groups count in the order of these
}

// GroupRows groups rows by what they have in some columns of one length.
func GroupRows(keys []series.Series) Groups { return groupRows(keys, groupBy) }

// SortedGroups is GroupRows with groups in the order of their keys, missing
// ones last.
func SortedGroups(keys []series.Series) Groups {
	return groupRows(keys, func(s series.Series) Groups {
		g := groupBy(s)
		return g.ordered(Order([]series.Series{Take(s, g.First)}, nil))
	})
}

// groupRows groups by several columns. Where groups of each column count in
// the order of its values, so do those of all.
func groupRows(keys []series.Series, by func(series.Series) Groups) Groups {
	g := by(keys[0])
	for _, key := range keys[1:] {
		next := by(key)
		// Both at once as one number. Groups are at most as many as rows, so
		// that it has room.
		both := make([]Cell[int], len(g.Of))
		Parallel(len(both), func(lo, hi int) {
			for r := lo; r < hi; r++ {
				both[r].V = g.Of[r]*len(next.First) + next.Of[r]
			}
		})
		g = by(Series("", both))
	}
	return g
}

func groupBy(s series.Series) Groups {
	switch s.Type() {
	case series.Int:
		return groupInts(Of[int](s))
	case series.String:
		return groupHashed(Of[string](s), func(v string) uint64 { return maphash.String(seed, v) })
	case series.Bool:
		cells := Of[bool](s)
		ints := make([]Cell[int], len(cells))
		for r, c := range cells {
			if ints[r].NA = c.NA; c.V {
				ints[r].V = 1
			}
		}
		return groupInts(ints)
	default:
		cells := Of[float64](s)
		ints := make([]Cell[int], len(cells))
		for r, c := range cells {
			if ints[r].NA = c.NA || c.V != c.V; !ints[r].NA {
				ints[r].V = int(math.Float64bits(c.V + 0)) // -0 is 0
			}
		}
		return groupInts(ints)
	}
}

// groupInts groups by whole numbers: by a table where they lie close together.
func groupInts(cells []Cell[int]) Groups {
	lo, hi := math.MaxInt, math.MinInt
	for _, c := range cells {
		if !c.NA {
			lo, hi = min(lo, c.V), max(hi, c.V)
		}
	}
	if lo > hi || uint64(hi)-uint64(lo) > uint64(4*len(cells)+1024) {
		return groupHashed(cells, func(v int) uint64 {
			h, l := bits.Mul64(uint64(v)^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
			return h ^ l
		})
	}
	g := Groups{Of: make([]int, len(cells))}
	table := make([]int32, hi-lo+2) // of each number, and last of a missing one, its group counted from 1
	for r, c := range cells {
		at := hi - lo + 1
		if !c.NA {
			at = c.V - lo
		}
		if table[at] == 0 {
			g.First = append(g.First, r)
			table[at] = int32(len(g.First))
		}
		g.Of[r] = int(table[at]) - 1
	}
	return g
}

var seed = maphash.MakeSeed()

// hashed is a hash table of the values that came, with open addressing.
type hashed[T Value] struct {
	cells []Cell[T]
	hash  func(T) uint64
	slots []slot
	first []int
}

type slot struct {
	hash  uint64
	group int32 // counted from 1; 0 where the slot is free
}

// group returns the group of a row, a new one if there is none.
func (h *hashed[T]) group(r int, sum uint64) int {
	c := h.cells[r]
	if 4*(len(h.first)+1) > 3*len(h.slots) {
		h.grow()
	}
	mask := uint64(len(h.slots) - 1)
	for i := sum & mask; ; i = (i + 1) & mask {
		s := &h.slots[i]
		if s.group == 0 {
			h.first = append(h.first, r)
			*s = slot{sum, int32(len(h.first))}
			return len(h.first) - 1
		}
		if s.hash == sum && h.cells[h.first[s.group-1]] == c {
			return int(s.group) - 1
		}
	}
}

// sum returns the hash of a row's value.
func (h *hashed[T]) sum(r int) uint64 {
	if c := h.cells[r]; !c.NA {
		return h.hash(c.V)
	}
	return 0
}

// groups returns the groups of rows that follow each other. Texts lie
// anywhere in memory: the processor fetches those of a block together if
// nothing but hashes is made of them.
func (h *hashed[T]) groups(from int, of []int) {
	var sums [256]uint64
	for len(of) > 0 {
		block := of[:min(len(of), len(sums))]
		for i := range block {
			sums[i] = h.sum(from + i)
		}
		for i := range block {
			block[i] = h.group(from+i, sums[i])
		}
		of, from = of[len(block):], from+len(block)
	}
}

func (h *hashed[T]) grow() {
	old := h.slots
	h.slots = make([]slot, max(1024, 2*len(old)))
	mask := uint64(len(h.slots) - 1)
	for _, s := range old {
		if s.group == 0 {
			continue
		}
		i := s.hash & mask
		for h.slots[i].group != 0 {
			i = (i + 1) & mask
		}
		h.slots[i] = s
	}
}

// groupHashed groups by hashes: parts of the rows side by side, whose groups
// are then brought together in the order of the parts.
func groupHashed[T Value](cells []Cell[T], hash func(T) uint64) Groups {
	g := Groups{Of: make([]int, len(cells))}
	parts := max(1, min(runtime.GOMAXPROCS(0), len(cells)/grain))
	tables := make([]hashed[T], parts)
	bound := func(p int) int { return len(cells) * p / parts }
	each := func(do func(p int)) {
		var wg sync.WaitGroup
		for p := range parts {
			wg.Go(func() { do(p) })
		}
		wg.Wait()
	}
	each(func(p int) {
		h := &tables[p]
		*h = hashed[T]{cells: cells, hash: hash}
		h.groups(bound(p), g.Of[bound(p):bound(p+1)])
	})
	all := &tables[0]
	to := make([][]int, parts)
	for p := 1; p < parts; p++ {
		to[p] = make([]int, len(tables[p].first))
		for group, r := range tables[p].first {
			to[p][group] = all.group(r, all.sum(r))
		}
	}
	each(func(p int) {
		if p == 0 {
			return
		}
		for r := bound(p); r < bound(p+1); r++ {
			g.Of[r] = to[p][g.Of[r]]
		}
	})
	g.First = all.first
	return g
}

// ordered returns g with groups in another order.
func (g Groups) ordered(order []int) Groups {
	out := Groups{Of: make([]int, len(g.Of)), First: make([]int, len(g.First))}
	place := make([]int, len(order))
	for to, from := range order {
		out.First[to], place[from] = g.First[from], to
	}
	Parallel(len(g.Of), func(lo, hi int) {
		for r, group := range g.Of[lo:hi] {
			out.Of[lo+r] = place[group]
		}
	})
	return out
}

// Sizes returns the number of rows of each group.
func (g Groups) Sizes() []int {
	n := make([]int, len(g.First))
	for _, group := range g.Of {
		n[group]++
	}
	return n
}

// Rows returns the rows group by group, each in order, and where each group
// begins, with the end as the last.
func (g Groups) Rows() (rows, begin []int) {
	begin = make([]int, len(g.First)+1)
	for _, group := range g.Of {
		begin[group+1]++
	}
	for group := range g.First {
		begin[group+1] += begin[group]
	}
	at := slices.Clone(begin)
	rows = make([]int, len(g.Of))
	for r, group := range g.Of {
		rows[at[group]] = r
		at[group]++
	}
	return rows, begin
}

// Order returns the rows in the order of some columns of one length, the first
// counting most; descending says of each whether it goes down, nil that none
// does. Rows that are equal keep their order, and missing values come last.
func Order(keys []series.Series, descending []bool) []int {
	n := keys[0].Len()
	rows := make([]sortable, n)
	for r := range rows {
		rows[r].row = r
	}
	spare := make([]sortable, n)
	for k := len(keys) - 1; k >= 0; k-- {
		rank := ranks(keys[k])
		var flip uint64
		if descending != nil && descending[k] {
			flip = math.MaxUint64
		}
		Parallel(n, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				rows[i].key = rank[rows[i].row] ^ flip
			}
		})
		rows, spare = radix(rows, spare)
		if na := Missing(keys[k]); slices.Contains(na, true) {
			rows, spare = missingLast(rows, spare, na)
		}
	}
	out := make([]int, n)
	for i := range rows {
		out[i] = rows[i].row
	}
	return out
}

type sortable struct {
	key uint64
	row int
}

// missingLast moves the rows that have nothing behind the others.
func missingLast(rows, spare []sortable, na []bool) ([]sortable, []sortable) {
	to := spare[:0]
	for _, last := range []bool{false, true} {
		for _, row := range rows {
			if na[row.row] == last {
				to = append(to, row)
			}
		}
	}
	return to, rows
}

// ranks returns numbers that are in the order of a column's values; those of
// missing ones are of no account.
func ranks(s series.Series) []uint64 {
	out := make([]uint64, s.Len())
	switch s.Type() {
	case series.Float, series.Bool:
		for r, v := range Numbers(s) {
			// IEEE's numbers are in the order of their bits, negative ones the
			// other way round. (+ 0 makes -0 a 0.)
			b := math.Float64bits(v + 0)
			out[r] = b ^ uint64(int64(b)>>63|math.MinInt64)
		}
	case series.Int:
		for r, c := range Of[int](s) {
			out[r] = uint64(c.V) ^ 1<<63
		}
	default:
		texts := Of[string](s)
		g := groupBy(s)
		order := make([]int, len(g.First))
		for i := range order {
			order[i] = i
		}
		sortBy(order, func(a, b int) int { return strings.Compare(texts[g.First[a]].V, texts[g.First[b]].V) })
		place := make([]int, len(order))
		for to, from := range order {
			place[from] = to
		}
		Parallel(len(out), func(lo, hi int) {
			for r := lo; r < hi; r++ {
				out[r] = uint64(place[g.Of[r]])
			}
		})
	}
	return out
}

// sortBy sorts, two halves side by side where that pays.
func sortBy(order []int, compare func(a, b int) int) {
	if len(order) < grain || runtime.GOMAXPROCS(0) < 2 {
		slices.SortFunc(order, compare)
		return
	}
	low, high := order[:len(order)/2], order[len(order)/2:]
	var wg sync.WaitGroup
	wg.Go(func() { sortBy(low, compare) })
	sortBy(high, compare)
	wg.Wait()
	merged := make([]int, 0, len(order))
	for len(low) > 0 && len(high) > 0 {
		if compare(low[0], high[0]) <= 0 {
			merged, low = append(merged, low[0]), low[1:]
		} else {
			merged, high = append(merged, high[0]), high[1:]
		}
	}
	merged = append(append(merged, low...), high...)
	copy(order, merged)
}

// radix sorts rows by their keys, eleven bits at a time from the lowest, and
// returns them and what may be written to next.
func radix(rows, spare []sortable) ([]sortable, []sortable) {
	const digit = 11
	var counts [(64 + digit - 1) / digit][1 << digit]int32
	for i := range rows {
		key := rows[i].key
		for d := range counts {
			counts[d][key&(1<<digit-1)]++
			key >>= digit
		}
	}
	for d := range counts {
		count := &counts[d]
		shift := digit * d
		if len(rows) == 0 || int(count[rows[0].key>>shift&(1<<digit-1)]) == len(rows) {
			continue // all have the same digit
		}
		sum := int32(0)
		for i, n := range count {
			count[i], sum = sum, sum+n
		}
		for _, row := range rows {
			at := &count[row.key>>shift&(1<<digit-1)]
			spare[*at] = row
			*at++
		}
		rows, spare = spare, rows
	}
	return rows, spare
}

// SortedNumbers returns the numbers of a column that are there, in order.
func SortedNumbers(s series.Series) []float64 {
	numbers := slices.DeleteFunc(Numbers(s), math.IsNaN)
	const digit = 11
	keys, spare := make([]uint64, len(numbers)), make([]uint64, len(numbers))
	for i, v := range numbers {
		b := math.Float64bits(v + 0)
		keys[i] = b ^ uint64(int64(b)>>63|math.MinInt64)
	}
	for shift := 0; shift < 64; shift += digit {
		var count [1 << digit]int
		for _, key := range keys {
			count[key>>shift&(1<<digit-1)]++
		}
		sum := 0
		for i, n := range count {
			count[i], sum = sum, sum+n
		}
		for _, key := range keys {
			at := &count[key>>shift&(1<<digit-1)]
			spare[*at] = key
			*at++
		}
		keys, spare = spare, keys
	}
	for i, key := range keys {
		numbers[i] = math.Float64frombits(key ^ (^uint64(int64(key)>>63) | 1<<63))
	}
	return numbers
}
