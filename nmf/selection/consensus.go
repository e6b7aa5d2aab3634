package selection

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/internal/table"
)

// ConsensusOptions says what [Consensus] compares. The zero value compares
// twenty fits.
type ConsensusOptions struct {
	Runs int // fits, from cfg.Seed, cfg.Seed+1, ...; 0 means 20

	// MaxRows bounds the consensus matrix: of a larger X as many rows are
	// drawn by cfg.Seed. 0 means 2000, for which the matrix takes
	// 32 MB and the way to it three times that.
	MaxRows int

	// Progress is called after each fit, from the goroutine that called
	// Consensus; nil is silent.
	Progress func(Restart)

	// Previous is what a call with the same X and settings returned before it
	// was done: its fits are not made again.
	Previous *ConsensusResult
}

// ConsensusFit is what [Consensus] keeps of one fit.
type ConsensusFit struct {
	Fit    Restart
	Labels []int      // the cluster of each of ConsensusResult.Rows, -1 for none
	H      *mat.Dense // the components, k x m
}

// ConsensusResult tells how far fits agree.
type ConsensusResult struct {
	// Rows are the rows of X that the matrix is about, in order.
	Rows []int

	// Matrix holds the share of the fits in which two of the Rows fell into
	// the same cluster: of 0 and 1 only, where all fits agree. nil if there
	// are fewer than two fits or rows, and then the next three are NaN.
	Matrix *mat.SymDense

	// Cophenetic is the correlation of 1 - Matrix with the distances at which
	// average linkage merges the rows: 1 where all fits agree. Brunet et al.
	// choose a K from which on it falls.
	Cophenetic float64

	// Dispersion is the mean of 4 (Matrix - 1/2)^2, from 0, where each pair is
	// a toss-up, to 1 (Kim and Park 2007, doi:10.1093/bioinformatics/btm134).
	Dispersion float64

	// Stability is how alike the components of two fits are, mean over all
	// pairs of fits: with C the cosines of their rows of H, half of the mean
	// of each row's largest and half of that of each column's, which is 1
	// less the Amari-type distance of Wu et al. 2016
	// (doi:10.1073/pnas.1521171113), taken with cosines.
	Stability float64

	// Components holds for each component of Best the mean of its cosine with
	// the component of each other fit that [MatchComponents] pairs it with:
	// 1 for one that every fit finds.
	Components []float64

	Best *nmf.Model     // the fit with the least objective
	Fits []ConsensusFit // in the order of the seeds
}

// Consensus fits X several times from random starts and tells how far the
// fits agree on the clusters of rows, where a row belongs to the component
// with the largest weight, and on the components themselves (Brunet et al.
// 2004, doi:10.1073/pnas.0308531101). Weights are compared with the components
// scaled as for [nmf.UnitNormH]. Call it for several numbers of components: where
// they are too many, fits begin to differ. Agreement alone says little of one
// component, on which all fits agree.
//
// Fits run side by side as in [Restarts]; the result does not depend on how
// many. If ctx ends, Consensus returns what it has together with an error that
// wraps [context.Cause]: hand it in as opt.Previous to go on.
func Consensus(ctx context.Context, x mat.Matrix, cfg nmf.Config, opt ConsensusOptions) (*ConsensusResult, error) {
	if opt.Runs == 0 {
		opt.Runs = 20
	}
	if opt.MaxRows == 0 {
		opt.MaxRows = 2000
	}
	if opt.Runs < 2 || opt.MaxRows < 2 {
		return nil, kind.Errorf(nmf.ErrConfig, "selection: ConsensusOptions has Runs %d and MaxRows %d: want at least 2 of each", opt.Runs, opt.MaxRows)
	}
	cfg, err := forRestarts(cfg, opt.Runs)
	if err != nil {
		return nil, err
	}
	data, err := nmf.NewData(x, cfg)
	if err != nil {
		return nil, err
	}
	n, cols := x.Dims()
	r := &ConsensusResult{Rows: sampleRows(n, opt.MaxRows, cfg.Seed)}
	seeds := seedsFrom(cfg.Seed, opt.Runs)
	best := &RestartResult{}
	fitted := map[uint32]ConsensusFit{}
	if p := opt.Previous; p != nil {
		if !p.fits(r.Rows, cfg.Components, cols) {
			return nil, kind.Errorf(nmf.ErrConfig, "selection: ConsensusOptions.Previous is of another X, Seed, MaxRows or number of Components")
		}
		best.Best = p.Best
		for _, f := range p.Fits {
			fitted[f.Fit.Seed] = f
		}
	}
	todo := slices.DeleteFunc(slices.Clone(seeds), func(s uint32) bool { _, ok := fitted[s]; return ok })
	_, err = fitSeeds(ctx, data, cfg, todo, func(m *nmf.Model) {
		f := ConsensusFit{Fit: asRestart(m), Labels: clusters(m, r.Rows), H: m.H}
		fitted[f.Fit.Seed] = f
		best.keep(m, seeds)
		if opt.Progress != nil {
			opt.Progress(f.Fit)
		}
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	r.Best = best.Best
	for _, s := range seeds {
		if f, ok := fitted[s]; ok {
			r.Fits = append(r.Fits, f)
		}
	}
	r.compare()
	if err != nil {
		return r, fmt.Errorf("selection: consensus stopped after %d of %d fits: %w", len(r.Fits), opt.Runs, context.Cause(ctx))
	}
	return r, nil
}

// fits tells whether r can be gone on from.
func (r *ConsensusResult) fits(rows []int, k, cols int) bool {
	if !slices.Equal(r.Rows, rows) || len(r.Fits) > 0 && r.Best == nil {
		return false
	}
	for _, f := range r.Fits {
		if f.H == nil || len(f.Labels) != len(rows) {
			return false
		}
		if a, b := f.H.Dims(); a != k || b != cols {
			return false
		}
	}
	return true
}

// sampleRows returns the rows of X that a consensus matrix is about.
func sampleRows(n, most int, seed uint32) []int {
	rows := make([]int, n)
	if n <= most {
		for i := range rows {
			rows[i] = i
		}
		return rows
	}
	nprand.New(seed).Perm(rows)
	rows = rows[:most]
	slices.Sort(rows)
	return rows
}

// clusters returns for each of the given rows the component with the largest
// weight, -1 if all are zero.
func clusters(m *nmf.Model, rows []int) []int {
	sizes := make([]float64, m.Components())
	for t := range sizes {
		sizes[t] = floats.Norm(m.H.RawRowView(t), 2)
	}
	labels := make([]int, len(rows))
	for at, i := range rows {
		labels[at] = -1
		largest := 0.0
		for t, v := range m.W.RawRowView(i) {
			if v *= sizes[t]; v > largest {
				labels[at], largest = t, v
			}
		}
	}
	return labels
}

// compare fills in what the fits say together.
func (r *ConsensusResult) compare() {
	r.Cophenetic, r.Dispersion, r.Stability = math.NaN(), math.NaN(), math.NaN()
	n := len(r.Rows)
	if len(r.Fits) < 2 || n < 2 {
		return
	}
	shares := r.shares()
	r.Matrix = mat.NewSymDense(n, shares)
	dist := make([]float64, n*n)
	r.Dispersion = 0
	for p, v := range shares {
		dist[p] = 1 - v
		r.Dispersion += 4 * (v - .5) * (v - .5)
	}
	r.Dispersion /= float64(n) * float64(n)
	tree := newDendrogram(slices.Clone(dist), n)
	tree.correlate(dist)
	r.Cophenetic = tree.Cophenetic

	pairs := 0.0
	r.Stability = 0
	for i := range r.Fits {
		for j := range i {
			r.Stability += agreement(r.Fits[i].H, r.Fits[j].H)
			pairs++
		}
	}
	r.Stability /= pairs
	r.matchBest()
}

// shares returns the entries of the consensus matrix.
func (r *ConsensusResult) shares() []float64 {
	n := len(r.Rows)
	shares := make([]float64, n*n)
	for _, f := range r.Fits {
		for i, a := range f.Labels {
			for j, b := range f.Labels[:i] {
				if a >= 0 && a == b {
					shares[i*n+j]++
				}
			}
		}
	}
	for i := range n {
		for j := range i {
			shares[i*n+j] /= float64(len(r.Fits))
			shares[j*n+i] = shares[i*n+j]
		}
		shares[i*n+i] = 1
	}
	return shares
}

// matchBest fills in r.Components.
func (r *ConsensusResult) matchBest() {
	r.Components = make([]float64, r.Best.Components())
	for _, f := range r.Fits {
		if f.Fit.Seed == r.Best.Config.Seed {
			continue
		}
		for t, c := range matchRows(r.Best.H, f.H).Cosine {
			r.Components[t] += c / float64(len(r.Fits)-1)
		}
	}
}

// String describes the result in one line.
func (r *ConsensusResult) String() string {
	return fmt.Sprintf("%d fits, %d rows: cophenetic correlation %.4f, dispersion %.4f, stability of components %.4f",
		len(r.Fits), len(r.Rows), r.Cophenetic, r.Dispersion, r.Stability)
}

// HTML lists the measures for notebooks.
func (r *ConsensusResult) HTML() string {
	rows := [][]string{{fmt.Sprintf("%d fits, %d rows", len(r.Fits), len(r.Rows)), ""}}
	add := func(name string, v float64) { rows = append(rows, []string{name, fmt.Sprintf("%.4f", v)}) }
	add("cophenetic correlation", r.Cophenetic)
	add("dispersion", r.Dispersion)
	add("stability of components", r.Stability)
	for t, v := range r.Components {
		add(fmt.Sprintf("c%d", t), v)
	}
	return table.HTML(rows)
}
