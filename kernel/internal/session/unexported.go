package session

import (
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"reflect"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

// The few things below are not to be had from outside ssa and ixgo. They are
// written through reflection; checkUnexported, which New calls, fails with a
// clear message if a version of either has them no longer.

// field returns an unexported field of the struct that ptr points to.
func field(ptr any, path ...string) reflect.Value {
	v := reflect.ValueOf(ptr).Elem()
	for _, name := range path {
		if v = v.FieldByName(name); !v.IsValid() {
			return v
		}
	}
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

// setRegister gives an SSA value that was made by hand its type, place and position.
func setRegister(v ssa.Value, block *ssa.BasicBlock, typ types.Type, pos token.Pos) {
	field(v, "register", "typ").Set(reflect.ValueOf(typ))
	field(v, "register", "pos").Set(reflect.ValueOf(pos))
	field(v, "register", "block").Set(reflect.ValueOf(block))
}

// setReferrers says what uses an SSA value that was made by hand.
func setReferrers(v ssa.Value, users []ssa.Instruction) {
	field(v, "register", "referrers").Set(reflect.ValueOf(users))
}

// newParameter returns a parameter of a function that is made by hand.
func newParameter(f *ssa.Function, name string, typ types.Type) *ssa.Parameter {
	p := new(ssa.Parameter)
	field(p, "name").SetString(name)
	field(p, "typ").Set(reflect.ValueOf(typ))
	field(p, "parent").Set(reflect.ValueOf(f))
	return p
}

// forgetInterfaceTypes drops the list of types that earlier cells converted to
// interfaces: ixgo compiles the methods of every one of them for every cell.
func forgetInterfaceTypes(prog *ssa.Program) {
	field(prog, "makeInterfaceTypes").SetZero()
}

// forgetPackage drops a package that nothing refers to any more.
func forgetPackage(prog *ssa.Program, pkg *types.Package) {
	delete(field(prog, "packages").Interface().(map[*types.Package]*ssa.Package), pkg)
}

// forgetParameterized empties a cache that holds every type ssa has ever seen, and
// through the scopes of functions whole packages.
func forgetParameterized(prog *ssa.Program) {
	field(prog, "hasParams").SetZero()
}

// forgetEarlier takes what earlier cells declared out of the scope of a package
// that has been checked. Otherwise x := x + 1 would keep every x there ever was.
func forgetEarlier(pkg *types.Package) {
	elems := field(pkg.Scope(), "elems").Interface().(map[string]types.Object)
	maps.DeleteFunc(elems, func(_ string, obj types.Object) bool { return obj.Pkg() != pkg })
}

// setPrintOutput sends what print and println write to w; ixgo's own way takes
// no other writer than a bytes.Buffer.
func setPrintOutput(ctx *ixgo.Context, w io.Writer) {
	field(ctx, "output").Set(reflect.ValueOf(w))
}

// exitedFlag is what Interp.Abort sets and nothing but a new run clears.
func exitedFlag(in *ixgo.Interp) *int32 {
	return field(in, "exited").Addr().Interface().(*int32)
}

// checkUnexported tests that the fields used above are there.
func checkUnexported(ctx *ixgo.Context, prog *ssa.Program) error {
	for _, f := range []struct {
		ptr  any
		path []string
		want reflect.Type
	}{
		{new(ssa.Call), []string{"register", "typ"}, reflect.TypeFor[types.Type]()},
		{new(ssa.Call), []string{"register", "pos"}, reflect.TypeFor[token.Pos]()},
		{new(ssa.Call), []string{"register", "block"}, reflect.TypeFor[*ssa.BasicBlock]()},
		{new(ssa.Call), []string{"register", "referrers"}, reflect.TypeFor[[]ssa.Instruction]()},
		{new(ssa.Parameter), []string{"name"}, reflect.TypeFor[string]()},
		{new(ssa.Parameter), []string{"typ"}, reflect.TypeFor[types.Type]()},
		{new(ssa.Parameter), []string{"parent"}, reflect.TypeFor[*ssa.Function]()},
		{new(ixgo.Interp), []string{"exited"}, reflect.TypeFor[int32]()},
		{new(ixgo.Frame), []string{"_defer"}, deferStack.Elem()},
		{types.NewScope(nil, 0, 0, ""), []string{"elems"}, reflect.TypeFor[map[string]types.Object]()},
		{prog, []string{"packages"}, reflect.TypeFor[map[*types.Package]*ssa.Package]()},
		{ctx, []string{"output"}, reflect.TypeFor[io.Writer]()},
	} {
		if v := field(f.ptr, f.path...); !v.IsValid() || v.Type() != f.want {
			return fmt.Errorf("session: %T has no %v of type %v in this version: pin the version in go.mod that has", f.ptr, f.path, f.want)
		}
	}
	for name, kind := range map[string]reflect.Kind{"makeInterfaceTypes": reflect.Map, "hasParams": reflect.Struct} {
		if v := field(prog, name); !v.IsValid() || v.Kind() != kind {
			return fmt.Errorf("session: %T has no %v %s in this version: pin the version in go.mod that has", prog, kind, name)
		}
	}
	return nil
}
