package imports

import (
	"go/constant"
	"os"
	"path"
	"reflect"
	"strings"

	"github.com/cosmos72/gomacro/base/untyped"
	"github.com/cosmos72/gomacro/imports"
	"github.com/traefik/yaegi/stdlib"

	"gonmf/scripts/progress"
	"gonmf/scripts/symbols"
)

// Every package of the table can be imported in a cell. So can those of the
// standard library that are younger than the interpreter.
func init() {
	progress.Notebook = cellOutput{}
	for _, table := range []map[string]map[string]reflect.Value{symbols.Symbols, stdlib.Symbols} {
		for key, symbols := range table {
			if _, known := imports.Packages[path.Dir(key)]; !known {
				imports.Packages[path.Dir(key)] = convert(path.Base(key), symbols)
			}
		}
	}
}

// cellOutput writes to the running cell, for which the kernel exchanges
// os.Stdout.
type cellOutput struct{}

func (cellOutput) Write(p []byte) (int, error) { return os.Stdout.Write(p) }

// convert turns one package of the table into the interpreter's form.
func convert(name string, symbols map[string]reflect.Value) imports.Package {
	p := imports.Package{
		Name:     name,
		Binds:    map[string]reflect.Value{},
		Types:    map[string]reflect.Type{},
		Untypeds: map[string]string{},
	}
	for name, v := range symbols {
		switch {
		case strings.HasPrefix(name, "_"):
			// For yaegi alone.
		case v.Kind() == reflect.Pointer && v.IsNil():
			p.Types[name] = v.Type().Elem()
		default:
			p.Binds[name] = v
			if c, ok := v.Interface().(constant.Value); ok && !v.CanAddr() {
				// In Binds too, where the interpreter looks for names.
				p.Untypeds[name] = untyped.Marshal(untyped.MakeKind(c.Kind()), c)
			}
		}
	}
	return p
}
