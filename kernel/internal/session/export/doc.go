// Package export writes the cells of a notebook as a program that does the same.
//
// It imports go/ast and go/types and the rooms compile, explain (for what its errors are)
// and source. It runs nothing; the session compiles the cells for it, as [Cells].
//
// The way through it: [Program] has each cell compiled (program.go), decides what of it are
// variables of main and what are the program's (names.go), writes it with the names that
// the program has (state.go), turns what only a notebook can do into comments
// (notebook.go), and writes out the looks at errors that a cell has by itself (unread.go).
package export
