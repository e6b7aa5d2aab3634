// Package symbols is the one table of compiled packages for every interpreter:
// what an interpreted script or a notebook cell may import beside the standard
// library. It holds gonmf's own packages, gota, and the parts of gonum and
// gonum/plot that go with them.
//
// The table has yaegi's form, so yaegi takes it as it is (see the example); a
// short converter turns it into the form other interpreters want. An entry is
// one of
//
//   - a function, as its value;
//   - a variable, as an addressable value;
//   - an untyped constant, as a [go/constant.Value], and a typed one as its value;
//   - a type T, as a nil pointer of type *T;
//   - "_I" for an interface I, as a nil pointer to a struct that implements I by
//     calling functions: yaegi's way to let interpreted types satisfy it.
//
// Generic functions and types have no reflect.Value and are not in the table.
//
// The files beside this one are generated. To add a package, add its path to the
// list in internal/generate and run go generate; run it also after the exported
// API of one of gonmf's packages has changed.
package symbols

import "reflect"

//go:generate go run ./internal/generate

// Symbols maps "import path/package name" to the exported symbols of that
// package. It is filled when the program starts and must not be changed
// afterwards.
var Symbols = map[string]map[string]reflect.Value{}
