// Package start has where a fit begins: random factors, and those of NNDSVD from
// singular vectors of X.
//
// It imports block, which carries X, kern, NumPy's random numbers and gonum's
// LAPACK. To read it, begin with nndsvd.go, whose singular triplets svd.go finds.
package start
