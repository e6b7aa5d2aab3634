package nmf

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// HoldOut says how [ChooseK] hides a part of X.
type HoldOut int

const (
	// HoldOutAuto is HoldOutEntries where cfg.Mask is given and for a dense X
	// of up to 100,000 entries, and otherwise HoldOutBlocks, which is faster.
	HoldOutAuto HoldOut = iota

	// HoldOutEntries hides single entries, drawn at random over all of X
	// (Wold 1978, doi:10.1080/00401706.1978.10489693): each is in one part.
	// A fit to the others is one with missing entries, which costs up to k
	// times as much as one without. Where hardly any entry holds a component
	// it may foretell something enormous for a hidden one, so that what is
	// foretold counts as no more than the largest entry that was shown.
	//
	// The zeros of a sparse X are entries like others, but there are too many
	// to list. As many zeros as nonzeros are drawn and hidden with them; in
	// the fit all other zeros together weigh as much as if their share had
	// been hidden too, and in the test error those that were drawn stand for
	// that share, so that both errors estimate what hiding entries of all of
	// X would give. It needs the Frobenius or the Kullback-Leibler loss.
	HoldOutEntries

	// HoldOutBlocks hides some rows and some columns: with part A the entries
	// where both meet, and X = [A B; C D] up to order, it fits D, folds in
	// the rows of B and the columns of C, and compares the product of what
	// that gives with A (bi-cross-validation: Owen and Perry 2009,
	// doi:10.1214/08-AOAS227). Fits are ordinary ones to less than X, so that
	// sparse ones stay cheap, and zeros count as they stand.
	HoldOutBlocks
)

// fewEntries is how large a dense X may be for HoldOutAuto to hide entries.
const fewEntries = 100_000

// folds hides parts of X.
type folds interface {
	// score fits cfg to X without part f and returns the errors of what was
	// shown and of what was hidden.
	score(ctx context.Context, cfg Config, f, restarts int) (train, test float64, err error)
}

func newFolds(x mat.Matrix, cfg *Config, opt ChooseKOptions) (folds, error) {
	in, err := cfg.input(x)
	if err != nil {
		return nil, err
	}
	how := opt.HoldOut
	if how == HoldOutAuto {
		how = HoldOutEntries
		if cfg.Mask == nil && (in.csr != nil || in.nnz() > fewEntries) {
			how = HoldOutBlocks
		}
	}
	rng := nprand.New(opt.Seed)
	switch {
	case how == HoldOutBlocks && cfg.Mask != nil:
		return nil, configError("Mask", "leaves out entries, which HoldOutBlocks cannot: use HoldOutEntries")
	case how == HoldOutBlocks:
		return newBlockFolds(in, opt.Folds, rng)
	case how == HoldOutEntries && in.csr != nil && cfg.Mask == nil:
		if cfg.Loss != Frobenius && cfg.Loss != KullbackLeibler {
			return nil, configError("Loss", "is %v, for which single entries of a sparse X cannot be hidden: use HoldOutBlocks", cfg.Loss)
		}
		return newSparseFolds(in, opt.Folds, rng)
	case how == HoldOutEntries:
		return newEntryFolds(x, in, opt.Folds, rng)
	default:
		return nil, fmt.Errorf("nmf: ChooseKOptions.HoldOut is %d: want HoldOutAuto, HoldOutEntries or HoldOutBlocks: %w", how, ErrConfig)
	}
}

// bestOf returns the best of some fits.
func bestOf(ctx context.Context, x mat.Matrix, cfg Config, restarts int) (*Model, error) {
	in, err := cfg.input(x)
	if err != nil {
		return nil, err
	}
	var best *Model
	for _, seed := range seedsFrom(cfg.Seed, restarts) {
		cfg.Seed = seed
		m, err := in.fit(ctx, cfg)
		if err != nil {
			return nil, err
		}
		if best == nil || m.Objective() < best.Objective() {
			best = m
		}
	}
	return best, nil
}

// lossAt returns the sum of the model's divergences at the stored entries of
// x, no entry of WH counting as more than most.
func (m *Model) lossAt(x *sparse.CSR, most float64) float64 {
	w, ht := m.rowFactors()
	total := 0.0
	var y []float64
	for i := range w.rows {
		idx, val := x.Row(i)
		y = y[:0]
		for _, j := range idx {
			y = append(y, min(kern.Dot(w.padded(i), ht.padded(int(j))), most))
		}
		total += divergence(m.Config.Loss, val, y)
	}
	return total
}

// largest returns the largest stored entry of x.
func largest(x *sparse.CSR) float64 {
	_, _, val := x.Raw()
	most := 0.0
	for _, v := range val {
		most = max(most, v)
	}
	return most
}

// perEntry returns the error of a loss summed over some entries.
func perEntry(loss, entries float64) float64 { return math.Sqrt(2 * max(loss, 0) / entries) }

// entryFolds hides observed entries of X, all of which are listed.
type entryFolds struct {
	x    mat.Matrix
	all  *sparse.CSR // the observed entries, zeros too
	fold []int       // of each
}

func newEntryFolds(x mat.Matrix, in *input, folds int, rng *nprand.Source) (*entryFolds, error) {
	e := &entryFolds{x: x, all: in.sparse}
	if e.all == nil {
		var err error
		if e.all, err = in.listed(); err != nil {
			return nil, err
		}
	}
	if e.all.NNZ() < folds {
		return nil, fmt.Errorf("nmf: choosing k: %d entries do not make %d folds: %w", e.all.NNZ(), folds, ErrShape)
	}
	e.fold = dealt(e.all.NNZ(), folds, rng)
	return e, nil
}

// listed returns a dense X as a sparse matrix that stores every entry.
func (in *input) listed() (*sparse.CSR, error) {
	ptr, idx, val := make([]int, in.rows+1), make([]int32, 0, in.rows*in.cols), make([]float64, 0, in.rows*in.cols)
	for i := range in.rows {
		_, row := in.row(i)
		for j := range row {
			idx = append(idx, int32(j))
		}
		val = append(val, row...)
		ptr[i+1] = len(val)
	}
	return sparse.FromCSR(in.rows, in.cols, ptr, idx, val)
}

// dealt returns a hand for each of n cards, dealt in turn after shuffling.
func dealt(n, hands int, rng *nprand.Source) []int {
	order := make([]int, n)
	rng.Perm(order)
	hand := make([]int, n)
	for at, p := range order {
		hand[p] = at % hands
	}
	return hand
}

// part returns the stored entries of x that are of fold f, or that are not.
func part(x *sparse.CSR, fold []int, f int, of bool) *sparse.CSR {
	p := -1
	return x.Filter(func(_, _ int, _ float64) bool {
		p++
		return (fold[p] == f) == of
	})
}

// marks collects the places of entries, each with a value.
type marks struct {
	i, j []int
	v    []float64
}

// add marks the places of the stored entries of x with v.
func (t *marks) add(x *sparse.CSR, v float64) {
	ptr, idx, _ := x.Raw()
	for i := range len(ptr) - 1 {
		for _, j := range idx[ptr[i]:ptr[i+1]] {
			t.i, t.j, t.v = append(t.i, i), append(t.j, int(j)), append(t.v, v)
		}
	}
}

// matrix returns the marks as a matrix of the size of x.
func (t *marks) matrix(x *sparse.CSR) (*sparse.CSR, error) {
	rows, cols := x.Dims()
	return sparse.FromTriplets(rows, cols, t.i, t.j, t.v)
}

func (e *entryFolds) score(ctx context.Context, cfg Config, f, restarts int) (train, test float64, err error) {
	shown, hidden := part(e.all, e.fold, f, false), part(e.all, e.fold, f, true)
	var mask marks
	mask.add(shown, 1)
	if cfg.Mask, err = mask.matrix(shown); err != nil {
		return 0, 0, err
	}
	m, err := bestOf(ctx, e.x, cfg, restarts)
	if err != nil {
		return 0, 0, err
	}
	return m.Err / math.Sqrt(float64(shown.NNZ())), perEntry(m.lossAt(hidden, largest(shown)), float64(hidden.NNZ())), nil
}
