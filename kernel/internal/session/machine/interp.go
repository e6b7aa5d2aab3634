package machine

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"sync"
	_ "unsafe" // for linkname

	"github.com/goplus/ixgo"
	"github.com/goplus/reflectx"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// ixgo has an interpreter for each cell, and each makes its own reflect.Type of an
// unnamed struct with embedded fields or an unnamed interface: a variable of such a type
// could not be assigned to by a later cell. Here an interpreter is made as ixgo.NewInterp
// makes it, but begins with the types that the session has.

//go:linkname checkPackages github.com/goplus/ixgo.checkPackages
func checkPackages(*ixgo.Interp, []*ssa.Package) error

// promoted is where ixgo keeps the functions behind promoted methods, for all types that
// ever were. Its key is the type that declares the method and the way there, without the
// type that it starts from: of two structs that embed the same type the second would be
// called with the layout of the first.
//
//go:linkname promoted github.com/goplus/ixgo.mfnMap
var promoted sync.Map

// making guards promoted, which all sessions of a process share, while types are made.
var making sync.Mutex

// newTypeContext returns a context for making types, in which each type has promoted
// methods of its own.
func newTypeContext() *reflectx.Context {
	ctx := reflectx.NewContext()
	ctx.SetHasImethod(func(t reflect.Type, m reflectx.Method) bool {
		promoted.Clear() // the methods of t are complete; those of the next type must not be found
		return m.FuncId != -1 && (token.IsExported(m.Name) || t.PkgPath() != m.PkgPath)
	})
	return ctx
}

// newInterp returns an interpreter for pkg that has compiled it, the packages that are
// new with it, and all that they call.
func (m *Machine) newInterp(pkg *ssa.Package) (*ixgo.Interp, error) {
	making.Lock()
	defer making.Unlock()
	prog := pkg.Prog
	in := new(ixgo.Interp)
	rctx := newTypeContext()
	record := ixgo.NewTypesRecord(m.ixgo, rctx, prog, m.loader, in, field(m.ixgo, "nestedMap").Interface().(map[*types.Named]int))
	for name, v := range map[string]any{
		"ctx": m.ixgo, "rctx": rctx, "mainpkg": pkg, "record": record, "goroutines": int32(1),
		"preloadTypes": map[types.Type]reflect.Type{}, "chkinit": map[string]bool{}, "chexit": make(chan int),
	} {
		field(in, name).Set(reflect.ValueOf(v))
	}
	for _, name := range []string{"globals", "funcs", "msets"} {
		m := field(in, name)
		m.Set(reflect.MakeMap(m.Type()))
	}
	var pkgs []*ssa.Package
	for _, p := range prog.AllPackages() {
		if p.Func("init").Blocks != nil {
			pkgs = append(pkgs, p)
		}
	}
	m.loader.share(record, pkgs, m.editor.batch)
	record.Load(pkg)
	for _, p := range pkgs {
		for _, m := range p.Members {
			if g, ok := m.(*ssa.Global); ok {
				t, _ := record.ToType(g.Type().(*types.Pointer).Elem())
				globalsOf(in)[g.String()] = reflect.New(t).Interface()
			}
		}
	}
	if err := checkPackages(in, pkgs); err != nil {
		return nil, err
	}
	m.loader.learn(in, record)
	return in, nil
}

// share gives the record of an interpreter the unnamed types that all cells have in
// common, those of its variables and functions among them.
func (l *loader) share(record *ixgo.TypesRecord, pkgs []*ssa.Package, functions []*ssa.Function) {
	l.mu.Lock()
	defer l.mu.Unlock()
	forgetInterfaces(l.rctx)
	seen := map[types.Type]bool{}
	for _, p := range pkgs {
		for _, m := range p.Members {
			if g, ok := m.(*ssa.Global); ok {
				l.sharedIn(g.Type(), seen)
			}
		}
	}
	for _, f := range functions {
		l.sharedIn(f.Signature, seen)
		for _, p := range f.Params {
			l.sharedIn(p.Type(), seen)
		}
		for _, p := range f.FreeVars {
			l.sharedIn(p.Type(), seen)
		}
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				if v, ok := in.(ssa.Value); ok {
					l.sharedIn(v.Type(), seen)
				}
				var buf [8]*ssa.Value
				for _, op := range in.Operands(buf[:0]) {
					if *op != nil {
						l.sharedIn((*op).Type(), seen)
					}
				}
				if a, ok := in.(*ssa.TypeAssert); ok {
					l.sharedIn(a.AssertedType, seen)
				}
			}
		}
	}
	known, byType := typesOf(record)
	l.shared.Iterate(func(t types.Type, rt any) {
		known.Set(t, rt)
		byType[rt.(reflect.Type)] = t
	})
}

// sharedIn makes the unnamed structs and interfaces in t, if they mention no type that is
// declared in a function: such a one differs at each run.
func (l *loader) sharedIn(t types.Type, seen map[types.Type]bool) (ok bool) {
	if done, known := seen[t]; known {
		return done
	}
	seen[t] = true
	defer func() { seen[t] = ok }()
	all := func(ts ...types.Type) bool {
		ok := true
		for _, t := range ts {
			ok = l.sharedIn(t, seen) && ok
		}
		return ok
	}
	made := func(ok bool) bool {
		if ok && l.shared.At(t) == nil {
			forgetInterfaces(l.rctx)
			if rt, nested := l.record.ToType(t); !nested {
				l.shared.Set(t, rt)
			}
		}
		return ok
	}
	switch u := t.(type) {
	case *types.Alias:
		return all(types.Unalias(u))
	case *types.Basic:
		return true
	case *types.Named:
		ok := u.Obj().Pkg() == nil || u.Origin().Obj().Parent() == u.Obj().Pkg().Scope()
		for arg := range u.TypeArgs().Types() {
			ok = all(arg) && ok
		}
		return ok && (u.TypeParams().Len() == 0 || u.TypeArgs().Len() > 0)
	case *types.Pointer:
		return all(u.Elem())
	case *types.Slice:
		return all(u.Elem())
	case *types.Array:
		return all(u.Elem())
	case *types.Chan:
		return all(u.Elem())
	case *types.Map:
		return all(u.Key(), u.Elem())
	case *types.Tuple:
		ok := true
		for v := range u.Variables() {
			ok = all(v.Type()) && ok
		}
		return ok
	case *types.Signature:
		return u.TypeParams().Len() == 0 && all(u.Params(), u.Results())
	case *types.Struct:
		ok := true
		for f := range u.Fields() {
			ok = all(f.Type()) && ok
		}
		return made(ok)
	case *types.Interface:
		ok := u.IsMethodSet()
		for m := range u.Methods() {
			ok = ok && all(m.Signature())
		}
		return made(ok && u.NumMethods() > 0)
	}
	return false
}

// learn notes the types of an interpreter that have promoted methods and that the
// session does not know: types declared in functions. Calls of their methods go by what
// they embed.
func (l *loader) learn(in *ixgo.Interp, record *ixgo.TypesRecord) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, byType := typesOf(record)
	for rt, t := range byType {
		if rt == nil || rt.Kind() != reflect.Struct || reflectx.NumMethodX(rt) == 0 && reflectx.NumMethodX(reflect.PointerTo(rt)) == 0 {
			continue
		}
		if _, ok := l.record.LookupLocalTypes(rt); !ok {
			l.locals[rt] = t
		}
	}
}

// typesOf returns what a record knows, both ways.
func typesOf(record *ixgo.TypesRecord) (*typeutil.Map, map[reflect.Type]types.Type) {
	return field(record, "tcache").Interface().(*typeutil.Map), field(record, "rcache").Interface().(map[reflect.Type]types.Type)
}

// promotion is how a struct comes by a method that it does not declare.
type promotion struct {
	fields  []int // from the struct to what declares the method
	typ     reflect.Type
	byValue bool // the method is one of values
}

// promotionOf finds the method of a name that the struct t, or *t, has through what it
// embeds.
func (l *loader) promotionOf(t reflect.Type, name string, pointer bool) (promotion, bool) {
	typ, ok := l.typeOf(t)
	if !ok {
		return promotion{}, false
	}
	if pointer {
		typ = types.NewPointer(typ)
	}
	set := l.prog.MethodSets.MethodSet(typ)
	for sel := range set.Methods() {
		if sel.Obj().Name() != name || len(sel.Index()) < 2 {
			continue
		}
		recv := sel.Obj().(*types.Func).Signature().Recv().Type()
		_, byPointer := recv.(*types.Pointer)
		p := promotion{fields: sel.Index()[:len(sel.Index())-1], typ: t, byValue: !byPointer}
		for _, i := range p.fields {
			if p.typ.Kind() == reflect.Pointer {
				p.typ = p.typ.Elem()
			}
			p.typ = p.typ.Field(i).Type
		}
		return p, true
	}
	return promotion{}, false
}

// follow goes from a struct, or a pointer to one, to what it embeds.
func (p promotion) follow(v reflect.Value) reflect.Value {
	for _, i := range p.fields {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				panic(nilDereference)
			}
			v = v.Elem()
		}
		v = reflectx.FieldX(v, i)
	}
	if p.byValue && v.Kind() == reflect.Pointer && v.IsNil() {
		panic(nilDereference)
	}
	return v
}

var nilDereference = ixgo.RuntimeError("invalid memory address or nil pointer dereference")

// panicWrap is what Go panics with when a method of a value is called through a nil
// pointer in an interface.
func panicWrap(t reflect.Type, name string) ixgo.PlainError {
	return ixgo.PlainError(fmt.Sprintf("value method %s.%s called using nil *%s pointer", t, name, t.Name()))
}
