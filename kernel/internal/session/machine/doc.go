// Package machine is all that knows the interpreter, ixgo: it compiles a checked package
// to SSA, edits that where ixgo would do something else than Go does, and runs it.
//
// It imports ixgo and reflectx, which no other package does but linked, the table of
// packages that are compiled in; go/ssa, the rooms source (for the names that cells are
// compiled under), linked, streams and unboxed; and knows neither how the text of a cell
// became a package nor what a session is: what it needs of those it is told in [Options].
//
// The way through it: [Machine.Build] makes a [Program] of a checked package (program.go),
// with the edits of editor.go and its neighbours, numeric code unboxed (numeric.go) and
// types that all cells share (loader.go, interp.go). [Machine.Keep] lets later programs see
// what it declares, [Machine.Run] runs and stops it (run.go), [Machine.Trace] tells where
// it has panicked, and [Machine.Forget] ends it.
package machine
