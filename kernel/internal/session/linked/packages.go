// Package linked is what of compiled packages a cell can import: ixgo's table of the standard
// library, what that leaves out, and the packages of gonmf. The table is one for the process.
package linked

import (
	"go/constant"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/goplus/ixgo"
	_ "github.com/goplus/ixgo/pkg"                 // the standard library
	_ "github.com/goplus/reflectx/icall/icall8192" // stubs for the methods of cells' types

	"gonmf/kernel/internal/session/source"
)

// ixgo knows packages by a table of the process. What every session has beside
// the standard library is put there once.
var (
	registerMu sync.Mutex
	registered = map[string]bool{}

	// implied are packages that a cell cannot import, but whose types others hand out:
	// without them ixgo would not find the methods of these.
	implied = map[string]bool{}
)

// Register makes compiled packages importable, those that are not yet. They have the form
// that `yaegi extract` writes: from "import/path/name" to the exported symbols, types being
// nil pointers.
func Register(table map[string]map[string]reflect.Value) {
	registerGenerics()
	registerMu.Lock()
	defer registerMu.Unlock()
	for key, symbols := range table {
		p := path.Dir(key)
		if registered[p] || slices.Contains(ixgo.PackageList(), p) {
			continue
		}
		registered[p] = true
		ixgo.RegisterPackageLazy(p, func() *ixgo.Package { return convert(key, symbols) })
	}
}

// Has says whether a package can be imported.
func Has(path string) bool {
	_, ok := ixgo.LookupPackage(path)
	return ok && !implied[path]
}

// Paths returns the packages that a cell can import.
func Paths() []string {
	return slices.DeleteFunc(ixgo.PackageList(), func(p string) bool {
		return p == source.HooksPath || strings.HasPrefix(p, "github.com/goplus/") || strings.Contains(p, "internal") ||
			strings.Contains(p, "qiniu") || implied[p] || strings.HasSuffix(p, "@patch")
	})
}

var (
	constantType = reflect.TypeFor[constant.Value]()
	untyped      = map[constant.Kind]string{
		constant.Bool: "untyped bool", constant.String: "untyped string", constant.Int: "untyped int",
		constant.Float: "untyped float", constant.Complex: "untyped complex",
	}
)

// convert turns the symbols of a package from yaegi's form into ixgo's.
func convert(key string, symbols map[string]reflect.Value) *ixgo.Package {
	p := &ixgo.Package{
		Path: path.Dir(key), Name: path.Base(key),
		Interfaces: map[string]reflect.Type{}, NamedTypes: map[string]reflect.Type{}, AliasTypes: map[string]reflect.Type{},
		Vars: map[string]reflect.Value{}, Funcs: map[string]reflect.Value{},
		TypedConsts: map[string]ixgo.TypedConst{}, UntypedConsts: map[string]ixgo.UntypedConst{},
	}
	deps := dependencies{own: p.Path, seen: map[reflect.Type]bool{}, paths: map[string]string{}, unknown: map[string]*ixgo.Package{}}
	for name, v := range symbols {
		if strings.HasPrefix(name, "_") {
			continue // an interface wrapper, which ixgo has no need of
		}
		t := v.Type()
		if !t.Implements(constantType) {
			deps.add(t)
		}
		switch {
		case v.CanAddr(): // a variable, of a function it may be
			p.Vars[name] = v.Addr()
		case v.Kind() == reflect.Func:
			p.Funcs[name] = v
		case t.Implements(constantType):
			c := v.Interface().(constant.Value)
			p.UntypedConsts[name] = ixgo.UntypedConst{Typ: untyped[c.Kind()], Value: c}
		case v.Kind() == reflect.Pointer && v.IsNil():
			switch t := t.Elem(); {
			case t.PkgPath() != p.Path || t.Name() != name:
				p.AliasTypes[name] = t
			case t.Kind() == reflect.Interface:
				p.Interfaces[name] = t
			default:
				p.NamedTypes[name] = t
			}
		default:
			if c := constantOf(v); c != nil {
				p.TypedConsts[name] = ixgo.TypedConst{Typ: t, Value: c}
			}
		}
	}
	for path, pkg := range deps.unknown {
		implied[path] = true
		ixgo.RegisterPackage(pkg)
		deps.paths[path] = pkg.Name
	}
	p.Deps = deps.paths
	return p
}

// constantOf returns the value of a typed constant.
func constantOf(v reflect.Value) constant.Value {
	switch {
	case v.CanInt():
		return constant.MakeInt64(v.Int())
	case v.CanUint():
		return constant.MakeUint64(v.Uint())
	case v.CanFloat():
		return constant.MakeFloat64(v.Float())
	case v.CanComplex():
		c := v.Complex()
		return constant.BinaryOp(constant.MakeFloat64(real(c)), '+', constant.MakeImag(constant.MakeFloat64(imag(c))))
	case v.Kind() == reflect.String:
		return constant.MakeString(v.String())
	case v.Kind() == reflect.Bool:
		return constant.MakeBool(v.Bool())
	}
	return nil
}

// dependencies collects the importable packages whose types a package's symbols
// reach. The loader must know them first, or it makes their types a second time.
type dependencies struct {
	own     string
	seen    map[reflect.Type]bool
	paths   map[string]string        // path to name
	unknown map[string]*ixgo.Package // that are in no table
}

// imply notes a type of a package that is in no table.
func (d *dependencies) imply(path string, t reflect.Type) {
	pkg := d.unknown[path]
	if pkg == nil {
		name, _, _ := strings.Cut(t.String(), ".")
		pkg = &ixgo.Package{Path: path, Name: name, Interfaces: map[string]reflect.Type{}, NamedTypes: map[string]reflect.Type{}}
		d.unknown[path] = pkg
	}
	if t.Kind() == reflect.Interface {
		pkg.Interfaces[t.Name()] = t
	} else {
		pkg.NamedTypes[t.Name()] = t
	}
}

func (d *dependencies) add(t reflect.Type) {
	if d.seen[t] {
		return
	}
	d.seen[t] = true
	if p := t.PkgPath(); p != "" && p != d.own {
		if pkg, ok := ixgo.LookupPackage(p); ok {
			d.paths[p] = pkg.Name
		} else if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") && !strings.Contains(t.Name(), "[") {
			d.imply(p, t)
		}
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		d.add(t.Elem())
	case reflect.Map:
		d.add(t.Key())
		d.add(t.Elem())
	case reflect.Func:
		for in := range t.Ins() {
			d.add(in)
		}
		for out := range t.Outs() {
			d.add(out)
		}
	case reflect.Struct:
		for f := range t.Fields() {
			d.add(f.Type)
		}
	}
	if t.Name() == "" && t.Kind() != reflect.Interface {
		return
	}
	for m := range t.Methods() {
		d.add(m.Type)
	}
	if t.Kind() != reflect.Interface {
		for m := range reflect.PointerTo(t).Methods() {
			d.add(m.Type)
		}
	}
}
