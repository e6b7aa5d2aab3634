// Package compile turns the text of a cell into a checked package.
//
// It imports go/ast and go/types, x/tools for the former, and the room source. What has
// been compiled for cells to import it is told by [Packages]; how a checked package is run,
// and how a failure is put into words, it does not know.
//
// The way through it is [Compiler.Compile] (check.go): the pieces of a cell become the files
// of a [Unit] (unit.go), earlier types that get new methods are written again (methods.go),
// imports are found, folders of the user's among them (resolve.go, folders.go), names get
// the form that they are compiled under, variables of the top level are hoisted and hooks
// put in (rewrite.go and its neighbours), and the type checker sees it (typecheck.go); what
// it says may be learnt from, and tried again (learn.go). [Compiler.Declare] makes what a
// unit declares visible to the next.
package compile
