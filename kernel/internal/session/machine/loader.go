package machine

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goplus/ixgo"
	"github.com/goplus/reflectx"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"gonmf/kernel/internal/session/source"
)

// loader is ixgo's loader of types, told about the session: the types of cells,
// which all live in packages of one path and are known by the identity of their
// package, and the variables of earlier cells.
//
// A types.Named of a cell is turned into a reflect.Type by one TypesRecord that
// lives as long as the session. ixgo has one for each interpreter, which would
// make every type anew for each cell.
type loader struct {
	ixgo.Loader
	prog *ssa.Program

	mu      sync.Mutex // guards the base loader's maps and record
	nested  int        // calls of Import that hold mu; they recurse
	record  *ixgo.TypesRecord
	rctx    *reflectx.Context           // what record makes types with
	shared  typeutil.Map                // unnamed types, which all interpreters take over
	locals  map[reflect.Type]types.Type // types declared in functions that have promoted methods
	pending []*method
	bodies  map[*types.Func]*method

	cells   map[*types.Package]bool  // packages of cells and of interpreted library packages
	vars    *ixgo.Package            // Vars holds the addresses of earlier variables
	library map[string]*ixgo.Package // interpreted library packages, and os
}

func newLoader(prog *ssa.Program, base ixgo.Loader) *loader {
	return &loader{
		Loader: base, prog: prog,
		bodies:  map[*types.Func]*method{},
		locals:  map[reflect.Type]types.Type{},
		cells:   map[*types.Package]bool{},
		vars:    &ixgo.Package{Name: "main", Path: source.MainPath, Vars: map[string]reflect.Value{}},
		library: map[string]*ixgo.Package{},
	}
}

// Import is called with the session's compile lock held, and by itself for what
// an interpreted library package imports.
func (l *loader) Import(path string) (*types.Package, error) {
	if l.nested == 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	l.nested++
	defer func() { l.nested-- }()
	return l.Loader.Import(path)
}

func (l *loader) Installed(path string) (*ixgo.Package, bool) {
	if path == source.MainPath {
		return l.vars, true
	}
	if p, ok := l.library[path]; ok {
		return p, true
	}
	return l.Loader.Installed(path)
}

// isCellType says whether t is a type that a cell declared at top level.
func (l *loader) isCellType(t types.Type) bool {
	n, ok := t.(*types.Named)
	if !ok {
		return false
	}
	obj := n.Origin().Obj()
	return obj.Pkg() != nil && l.cells[obj.Pkg()] && obj.Parent() == obj.Pkg().Scope()
}

func (l *loader) LookupReflect(t types.Type) (reflect.Type, bool) {
	if isDeferStack(t) {
		return deferStack, true
	}
	if t == errorType {
		return reflect.TypeFor[error](), true
	}
	if p, ok := t.(*types.Pointer); ok && l.isCellType(p.Elem()) {
		rt, ok := l.LookupReflect(p.Elem())
		if !ok {
			return nil, false
		}
		return reflect.PointerTo(rt), true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isCellType(t) {
		return l.Loader.LookupReflect(t)
	}
	if isParameterized(t, 0) {
		return nil, false
	}
	rt, _ := l.record.ToType(t)
	if n := rt.Name(); strings.Contains(n, "·") && rt.PkgPath() != "" {
		reflectx.SetTypeName(rt, rt.PkgPath(), source.Demangle(n))
	}
	return rt, true
}

// reflectType returns the type that values of type t have.
func (l *loader) reflectType(t types.Type) reflect.Type {
	l.mu.Lock()
	defer l.mu.Unlock()
	rt, _ := l.record.ToType(t)
	return rt
}

// errorType is the one type without a package that has a name. In an instance of a
// generic function ixgo knows it by another and does not find it.
var errorType = types.Universe.Lookup("error").Type()

func (l *loader) LookupTypes(rt reflect.Type) (types.Type, bool) {
	if t, ok := l.Loader.LookupTypes(rt); ok {
		return t, ok
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.record.LookupLocalTypes(rt)
}

// declared returns the method of a name that t, a type of a cell or a pointer to one,
// declares itself, or nil. known is false for other types.
func (l *loader) declared(t reflect.Type, name string) (m *types.Func, known bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	typ, ok := l.typeOf(t)
	if !ok {
		return nil, false
	}
	n, named := typ.(*types.Named)
	if !named {
		_, isStruct := typ.(*types.Struct) // an unnamed one, which declares none
		return nil, isStruct
	}
	for m := range n.Methods() {
		if m.Name() == name {
			return m, true
		}
	}
	return nil, true
}

// isParameterized says whether t mentions a type parameter.
func isParameterized(t types.Type, depth int) bool {
	if depth > 8 {
		return false
	}
	in := func(t types.Type) bool { return isParameterized(t, depth+1) }
	tuple := func(t *types.Tuple) bool {
		for v := range t.Variables() {
			if in(v.Type()) {
				return true
			}
		}
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		if t.TypeParams().Len() > 0 && t.TypeArgs().Len() == 0 {
			return true
		}
		for arg := range t.TypeArgs().Types() {
			if in(arg) {
				return true
			}
		}
	case *types.Map:
		return in(t.Key()) || in(t.Elem())
	case *types.Signature:
		return tuple(t.Params()) || tuple(t.Results())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return in(t.Elem())
	}
	return false
}

// A method is the body of one method of a cell's type, which is compiled after
// the type is made.
type method struct {
	fn   *types.Func
	typ  reflect.Type
	call atomic.Pointer[func([]reflect.Value) []reflect.Value]

	in   *ixgo.Interp // which has compiled body
	body *ssa.Function
}

// FindMethod implements ixgo.FindMethod for the session's TypesRecord.
func (l *loader) FindMethod(typ reflect.Type, fn *types.Func) func([]reflect.Value) []reflect.Value {
	m := &method{fn: fn, typ: typ}
	l.pending = append(l.pending, m)
	l.bodies[fn] = m
	return m.invoke
}

// invoke calls the method; the receiver is the first argument.
func (m *method) invoke(args []reflect.Value) []reflect.Value {
	call := m.call.Load()
	if call == nil {
		panic(fmt.Sprintf("the method %s has not been compiled", source.Demangle(m.fn.FullName())))
	}
	return (*call)(args)
}

// body returns the body of a method that a cell declares, or nil.
func (l *loader) body(fn *types.Func) *method {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bodies[fn]
}

// bind gives the pending methods that in has compiled their bodies.
func (l *loader) bind(in *ixgo.Interp, prog *ssa.Program) {
	if len(l.pending) == 0 {
		return
	}
	made := map[*types.Named]bool{}
	for _, t := range prog.RuntimeTypes() {
		if n := baseNamed(t); n != nil {
			made[n] = true
		}
	}
	var left []*method
	for _, m := range l.pending {
		recv := baseNamed(m.fn.Signature().Recv().Type())
		if recv == nil || !knows(made, recv) {
			left = append(left, m)
			continue
		}
		m.in, m.body = in, prog.LookupMethod(m.fn.Signature().Recv().Type(), m.fn.Pkg(), m.fn.Name())
		call := in.FindMethod(m.typ, m.fn)
		m.call.Store(&call)
	}
	l.pending = left
}

// baseNamed returns the named type behind t or *t, if any.
func baseNamed(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// knows is membership up to identity: an instance of a generic type may exist
// more than once.
func knows(set map[*types.Named]bool, n *types.Named) bool {
	if set[n] {
		return true
	}
	if n.TypeArgs().Len() == 0 {
		return false
	}
	for m := range set {
		if types.Identical(m, n) {
			return true
		}
	}
	return false
}

// typeOf returns the type that the values of t were declared with in a cell.
func (l *loader) typeOf(t reflect.Type) (types.Type, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if typ, ok := l.record.LookupLocalTypes(t); ok {
		return typ, true
	}
	typ, ok := l.locals[t]
	return typ, ok
}
