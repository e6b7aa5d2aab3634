package selection

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/internal/table"
)

// ChooseKOptions says how [ChooseK] compares numbers of components. The zero
// value tries a ladder of them with five folds.
type ChooseKOptions struct {
	// Ks are the numbers of components to try; nil means 1, 2, 3, 4, 6, 8,
	// 12, 16, 24, 32 and 48 as far as they are below half of X's smaller side.
	Ks []int

	Folds   int     // parts that are hidden in turn; 0 means 5
	HoldOut HoldOut // how a part is chosen
	Runs    int     // fits of which the best counts, from cfg.Seed on; 0 means 1
	Seed    uint32  // of the choice of the parts

	// Progress is called after each part of each number, from the goroutine
	// that called ChooseK; nil is silent.
	Progress func(KScore)

	// Previous is what a call with the same X and settings returned before it
	// was done: its scores are taken over.
	Previous *KResult
}

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

// KScore is the error for one number of components with one part hidden.
type KScore struct {
	K, Fold     int
	Train, Test float64 // as in KPoint
}

// KPoint is the error for one number of components. Errors are sqrt(2D/e), D
// the loss and e the number of entries that it sums: for Frobenius the root
// mean square.
type KPoint struct {
	K      int
	Train  float64 // of the entries fitted to, mean of the folds
	Test   float64 // of the entries hidden, mean of the folds
	TestSE float64 // standard error of Test
}

// KResult is what [ChooseK] found. It survives encoding/json, so that a long
// search can go on another day.
type KResult struct {
	Points []KPoint // of every K of which all folds are done, K increasing
	Scores []KScore // what Points are means of, by K and fold

	// Best is the K with the least test error. Suggested is the smallest K
	// whose test error is within one standard error of that: what a larger
	// one gains could be chance (Breiman et al. 1984). Both are 0 without
	// Points.
	Best, Suggested int
}

// ChooseK compares numbers of components by how well models foretell entries
// of X that they were not shown. The error of what a model was shown always
// falls with more components; that of hidden entries rises again where
// components begin to describe noise. Fits run side by side as far as
// cfg.Workers allows, and the result does not depend on how many do.
// cfg.Components and cfg.Progress are not looked at.
//
// For how entries are hidden see [HoldOut]. A sparse.Shards is read into memory,
// since parts of it are made. X may have missing entries, by
// cfg.Mask; cfg.Weights and cfg.Unobserved are refused.
//
// If ctx ends, ChooseK returns what it has together with an error that wraps
// [context.Cause]: hand it in as opt.Previous to go on. [Consensus] looks at
// the choice from another side: at which K do fits agree?
func ChooseK(ctx context.Context, x mat.Matrix, cfg nmf.Config, opt ChooseKOptions) (*KResult, error) {
	if cfg.Weights != nil || cfg.Unobserved != 0 {
		return nil, &nmf.ConfigError{Field: "Weights", Reason: "and Unobserved say how entries count, which ChooseK cannot compare: leave them out"}
	}
	if opt.Folds == 0 {
		opt.Folds = 5
	}
	if opt.Runs == 0 {
		opt.Runs = 1
	}
	if opt.Folds < 2 || opt.Runs < 0 {
		return nil, kind.Errorf(nmf.ErrConfig, "selection: ChooseKOptions has Folds %d and Runs %d: want at least 2 folds and no negative number", opt.Folds, opt.Runs)
	}
	cfg, err := forRestarts(cfg, opt.Runs)
	if err != nil {
		return nil, err
	}
	folds, err := newFolds(x, &cfg, opt)
	if err != nil {
		return nil, err
	}
	ks, err := opt.ks(x.Dims())
	if err != nil {
		return nil, err
	}
	done := map[[2]int]KScore{}
	if opt.Previous != nil {
		for _, s := range opt.Previous.Scores {
			done[[2]int{s.K, s.Fold}] = s
		}
	}
	var todo []KScore
	for _, k := range ks {
		for f := range opt.Folds {
			if _, ok := done[[2]int{k, f}]; !ok {
				todo = append(todo, KScore{K: k, Fold: f})
			}
		}
	}
	err = par.Jobs(ctx, cfg.Workers, len(todo), func(ctx context.Context, i, inner int) (err error) {
		s := &todo[i]
		c := cfg
		c.Components, c.Workers = s.K, inner
		s.Train, s.Test, err = folds.score(ctx, c, s.Fold, opt.Runs)
		return err
	}, func(i int) {
		s := todo[i]
		done[[2]int{s.K, s.Fold}] = s
		if opt.Progress != nil {
			opt.Progress(s)
		}
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	r := newKResult(done, ks, opt.Folds)
	if err != nil {
		return r, fmt.Errorf("selection: choosing k stopped after %d of %d fits: %w", len(r.Scores), len(ks)*opt.Folds, context.Cause(ctx))
	}
	return r, nil
}

// ks returns the numbers of components to try, in order.
func (o *ChooseKOptions) ks(rows, cols int) ([]int, error) {
	if o.Ks == nil {
		ks := []int{1}
		for _, k := range []int{2, 3, 4, 6, 8, 12, 16, 24, 32, 48} {
			if 2*k < min(rows, cols) {
				ks = append(ks, k)
			}
		}
		return ks, nil
	}
	ks := slices.Clone(o.Ks)
	slices.Sort(ks)
	ks = slices.Compact(ks)
	if len(ks) == 0 || ks[0] < 1 {
		return nil, kind.Errorf(nmf.ErrConfig, "selection: ChooseKOptions.Ks is %v: want numbers from 1", o.Ks)
	}
	return ks, nil
}

// newKResult sums up the scores that are there.
func newKResult(done map[[2]int]KScore, ks []int, folds int) *KResult {
	r := &KResult{}
	for _, k := range ks {
		var train, test []float64
		for f := range folds {
			if s, ok := done[[2]int{k, f}]; ok {
				r.Scores = append(r.Scores, s)
				train, test = append(train, s.Train), append(test, s.Test)
			}
		}
		if len(test) < folds {
			continue
		}
		mean, se := meanAndError(test)
		r.Points = append(r.Points, KPoint{K: k, Train: sum(train) / float64(folds), Test: mean, TestSE: se})
	}
	if len(r.Points) == 0 {
		return r
	}
	best := r.Points[0]
	for _, p := range r.Points[1:] {
		if p.Test < best.Test {
			best = p
		}
	}
	r.Best, r.Suggested = best.K, best.K
	for _, p := range r.Points {
		if p.Test <= best.Test+best.TestSE {
			r.Suggested = p.K
			break
		}
	}
	return r
}

func sum(a []float64) float64 {
	s := 0.0
	for _, v := range a {
		s += v
	}
	return s
}

// meanAndError returns the mean of a, and the mean's standard error.
func meanAndError(a []float64) (mean, se float64) {
	n := float64(len(a))
	mean = sum(a) / n
	for _, v := range a {
		se += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(se / (n - 1) / n)
}

// rows has one for each point.
func (r *KResult) rows() [][]string {
	rows := [][]string{{"k", "train error", "test error", "standard error", ""}}
	for _, p := range r.Points {
		note := ""
		switch p.K {
		case r.Suggested:
			note = "suggested"
		case r.Best:
			note = "least test error"
		}
		rows = append(rows, []string{
			fmt.Sprint(p.K), fmt.Sprintf("%.6g", p.Train), fmt.Sprintf("%.6g", p.Test), fmt.Sprintf("%.2g", p.TestSE), note,
		})
	}
	return rows
}

// String lists the points, a line each.
func (r *KResult) String() string { return table.Text(r.rows()) }

// HTML is the same as a table for notebooks.
func (r *KResult) HTML() string { return table.HTML(r.rows()) }
