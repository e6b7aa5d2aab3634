package recommend

import (
	"cmp"
	"slices"
)

// Scored is an item or a user, its row or column in X, and how well it suits.
type Scored struct {
	Index int
	Score float64
}

// top keeps the n best of what it is shown, in a heap whose root is the worst
// of them.
type top struct {
	n    int
	heap []Scored
}

func newTop(n int) *top { return &top{n: n, heap: make([]Scored, 0, n)} }

// byRank orders the better first: by score, and the first of equal ones.
func byRank(a, b Scored) int {
	if c := cmp.Compare(b.Score, a.Score); c != 0 {
		return c
	}
	return cmp.Compare(a.Index, b.Index)
}

func (t *top) add(s Scored) {
	h := t.heap
	if len(h) < t.n {
		h = append(h, s)
		t.heap = h
		for i := len(h) - 1; i > 0; {
			up := (i - 1) / 2
			if byRank(h[up], h[i]) > 0 {
				break
			}
			h[up], h[i] = h[i], h[up]
			i = up
		}
		return
	}
	if t.n == 0 || byRank(s, h[0]) > 0 {
		return
	}
	h[0] = s
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(h) {
			return
		}
		if down+1 < len(h) && byRank(h[down+1], h[down]) > 0 {
			down++
		}
		if byRank(h[i], h[down]) > 0 {
			return
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
}

// sorted returns what is kept, the best first, and ends the use of t.
func (t *top) sorted() []Scored {
	slices.SortFunc(t.heap, byRank)
	return t.heap
}
