package selection

import (
	"context"
	"math"
	"slices"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// sparseFolds hides entries of a sparse X: nonzeros, and zeros drawn for it.
type sparseFolds struct {
	x, zeros          *sparse.CSR
	fold, zeroFold    []int
	entries, allZeros float64 // of X in all, and zeros among them
}

func newSparseFolds(all *sparse.CSR, folds int, rng *nprand.Source) (*sparseFolds, error) {
	x := all.Filter(func(_, _ int, v float64) bool { return v != 0 })
	if x.NNZ() < folds {
		return nil, kind.Errorf(nmf.ErrShape, "selection: choosing k: %d nonzeros do not make %d folds", x.NNZ(), folds)
	}
	rows, cols := x.Dims()
	s := &sparseFolds{x: x, entries: float64(rows) * float64(cols)}
	s.allZeros = s.entries - float64(x.NNZ())
	s.fold = dealt(x.NNZ(), folds, rng)
	var err error
	if s.zeros, err = drawZeros(x, int(min(float64(x.NNZ()), s.allZeros/2)), rng); err != nil {
		return nil, err
	}
	s.zeroFold = dealt(s.zeros.NNZ(), folds, rng)
	return s, nil
}

// drawZeros returns n of the places at which x stores nothing, at most half of
// them, as stored zeros.
func drawZeros(x *sparse.CSR, n int, rng *nprand.Source) (*sparse.CSR, error) {
	rows, cols := x.Dims()
	var is, js []int
	drawn := map[[2]int]bool{}
	for len(is) < n {
		i, j := int(rng.Float64()*float64(rows)), int(rng.Float64()*float64(cols))
		idx, _ := x.Row(i)
		if _, stored := slices.BinarySearch(idx, int32(j)); stored || drawn[[2]int{i, j}] {
			continue
		}
		drawn[[2]int{i, j}] = true
		is, js = append(is, i), append(js, j)
	}
	return sparse.FromTriplets(rows, cols, is, js, make([]float64, n))
}

// unweighted is the weight of a hidden entry where entries that are not listed
// have a weight: it would be none at all, but an entry of no weight is not
// listed.
const unweighted = 1e-300

func (s *sparseFolds) score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error) {
	hidden, hiddenZeros := part(s.x, s.fold, f, true), part(s.zeros, s.zeroFold, f, true)
	share := float64(hidden.NNZ()) / float64(s.x.NNZ()) // of the entries that is hidden
	shown := part(s.x, s.fold, f, false)
	var weights marks
	weights.add(shown, 1)
	if s.allZeros > 0 {
		cfg.Unobserved = (1 - share) * s.allZeros / (s.allZeros - float64(hiddenZeros.NNZ()))
		weights.add(hidden, unweighted)
		weights.add(hiddenZeros, unweighted)
	}
	if cfg.Weights, err = weights.matrix(s.x); err != nil {
		return 0, 0, err
	}
	m, err := bestOf(ctx, s.x, cfg, runs)
	if err != nil {
		return 0, 0, err
	}
	most := largest(shown)
	loss, err := lossAt(m, hidden, most)
	if err != nil {
		return 0, 0, err
	}
	if n := hiddenZeros.NNZ(); n > 0 {
		ofZeros, err := lossAt(m, hiddenZeros, most)
		if err != nil {
			return 0, 0, err
		}
		loss += ofZeros * share * s.allZeros / float64(n)
	}
	return m.Err / math.Sqrt((1-share)*s.entries), perEntry(loss, share*s.entries), nil
}
