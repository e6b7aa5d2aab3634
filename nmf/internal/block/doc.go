// Package block has how X and the factors lie in memory, and brings them to the
// kernels a block of rows at a time.
//
// [Entries] is X, dense or sparse ([Compressed]), as an iteration reads it, and
// a [Factor] is W, or H transposed. A [Side] is what one half-step reads and
// writes: it cuts the rows into chunks, which depend on X alone, and forms the
// products of their rows with the factor that is held fixed; where that does not
// fit in the caches it does so in tiles, or spread over the depth. [Known] is what
// is known of the fixed factor as a whole, [GramSums] the sums of its Gram matrix.
// carrier.go is the one step of every algorithm, which [Memory] and [Disk] bring
// blocks to.
//
// The package imports gonum/mat, kern, csr, shard and par. To read it, begin with
// factor.go and entries.go, then side.go and carrier.go.
package block
