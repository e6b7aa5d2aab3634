package block

import "gonmf/nmf/internal/kern"

// Every algorithm is made of one step. A half-step, which updates W from the
// rows of X, or H from its columns, is a map over blocks of rows:
//
//	in    the block's rows of X and of the factor that is updated (Rows);
//	      the factor that is fixed, and what is known of it as a whole (Known)
//	out   the block's new rows, in place of the old, and its part of what is
//	      asked of the whole (Sums)
//
// and its sums are added in the order of blocks. The cut into blocks depends on
// X alone. So an algorithm says what a [Hand] does to a block, and a [Carrier]
// brings blocks to hands: from memory with several workers ([Memory]), from the
// files of a folder ([Disk]), or from elsewhere, with the same bits.

// Rows are a block of rows as a hand sees them: rows Lo to Hi-1 of a side, which
// may be a side of the block alone. Its row i is row First+i of the whole.
type Rows[T kern.Float] struct {
	*Side[T]
	Lo, Hi, First int
}

// Sums are a block's part of what a half-step tells of the whole.
type Sums struct {
	Moved float64 // by how much rows wanted to move: projected gradients
	Term  float64 // of the error: <X, WH>, or a divergence
	Iter  int     // most iterations that a row took, where rows stop by themselves
	Early int     // rows that were ended before they had converged
}

// A Hand updates one block after another. What it needs for that beside the
// block is its own, so that several work side by side.
type Hand[T kern.Float] interface {
	Update(b Rows[T]) Sums
}

// HandFunc is a Hand that needs nothing of its own.
type HandFunc[T kern.Float] func(b Rows[T]) Sums

// Update calls f.
func (f HandFunc[T]) Update(b Rows[T]) Sums { return f(b) }

// Hands are those of one half-step, who stay for all iterations.
type Hands[T kern.Float] struct {
	// Blind says that for the next steps no hand looks at X, which then need
	// not be brought.
	Blind bool

	make  func(i int) Hand[T]
	hands []Hand[T]
	sums  []Sums // by block

	side *Side[T] // at work on
	fn   func(worker, block int)
}

// NewHands returns as many as a carrier will ask for: make makes hand i.
func NewHands[T kern.Float](make func(i int) Hand[T]) *Hands[T] {
	h := &Hands[T]{make: make}
	h.fn = h.update
	return h
}

// Hand returns hand i, which is made when it is first asked for.
func (h *Hands[T]) Hand(i int) Hand[T] {
	for len(h.hands) <= i {
		h.hands = append(h.hands, h.make(len(h.hands)))
	}
	return h.hands[i]
}

func (h *Hands[T]) update(worker, b int) {
	h.sums[b] = h.hands[worker].Update(Rows[T]{Side: h.side, Lo: h.side.Chunks[b], Hi: h.side.Chunks[b+1]})
}

// room returns the sums by block, to be filled in.
func (h *Hands[T]) room(blocks int) []Sums {
	if len(h.sums) < blocks {
		h.sums = make([]Sums, blocks)
	}
	return h.sums[:blocks]
}

// addUp adds sums in the order of blocks.
func addUp(sums []Sums) (total Sums) {
	for _, sum := range sums {
		total.Moved += sum.Moved
		total.Term += sum.Term
		total.Iter = max(total.Iter, sum.Iter)
		total.Early += sum.Early
	}
	return total
}

// Whole is what is known of X as a whole.
type Whole struct {
	Rows, Cols  int
	Mean, SumSq float64 // over all entries
	Weighted    bool    // entries have weights
	Apart       bool    // X is not in memory, and parts of it are not to be kept there
}

// A Carrier holds an X, and brings its blocks and those of the factors to hands.
type Carrier[T kern.Float] interface {
	Whole() Whole

	// Rows returns the side of the half-step that updates w from the rows of
	// X with ht held fixed, and Cols of that which updates ht from its
	// columns.
	Rows(w, ht *Factor[T]) *Side[T]
	Cols(ht, w *Factor[T]) *Side[T]

	// Slice returns a carrier of rows lo to hi-1 of X.
	Slice(lo, hi int) Carrier[T]

	// Map makes a half-step: it hands each block of s to a hand, and adds the
	// sums up.
	Map(s *Side[T], h *Hands[T]) Sums

	// Gram sets g (ld x ld) to a'a, and Know looks at the factor of k as it
	// stands: both are maps over blocks of rows of a factor.
	Gram(g []T, a *Factor[T])
	Know(k *Known[T])

	// Times sets t to a b, for a small matrix b of a.K rows that are as long
	// as t's.
	Times(t, a *Factor[T], b []T)

	// Failed returns why blocks of X could not be brought, nil if all were.
	// What came of the steps since is nothing.
	Failed() error
}
