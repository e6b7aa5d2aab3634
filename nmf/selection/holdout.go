package selection

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
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
	score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error)
}

func newFolds(x mat.Matrix, cfg *nmf.Config, opt ChooseKOptions) (folds, error) {
	data, err := nmf.NewData(x, *cfg)
	if err != nil {
		return nil, err
	}
	read := data.Matrix()
	csr, isSparse := read.(*sparse.CSR)
	how := opt.HoldOut
	if how == HoldOutAuto {
		how = HoldOutEntries
		if rows, cols := read.Dims(); cfg.Mask == nil && (isSparse || rows*cols > fewEntries) {
			how = HoldOutBlocks
		}
	}
	rng := nprand.New(opt.Seed)
	switch {
	case how == HoldOutBlocks && cfg.Mask != nil:
		return nil, &nmf.ConfigError{Field: "Mask", Reason: "leaves out entries, which HoldOutBlocks cannot: use HoldOutEntries"}
	case how == HoldOutBlocks:
		return newBlockFolds(read, opt.Folds, rng)
	case how == HoldOutEntries && isSparse && cfg.Mask == nil:
		if cfg.Loss != nmf.Frobenius && cfg.Loss != nmf.KullbackLeibler {
			return nil, &nmf.ConfigError{Field: "Loss", Reason: fmt.Sprintf("is %v, for which single entries of a sparse X cannot be hidden: use HoldOutBlocks", cfg.Loss)}
		}
		return newSparseFolds(csr, opt.Folds, rng)
	case how == HoldOutEntries:
		return newEntryFolds(x, read, opt.Folds, rng)
	default:
		return nil, fmt.Errorf("selection: ChooseKOptions.HoldOut is %d: want HoldOutAuto, HoldOutEntries or HoldOutBlocks: %w", how, nmf.ErrConfig)
	}
}

// bestOf returns the best of some fits.
func bestOf(ctx context.Context, x mat.Matrix, cfg nmf.Config, runs int) (*nmf.Model, error) {
	data, err := nmf.NewData(x, cfg)
	if err != nil {
		return nil, err
	}
	var best *nmf.Model
	for _, seed := range seedsFrom(cfg.Seed, runs) {
		cfg.Seed = seed
		m, err := data.Fit(ctx, cfg)
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
func lossAt(m *nmf.Model, x *sparse.CSR, most float64) (float64, error) {
	foretold, err := m.ReconstructAt(x)
	if err != nil {
		return 0, err
	}
	foretold = foretold.Map(func(_, _ int, v float64) float64 { return min(v, most) })
	total := 0.0
	rows, _ := x.Dims()
	for i := range rows {
		_, val := x.Row(i)
		_, y := foretold.Row(i)
		total += m.Config.Loss.Divergence(val, y)
	}
	return total, nil
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

// newEntryFolds hides entries of x; read are those that are observed, a
// *sparse.CSR or a *mat.Dense.
func newEntryFolds(x, read mat.Matrix, folds int, rng *nprand.Source) (*entryFolds, error) {
	e := &entryFolds{x: x}
	if csr, ok := read.(*sparse.CSR); ok {
		e.all = csr
	} else {
		var err error
		if e.all, err = listed(read); err != nil {
			return nil, err
		}
	}
	if e.all.NNZ() < folds {
		return nil, fmt.Errorf("selection: choosing k: %d entries do not make %d folds: %w", e.all.NNZ(), folds, nmf.ErrShape)
	}
	e.fold = dealt(e.all.NNZ(), folds, rng)
	return e, nil
}

// listed returns x as a sparse matrix that stores every entry.
func listed(x mat.Matrix) (*sparse.CSR, error) {
	rows, cols := x.Dims()
	ptr, idx, val := make([]int, rows+1), make([]int32, 0, rows*cols), make([]float64, 0, rows*cols)
	for i := range rows {
		for j := range cols {
			idx, val = append(idx, int32(j)), append(val, x.At(i, j))
		}
		ptr[i+1] = len(val)
	}
	return sparse.FromCSR(rows, cols, ptr, idx, val)
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

func (e *entryFolds) score(ctx context.Context, cfg nmf.Config, f, runs int) (train, test float64, err error) {
	shown, hidden := part(e.all, e.fold, f, false), part(e.all, e.fold, f, true)
	var mask marks
	mask.add(shown, 1)
	if cfg.Mask, err = mask.matrix(shown); err != nil {
		return 0, 0, err
	}
	m, err := bestOf(ctx, e.x, cfg, runs)
	if err != nil {
		return 0, 0, err
	}
	loss, err := lossAt(m, hidden, largest(shown))
	if err != nil {
		return 0, 0, err
	}
	return m.Err / math.Sqrt(float64(shown.NNZ())), perEntry(loss, float64(hidden.NNZ())), nil
}
