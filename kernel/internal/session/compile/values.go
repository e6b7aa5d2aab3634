package compile

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A Value is what may stand where a type is asked for.
type Value struct {
	Text   string // as the cell writes it
	Object types.Object
	Import string // the package that the cell must import for it; empty if it has
}

// ValuesOf returns what the package of a named type has of it: constants and variables, and of an
// interface that nobody else can implement the types that do.
func (u *Unit) ValuesOf(t types.Type) (values []Value) {
	if t == nil {
		return nil
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return nil
	}
	pkg := n.Obj().Pkg()
	prefix, path := pkg.Name()+".", pkg.Path()
	for name, spec := range u.Imports {
		if spec.Path == pkg.Path() {
			prefix, path = name+".", ""
		}
	}
	closed := Sealed(t)
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Const, *types.Var:
			if types.Identical(obj.Type(), t) {
				values = append(values, Value{prefix + name, obj, path})
			}
		case *types.TypeName:
			if address, ok := Implements(obj, t); ok && closed {
				values = append(values, Value{address + prefix + name + "{}", obj, path})
			}
		}
	}
	return values
}

// Expected returns the type of what is to stand at level n of a path, which leads outward, if what
// is around it asks for one.
func (u *Unit) Expected(path []ast.Node, n int) types.Type {
	around := func(n int) ast.Node {
		if n < len(path) {
			return path[n]
		}
		return nil
	}
	if n >= len(path) {
		return nil
	}
	switch at := around(n + 1).(type) {
	case *ast.KeyValueExpr:
		cl, ok := around(n + 2).(*ast.CompositeLit)
		key, isName := at.Key.(*ast.Ident)
		if !ok || !isName || at.Value != path[n] {
			return nil
		}
		if st := structOf(u.Info.TypeOf(cl)); st != nil {
			for f := range st.Fields() {
				if f.Name() == key.Name {
					return f.Type()
				}
			}
		}
	case *ast.CallExpr:
		sig, ok := underlying(u.Info.TypeOf(at.Fun)).(*types.Signature)
		if !ok {
			return nil
		}
		for i, x := range at.Args {
			if x != path[n] || sig.Params().Len() == 0 {
				continue
			}
			last := sig.Params().Len() - 1
			t := sig.Params().At(min(i, last)).Type()
			if s, isSlice := t.(*types.Slice); isSlice && sig.Variadic() && i >= last {
				t = s.Elem()
			}
			return t
		}
	case *ast.BinaryExpr:
		if at.Op == token.EQL || at.Op == token.NEQ {
			if at.X == path[n] {
				return u.Info.TypeOf(at.Y)
			}
			return u.Info.TypeOf(at.X)
		}
	case *ast.AssignStmt:
		if at.Tok == token.ASSIGN && len(at.Lhs) == 1 && len(at.Rhs) == 1 && at.Rhs[0] == path[n] {
			return u.Info.TypeOf(at.Lhs[0])
		}
	case *ast.ValueSpec:
		if at.Type != nil && at.Type != path[n] {
			return u.Info.TypeOf(at.Type)
		}
	}
	return nil
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

// structOf returns the struct that t is or points to, if it does.
func structOf(t types.Type) *types.Struct {
	if p, ok := underlying(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	st, _ := underlying(t).(*types.Struct)
	return st
}

// Sealed says whether t is an interface that only its own package can implement.
func Sealed(t types.Type) bool {
	if t == nil {
		return false
	}
	face, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for f := range face.Methods() {
		if !f.Exported() {
			return true
		}
	}
	return false
}

// Implements says whether a struct type implements an interface; address is "&" where its
// pointer does.
func Implements(obj *types.TypeName, t types.Type) (address string, ok bool) {
	face, isInterface := t.Underlying().(*types.Interface)
	if _, isStruct := obj.Type().Underlying().(*types.Struct); !isInterface || !isStruct {
		return "", false
	}
	if types.Implements(obj.Type(), face) {
		return "", true
	}
	return "&", types.Implements(types.NewPointer(obj.Type()), face)
}
