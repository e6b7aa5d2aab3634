package machine

import (
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"reflect"
	"sync"
	"unsafe"

	"github.com/goplus/ixgo"
	"github.com/goplus/reflectx"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
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

// forgetInterfaces lets ctx make an interface anew: it takes two for the same that are
// written alike, though they may mention types that have been declared twice.
func forgetInterfaces(ctx *reflectx.Context) {
	clear(field(ctx, "interfceLookupCache").Interface().(map[string]reflect.Type))
}

// forgetPackage drops a package that nothing refers to any more.
func forgetPackage(prog *ssa.Program, pkg *types.Package) {
	delete(field(prog, "packages").Interface().(map[*types.Package]*ssa.Package), pkg)
}

// forgetCaches empties the caches of ssa that hold every type there ever was, and
// through its scope the whole package of each. Goroutines of cells may be using them.
func forgetCaches(prog *ssa.Program) {
	for _, c := range []struct {
		mu     []string
		caches [][]string
	}{
		{[]string{"hasParamsMu"}, [][]string{{"hasParams"}}},
		{[]string{"MethodSets", "mu"}, [][]string{{"MethodSets", "named"}, {"MethodSets", "others"}}},
	} {
		mu := field(prog, c.mu...).Addr().Interface().(*sync.Mutex)
		mu.Lock()
		for _, path := range c.caches {
			field(prog, path...).SetZero()
		}
		mu.Unlock()
	}
	field(prog, "ctxt").Set(reflect.ValueOf(types.NewContext())) // which no goroutine of a cell uses
}

// ForgetScopes leaves in the scopes of a package that has been checked what it declares
// at top level. Otherwise x := x + 1 would keep every x there ever was, and each
// parameter of a function all that any function of its cell declares.
func ForgetScopes(pkg *types.Package) {
	elems := field(pkg.Scope(), "elems").Interface().(map[string]types.Object)
	maps.DeleteFunc(elems, func(_ string, obj types.Object) bool { return obj.Pkg() != pkg })
	forgetChildren(pkg.Scope())
}

func forgetChildren(scope *types.Scope) {
	for child := range scope.Children() {
		forgetChildren(child)
		field(child, "elems").SetZero()
	}
	field(scope, "children").SetZero()
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

// globalsOf returns the addresses of the variables of all packages, by path and name.
// Interp.GetSymbol does not know paths with a dot in them.
func globalsOf(in *ixgo.Interp) map[string]any {
	return field(in, "globals").Interface().(map[string]any)
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
		{new(ixgo.Interp), []string{"globals"}, reflect.TypeFor[map[string]any]()},
		{new(ixgo.Interp), []string{"mainpkg"}, reflect.TypeFor[*ssa.Package]()},
		{new(ixgo.Interp), []string{"record"}, reflect.TypeFor[*ixgo.TypesRecord]()},
		{new(ixgo.Interp), []string{"rctx"}, reflect.TypeFor[*reflectx.Context]()},
		{new(ixgo.TypesRecord), []string{"tcache"}, reflect.TypeFor[*typeutil.Map]()},
		{new(ixgo.TypesRecord), []string{"rcache"}, reflect.TypeFor[map[reflect.Type]types.Type]()},
		{reflectx.NewContext(), []string{"interfceLookupCache"}, reflect.TypeFor[map[string]reflect.Type]()},
		{ctx, []string{"nestedMap"}, reflect.TypeFor[map[*types.Named]int]()},
		{new(ixgo.Frame), []string{"_defer"}, deferStack.Elem()},
		{types.NewScope(nil, 0, 0, ""), []string{"elems"}, reflect.TypeFor[map[string]types.Object]()},
		{types.NewScope(nil, 0, 0, ""), []string{"children"}, reflect.TypeFor[[]*types.Scope]()},
		{prog, []string{"packages"}, reflect.TypeFor[map[*types.Package]*ssa.Package]()},
		{prog, []string{"ctxt"}, reflect.TypeFor[*types.Context]()},
		{prog, []string{"hasParamsMu"}, reflect.TypeFor[sync.Mutex]()},
		{prog, []string{"MethodSets", "mu"}, reflect.TypeFor[sync.Mutex]()},
		{prog, []string{"MethodSets", "others"}, reflect.TypeFor[map[types.Type]*types.MethodSet]()},
		{new(flag.FlagSet), []string{"formal"}, reflect.TypeFor[map[string]*flag.Flag]()},
		{new(flag.FlagSet), []string{"actual"}, reflect.TypeFor[map[string]*flag.Flag]()},
		{ctx, []string{"output"}, reflect.TypeFor[io.Writer]()},
	} {
		if v := field(f.ptr, f.path...); !v.IsValid() || v.Type() != f.want {
			return fmt.Errorf("session: %T has no %v of type %v in this version: pin the version in go.mod that has", f.ptr, f.path, f.want)
		}
	}
	for _, f := range []struct {
		path []string
		want reflect.Kind
	}{
		{[]string{"makeInterfaceTypes"}, reflect.Map},
		{[]string{"hasParams"}, reflect.Struct},
		{[]string{"MethodSets", "named"}, reflect.Map},
	} {
		if v := field(prog, f.path...); !v.IsValid() || v.Kind() != f.want {
			return fmt.Errorf("session: %T has no %v %v in this version: pin the version in go.mod that has", prog, f.want, f.path)
		}
	}
	return nil
}

// deferStack is what ixgo makes of the type of ssa:deferstack(), which defer in the
// body of a range over a function needs. It knows the type by a name that newer
// versions of ssa write differently.
var deferStack = reflect.PointerTo(field(new(ixgo.Frame), "_defer").Type())

func isDeferStack(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "deferStack" && (n.Obj().Pkg() == nil || n.Obj().Pkg().Path() == "$ssa")
}
