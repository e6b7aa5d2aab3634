// Package streams carries what cells print and read.
//
// It imports the standard library alone and knows nothing of Go, cells being numbers to it.
//
// The way through it: what cells print is written to an [Output], which joins it to larger
// pieces and hands them over in order; what compiled code writes to an *os.File gets there
// through a [Pipe]; [Stdin] asks for lines when there is someone who reads them.
package streams
