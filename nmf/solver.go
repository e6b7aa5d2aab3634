package nmf

import (
	"gonmf/nmf/internal/solve"
)

// Solver is an algorithm that improves W and H: [CD], [AcceleratedCD], [MU] or [MiniBatch].
// The set is closed.
type Solver interface {
	// name is the solver's name in files.
	name() string
	// check says whether the solver can run the configuration.
	check(cfg *Config) error
	// method is the algorithm.
	method() solve.Method
}

// CD is coordinate descent for the Frobenius loss (hierarchical alternating
// least squares, one coordinate of W or H at a time):
//
//	G = H H' + l2 I,  B = X H' - l1
//	W[i,t] <- max(0, W[i,t] - (W G - B)[i,t] / G[t,t])    t = 1, ..., k
//
// and the same for H with X transposed. It stops when the sum of the projected
// gradients met in an iteration falls to Tol times the first iteration's.
//
// Cichocki and Phan 2009, doi:10.1587/transfun.E92.A.708; Hsieh and Dhillon
// 2011, doi:10.1145/2020408.2020577.
type CD struct {
	// Shuffle visits the coordinates in a random order, drawn anew from
	// Config.Seed's stream for each half-step.
	Shuffle bool
}

func (CD) name() string { return "cd" }

func (CD) check(c *Config) error {
	if c.Loss != Frobenius {
		return configError("Solver", "CD fits the Frobenius loss only, not %v: use MU{}", c.Loss)
	}
	return nil
}

func (s CD) method() solve.Method { return solve.CD(s) }

// AcceleratedCD is coordinate descent that gets to the same error in a half to
// a fifth of the iterations of [CD], each of which costs little more. W is
// fitted not to H but to where H seems to be going:
//
//	W <- sweep(W; X, Y)
//	H' <- sweep(Y; X, W)
//	Y <- max(0, H' + beta (H' - H)),  H <- H'
//
// where sweep is CD's half-step from its first argument on. beta grows by 5%
// an iteration while the penalised loss falls; when it rises Y goes back to H,
// and beta to two thirds. The first 20 iterations are CD's, with which the
// solution that is then approached faster is most often the one that CD
// approaches; other than CD's, it is not scikit-learn's to all digits. The
// stop rule is CD's.
//
// Ang and Gillis 2019, doi:10.1162/neco_a_01157, algorithm 2, of which the
// leap of W is left out: with H's alone W and H are a pair whose error is
// known without another product.
type AcceleratedCD struct{}

func (AcceleratedCD) name() string { return "accelerated-cd" }

func (AcceleratedCD) check(c *Config) error {
	if c.Loss != Frobenius {
		return configError("Solver", "AcceleratedCD fits the Frobenius loss only, not %v: use MU{}", c.Loss)
	}
	if c.Mask != nil || c.Weights != nil || c.Unobserved != 0 {
		return configError("Solver", "AcceleratedCD takes no Mask, Weights or Unobserved: use CD{}")
	}
	return nil
}

func (s AcceleratedCD) method() solve.Method { return solve.AcceleratedCD(s) }

// MU is multiplicative updates, for every loss of the beta family:
//
//	W <- W * [ ((X * (WH)^(b-2)) H') / ((WH)^(b-1) H' + l1 + l2 W) ]^gamma
//
// and the same for H with everything transposed; *, / and powers are taken
// entry by entry. gamma is 1/(2-b) for b < 1, 1/(b-1) for b > 2 and otherwise
// 1, with which no update raises the penalised loss. Every tenth iteration MU
// looks at the error e = sqrt(2 D(X, WH)), and stops when it has fallen by
// less than Tol of the first.
//
// A zero of W or H stays zero: InitNNDSVD, which has many, suits CD better.
// If b <= 0, X must not have zeros.
//
// Of a sparse X only the stored entries are visited for the Frobenius and the
// Kullback-Leibler loss; the others need all of WH, formed a block at a time.
//
// Lee and Seung 2001 (NIPS 13); Févotte and Idier 2011,
// doi:10.1162/NECO_a_00168.
type MU struct{}

func (MU) name() string { return "mu" }

func (MU) check(*Config) error { return nil }

func (s MU) method() solve.Method { return solve.MU(s) }

// MiniBatch is multiplicative updates of H after every few rows of X. For
// each batch of rows in turn it makes one update of their W and then, with
// the numerator N and the denominator D of that batch's update of H,
//
//	A <- rho A + N * H^(1/gamma)
//	B <- rho B + D
//	H <- (A / B)^gamma
//
// where rho = ForgetFactor^(BatchSize/n) lets earlier batches fade, A starts
// as H and B as ones; see [MU] for the rest. An iteration is one pass over X.
// It stops at the batch at which |H - H_before| / |H| falls to Tol, or
// MaxNoImprovement batches after the running mean of the batches' loss was at
// its least. A negative Tol turns both rules off.
//
// To fit what does not fit in memory see [Online] and [FitStream].
//
// Lefèvre, Bach and Févotte 2011, doi:10.1109/ASPAA.2011.6082314.
type MiniBatch struct {
	BatchSize        int     // rows of a batch; 0 means 1024
	ForgetFactor     float64 // of one pass, up to 1; 0 means 0.7, a negative number that all is forgotten
	MaxNoImprovement int     // 0 means 10, a negative number no limit

	// FreshRestarts solves for a batch's W from a constant, by up to 30
	// updates, instead of making one update of what the last pass left. It
	// costs more a pass and needs fewer of them. At the end W is solved for
	// once more, for all rows.
	FreshRestarts bool
}

func (MiniBatch) name() string { return "minibatch" }

func (s MiniBatch) check(c *Config) error {
	if c.Mask != nil || c.Weights != nil || c.Unobserved != 0 {
		return configError("Solver", "MiniBatch takes no Mask, Weights or Unobserved: use CD{} or MU{}")
	}
	if s.BatchSize < 0 {
		return configError("Solver", "has the BatchSize %d: it must not be negative", s.BatchSize)
	}
	if !(s.ForgetFactor <= 1) {
		return configError("Solver", "has the ForgetFactor %v: it must be at most 1", s.ForgetFactor)
	}
	return nil
}

func (s MiniBatch) method() solve.Method { return solve.MiniBatch(s) }
