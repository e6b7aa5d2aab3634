// Package selection helps to choose: which number of components, and which of
// many starts.
//
//   - Where a fit ends depends on where it starts: [Restarts] keeps the best of
//     several, side by side.
//   - How many components? [ChooseK] asks how well entries are foretold that a
//     fit was not shown, and [Consensus] how far fits agree; [AverageLinkage]
//     puts their agreement in order, and [MatchComponents] pairs the components
//     of two models.
//
// What takes long gives what it has when its context ends, and goes on from
// there: see the options' Previous. Fits run side by side, and no result
// depends on how many do.
//
// The package stands on what nmf exports: X is read once, as an [nmf.Data], and
// fitted many times. It imports nmf, nmf/sparse, gonum, and of what is internal
// who does the work (par), NumPy's random numbers and tables in words. To read
// it, begin with restarts.go; choosek.go and the holdout files are one search,
// consensus.go, linkage.go and match.go another.
package selection
