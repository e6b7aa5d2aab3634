package nmf

import (
	"fmt"
	"math"
	"runtime"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
)

// Config says what to fit and how. The zero value of every field but
// Components is a default; a Config is never modified.
type Config struct {
	// Components is k, the number of columns of W and rows of H. Required.
	Components int

	// Init says where W and H start.
	Init Init

	// Solver makes the iterations; nil means CD{}.
	Solver Solver

	// Loss is what the fit makes small; the zero Loss is Frobenius.
	Loss Loss

	// MaxIter bounds the iterations; 0 means 200.
	MaxIter int

	// Tol is the solver's stopping tolerance; 0 means 1e-4, and a negative
	// one makes the fit run MaxIter iterations.
	Tol float64

	// Seed is of NumPy's RandomState: the same seed gives the initial
	// factors that scikit-learn's random_state gives.
	Seed uint32

	// AlphaW and AlphaH weigh the penalties on W and H, and L1Ratio (from 0
	// to 1) splits them between the L1 and the squared L2 norm:
	//
	//	D(X, WH) + m AlphaW (r |W|_1 + (1-r)/2 |W|^2) + n AlphaH (r |H|_1 + (1-r)/2 |H|^2)
	//
	// AlphaH is taken as it stands: scikit-learn's default for it is alpha_W.
	AlphaW, AlphaH, L1Ratio float64

	// Mask (n x m) tells which entries of X are observed: those where it is
	// not zero. The others may be anything, NaN too; the fit does not look at
	// them. nil observes all.
	Mask mat.Matrix

	// Weights (n x m) are the weights v of the entries' terms in the loss; nil
	// is 1 for all. An entry of weight 0 is not observed. The fit then makes
	//
	//	sum over observed (i,j) of v[i,j] D(X[i,j], (WH)[i,j]) + Unobserved * sum over the others of D(0, (WH)[i,j])
	//
	// and the penalties small; Model.Err is sqrt(2 times that sum). Memory
	// and the time of an iteration grow with the observed entries.
	Weights mat.Matrix

	// Unobserved is the weight of every entry that is not observed, which then
	// counts as a zero. Without Mask and Weights the observed entries are the
	// nonzeros of X. It is for counts of events, where no event says a little:
	// Hu, Koren and Volinsky 2008, doi:10.1109/ICDM.2008.22.
	Unobserved float64

	// W0 (n x k) and H0 (k x m) are where InitCustom starts. They are copied.
	W0, H0 mat.Matrix

	// Precision is what the fit computes with: Float64, or Float32, which is
	// faster (CD of a large sparse X: 1.8 times) and holds half the memory beside
	// a sparse X; of a dense X it makes a copy, and an NNDSVD start takes what it
	// takes in Float64. X, W and H are float64s all the same: X, and the initial
	// factors that Float64 has, are rounded to 24 bits, and sums over rows, the
	// error among them, taken in float64. Err is that of W and H to 1e-5. Of the
	// first names (k=20) and of Online Retail (k=50) both precisions made the same
	// number of iterations, to errors 2e-7 of them apart, W and H up to 1.6e-5 of
	// their largest entry, and gave every row the same largest component.
	//
	// Entries beyond 3.4e38, or whose squares sum to more, are an error, and those
	// below 1e-45 become zero, or below that share of the largest where it is
	// below 1e-9. Where the error falls below a tenth of |X|, CD and
	// MU form the residual to know it, at the cost of a product of W and H.
	// [Model.Transform] and [FoldIn] compute in Float64 whatever this is, and
	// [Online] does not take Float32.
	Precision Precision

	// Workers is the number of goroutines; 0 means GOMAXPROCS. The result is
	// bit-identical for every number.
	Workers int

	// Progress is called after each iteration, from the goroutine that
	// called Fit; nil is silent.
	Progress func(Step)

	// Checkpoint names a folder for a fit that goes on where it was killed.
	Checkpoint Checkpoint
}

// Step is what Config.Progress is told after an iteration.
type Step struct {
	Iter    int     // from 1
	MaxIter int     // of the Config, its default filled in; 0 for blocks
	Err     float64 // as Model.Err; NaN where the solver does not know it at this iteration
	// Change is what the solver's stop rule compares with Tol: for CD the
	// projected gradient relative to the first iteration's. It is NaN at
	// iterations at which the rule does not look.
	Change float64
	// Stop is why no iteration follows this one: Converged or IterationLimit.
	Stop Stop
}

const (
	defaultMaxIter = 200
	defaultTol     = 1e-4

	// maxEntries bounds (n+m)*k, so that a slip of the pen is an error and
	// not the end of the process.
	maxEntries = 1 << 34
)

// withDefaults fills in defaults and checks everything that does not depend
// on the entries of X, which is n x m.
func (c Config) withDefaults(n, m int) (Config, error) {
	if c.Solver == nil {
		c.Solver = CD{}
	}
	if c.MaxIter == 0 {
		c.MaxIter = defaultMaxIter
	}
	if c.Tol == 0 {
		c.Tol = defaultTol
	}
	if c.Workers == 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Init == InitAuto {
		if c.Components <= min(n, m) {
			c.Init = InitNNDSVDa
		} else {
			c.Init = InitRandom
		}
	}
	switch {
	case c.Components < 1:
		return c, configError("Components", "is %d: it must be at least 1", c.Components)
	case c.Components > maxEntries/(n+m):
		return c, configError("Components", "is %d: factors of a %d x %d matrix that large do not fit in memory", c.Components, n, m)
	case c.MaxIter < 0:
		return c, configError("MaxIter", "is %d: it must not be negative", c.MaxIter)
	case math.IsNaN(c.Tol):
		return c, configError("Tol", "is NaN")
	case c.Workers < 0:
		return c, configError("Workers", "is %d: it must not be negative", c.Workers)
	case !(c.AlphaW >= 0) || math.IsInf(c.AlphaW, 0):
		return c, configError("AlphaW", "is %v: it must be a number from 0", c.AlphaW)
	case !(c.AlphaH >= 0) || math.IsInf(c.AlphaH, 0):
		return c, configError("AlphaH", "is %v: it must be a number from 0", c.AlphaH)
	case !(c.L1Ratio >= 0 && c.L1Ratio <= 1):
		return c, configError("L1Ratio", "is %v: it must be from 0 to 1", c.L1Ratio)
	case !(c.Unobserved >= 0) || math.IsInf(c.Unobserved, 0):
		return c, configError("Unobserved", "is %v: it must be a number from 0", c.Unobserved)
	case c.Unobserved > 0 && c.Loss != Frobenius && c.Loss != KullbackLeibler:
		return c, configError("Unobserved", "needs the Frobenius or the Kullback-Leibler loss, not %v, which zeros would cost all of WH", c.Loss)
	case c.Precision != Float64 && c.Precision != Float32:
		return c, configError("Precision", "is %v: want Float64 or Float32", c.Precision)
	case math.IsNaN(c.Loss.Beta()) || math.IsInf(c.Loss.Beta(), 0):
		return c, configError("Loss", "is %v: beta must be a finite number", c.Loss)
	}
	if err := c.Checkpoint.check(); err != nil {
		return c, err
	}
	if err := kern.Refused(); err != nil {
		return c, kind.Errorf(ErrConfig, "nmf: %v", err)
	}
	if err := c.Init.check(&c, n, m); err != nil {
		return c, err
	}
	if err := c.checkPenalties(n, m); err != nil {
		return c, err
	}
	return c, c.Solver.check(&c)
}

// settings are what the algorithms are told.
func (c *Config) settings() solve.Settings {
	return solve.Settings{
		Loss: c.Loss.solve(), MaxIter: c.MaxIter, Tol: c.Tol, Seed: c.Seed,
		AlphaW: c.AlphaW, AlphaH: c.AlphaH, L1Ratio: c.L1Ratio,
	}
}

// penalties returns the weights of the L1 and the squared L2 norm of W and of
// H, for an n x m matrix.
func (c *Config) penalties(n, m int) (l1W, l2W, l1H, l2H float64) {
	s := c.settings()
	return s.Penalties(n, m)
}

// String lists the settings in one line.
func (c Config) String() string {
	solver := c.Solver
	if solver == nil {
		solver = CD{}
	}
	more := ""
	if c.Precision != Float64 {
		more += " precision=" + c.Precision.String()
	}
	if c.Mask != nil {
		more += " masked"
	}
	if c.Weights != nil {
		more += " weighted"
	}
	if c.Unobserved != 0 {
		more += fmt.Sprintf(" unobserved=%g", c.Unobserved)
	}
	return fmt.Sprintf("k=%d init=%v solver=%s loss=%v max_iter=%d tol=%g seed=%d alpha_W=%g alpha_H=%g l1_ratio=%g%s",
		c.Components, c.Init, solver.name(), c.Loss, c.MaxIter, c.Tol, c.Seed, c.AlphaW, c.AlphaH, c.L1Ratio, more)
}
