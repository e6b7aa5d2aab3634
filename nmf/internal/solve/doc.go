// Package solve has what an iteration does: an algorithm a file, opened by its
// formula and its paper. Here is all of the mathematics of a fit, and nothing of
// where X lies and who does the work: see [block.Carrier] for the one step that
// all algorithms are made of.
//
// A [Method] starts on a [Problem], X and where W and H begin, and is then a
// [Stepper] that the loop of package nmf drives. cd.go is coordinate descent,
// accelerated.go the same with leaps, weighted.go that of entries with weights, and
// cdfold.go folds rows in by it; mu.go is multiplicative updates, whose half-step
// is in muhalf.go, and mufold.go folds in by them; minibatch.go and batches.go update
// H after every few rows. divergence.go and error.go tell how far WH is from X.
//
// The package imports block, kern and NumPy's random numbers.
package solve
