// Package help answers what somebody asks who writes a cell: what may stand here, and what
// is this.
//
// It imports go/types, the rooms compile and source, and the table of documentation. It
// compiles what is being written as far as that goes, and runs nothing.
//
// The way through it: [Guide.Complete] (complete.go) and [Guide.Inspect] (inspect.go) make
// something that parses of the text, check it (analysis.go), and look at the identifier
// that the position is at, or at what the string that it is in may name (columns.go). [Kind] says what a name stands for.
package help
