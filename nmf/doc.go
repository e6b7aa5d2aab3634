// Package nmf factorizes non-negative matrices: it finds W (n x k) and H
// (k x m), both without negative entries, that make
//
//	D(X, WH) + m AlphaW (r |W|_1 + (1-r)/2 |W|^2) + n AlphaH (r |H|_1 + (1-r)/2 |H|^2)
//
// small for a given X (n x m). Rows of X are samples, or the items of an
// interactions table; columns are features, or users. Row i of W says how much
// of each of the k components is in row i of X, and row t of H what component
// t looks like. D is a [Loss], |.|_1 the sum of entries and |.|^2 that of
// their squares, r is Config.L1Ratio.
//
// [Fit] factorizes, [Model.Transform] finds the W of new rows for the H of a
// fit (fold-in), [Model.Save] and [Load] keep a model. X may be any gonum
// matrix; of a sparse.CSR no fit stores the zeros, and of a sparse.Shards some
// blocks at a time are in memory.
//
// # Choosing a solver
//
//   - [CD], the default: coordinate descent, for the Frobenius loss. It
//     needs fewer iterations than MU, and can leave zeros.
//   - [AcceleratedCD]: the same with extrapolation, for those in a hurry: a
//     half to a fifth of the iterations, not scikit-learn's digits.
//   - [MU]: multiplicative updates, for every loss. Counts, such as words in
//     documents or notes in a spectrogram, ask for [KullbackLeibler];
//     quantities that matter relative to their size for [ItakuraSaito].
//   - [MiniBatch]: H is updated after every few rows, so that a fit of many
//     rows is good after few passes. [Online] and [FitStream] take rows that
//     come in blocks and do not fit in memory.
//
// Entries that are missing, or count for more than others, are told by
// Config.Mask and Config.Weights; Config.Unobserved is for implicit feedback.
//
// # Around a fit
//
//   - Where a fit ends depends on where it starts, and nobody tells how many
//     components there are: package selection has Restarts, ChooseK and
//     Consensus for that. [Data] is an X that is read once for many fits.
//   - The scale and the order of components are open: [Model.Normalize] and
//     [Model.SortByShare] settle them, and [Model.Shares] weighs them.
//     [Model.Reconstruct] and [Model.Inverse] lead back to X.
//   - [FoldIn] takes rows as they come. Package recommend ranks items for users
//     and users for items, and tells whether that beats plain popularity.
//
// What takes long gives what it has when its context ends, and goes on from
// there; [Checkpoint] is for a fit that may be killed.
//
// # Numbers
//
// The same settings and Seed give the factors that scikit-learn 1.9 gives, to
// about ten digits, after the same number of iterations; random numbers are
// those of numpy.random.RandomState. On one kind of processor the same input
// gives the same bits, for any number of Workers. A fit that was cancelled and
// gone on with by [Model.Resume] gives the bits of one that was not.
//
// Where they differ from scikit-learn: a row that Transform folds in stops by
// itself, so that its answer does not depend on the rows that come with it
// ([Model.TransformJoint] has the other rule); Config.AlphaH is not AlphaW
// unless it is set; a start without an error ends MU, and one that is a solution
// already, as that of one component mostly is, ends CD as converged; a negative
// Tol turns both stop rules of [MiniBatch] off, of which tol=0 leaves
// max_no_improvement. TransformJoint of MU with the Kullback-Leibler loss and an
// L1 penalty gives what the update says: scikit-learn adds the penalty to a sum
// that it keeps, once more each iteration.
//
// As in scikit-learn, some numbers are absolute, so that it matters of what size
// the entries of X are. For losses other than Frobenius an entry up to 2^-23
// counts as zero in the error and in Loss.Divergence, and an entry of WH below
// that as 2^-23 where X or a power is divided by it. The NNDSVD starts put zero
// where they find less than 1e-6, so that of an X below about 1e-12 nothing is
// left of them but what [InitNNDSVDa] and [InitNNDSVDar] fill in. Multiply such an
// X. For the Frobenius loss entries of any size have a fit by CD, AcceleratedCD
// and MU: where squares of entries would leave the range of numbers, these fit a
// multiple of X by a power of two and give the multiples back, to the same bits;
// for other losses so where they would overflow, and 2^-23 is of that multiple.
//
// Instruction sets differ by rounding: the environment variable GONMF_CPU chooses
// one, see [Build].
//
// Config.Precision makes a fit compute in float32. [Model.AddReport] keeps with
// a model what it is of, and [Model.Verify] compares later.
//
// # References
//
// The idea: Lee and Seung 1999, doi:10.1038/44565. The losses: Févotte and
// Idier 2011, doi:10.1162/NECO_a_00168. Coordinate descent: Cichocki and Phan
// 2009, doi:10.1587/transfun.E92.A.708. The starts: Boutsidis and Gallopoulos
// 2008, doi:10.1016/j.patcog.2007.09.010, with the singular vectors of Halko,
// Martinsson and Tropp 2011, doi:10.1137/090771806. The other types and
// functions name theirs.
//
// # Inside
//
// This package is what a person says and gets. [Fit] reads X (matrix.go,
// weights.go) and looks whether it can be fitted (check.go, range.go), internal/start
// says where W and H begin, and the one loop in fit.go drives an algorithm of
// internal/solve, to which internal/block carries X and the factors, a block of rows
// at a time, and whose hot loops are in internal/kern. The package imports these,
// internal/npz for files, sparse and gonum, and nothing else.
package nmf
