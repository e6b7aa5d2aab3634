// Package stdlib is the part of the standard library that ixgo's own table
// leaves out, in the form that `yaegi extract` writes. Missing still are net/rpc,
// which would end the process when it calls a method of a cell's type, and what
// needs a compiler, a linker or a test binary.
package stdlib

import "reflect"

//go:generate go run github.com/traefik/yaegi/cmd/yaegi extract -name stdlib testing/fstest testing/iotest testing/quick testing/slogtest testing/synctest

// Symbols maps "import path/package name" to the exported symbols of that
// package.
var Symbols = map[string]map[string]reflect.Value{}
