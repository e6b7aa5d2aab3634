package csr

// A matrix is worked on, and lies on disk, in blocks of rows of about equal work. The cut into blocks depends on the
// matrix alone: sums that are added in the order of blocks then have the same bits wherever the blocks come from.
const (
	// MaxBlocks bounds the blocks: enough for many workers to share rows of unequal length evenly, few enough for sums by
	// block to cost nothing.
	MaxBlocks = 256

	// Together is the number of rows that are never cut apart, for what takes rows side by side.
	Together = 16

	// rowCost is what a row costs beside its entries, in entries: about twice the number of components, which the cut
	// must not depend on.
	rowCost = 64
)

// Cut returns the bounds of the blocks of a matrix with the given row pointers, from 0 to its number of rows.
func Cut(ptr []int) []int {
	rows := len(ptr) - 1
	bounds := []int{0}
	total := ptr[rows] + rows*rowCost
	for c := 1; c < MaxBlocks; c++ {
		want := int(float64(total) * float64(c) / MaxBlocks)
		at := bounds[len(bounds)-1]
		for at < rows && ptr[at]+at*rowCost < want {
			at = min(at+Together, rows)
		}
		if at > bounds[len(bounds)-1] && at < rows {
			bounds = append(bounds, at)
		}
	}
	return append(bounds, rows)
}
