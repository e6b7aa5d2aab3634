package help

import (
	"go/ast"
	"go/token"
	"go/types"

	"gonmf/kernel/internal/session/compile"
)

// What fits where something of a known type is to stand: the constants of that type, or what
// else its package has for it.

// expected returns the type of what is to stand at level n of a's path, if what is around it
// asks for one.
func (a *analysis) expected(n int) types.Type {
	if n >= len(a.path) {
		return nil
	}
	switch at := a.around(n + 1).(type) {
	case *ast.KeyValueExpr:
		cl, ok := a.around(n + 2).(*ast.CompositeLit)
		key, isName := at.Key.(*ast.Ident)
		if !ok || !isName || at.Value != a.path[n] {
			return nil
		}
		if st := structOf(a.u.Info.TypeOf(cl)); st != nil {
			for f := range st.Fields() {
				if f.Name() == key.Name {
					return f.Type()
				}
			}
		}
	case *ast.CallExpr:
		sig, ok := underlying(a.u.Info.TypeOf(at.Fun)).(*types.Signature)
		if !ok {
			return nil
		}
		for i, x := range at.Args {
			if x != a.path[n] || sig.Params().Len() == 0 {
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
			if at.X == a.path[n] {
				return a.u.Info.TypeOf(at.Y)
			}
			return a.u.Info.TypeOf(at.X)
		}
	case *ast.AssignStmt:
		if at.Tok == token.ASSIGN && len(at.Lhs) == 1 && len(at.Rhs) == 1 && at.Rhs[0] == a.path[n] {
			return a.u.Info.TypeOf(at.Lhs[0])
		}
	case *ast.ValueSpec:
		if at.Type != nil && at.Type != a.path[n] {
			return a.u.Info.TypeOf(at.Type)
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

// fitting marks the matches whose objects are of type t.
func fitting(matches []Match, pkg *types.Package, t types.Type) []Match {
	if t == nil || pkg == nil {
		return matches
	}
	for i := range matches {
		switch obj := pkg.Scope().Lookup(matches[i].Text).(type) {
		case *types.Const, *types.Var:
			matches[i].fits = types.Identical(obj.Type(), t)
		case *types.TypeName:
			matches[i].fits = sealed(t) && implements(obj, t) != ""
		}
	}
	return matches
}

// valuesOf returns what the package of a named type has of it: constants and variables, and of an
// interface that nobody else can implement the types that do.
func (g *Guide) valuesOf(u *compile.Unit, t types.Type) (matches []Match) {
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
		return []Match{{Text: "true", Kind: KindConst, Type: "bool", fits: true}, {Text: "false", Kind: KindConst, Type: "bool", fits: true}}
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
	closed := sealed(t)
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		m := Match{Text: prefix + name, Kind: KindOf(obj), Type: TypeText(t), Import: path, fits: true}
		switch obj := obj.(type) {
		case *types.Const, *types.Var:
			if types.Identical(obj.Type(), t) {
				matches = append(matches, m)
			}
		case *types.TypeName:
			if mark := implements(obj, t); closed && mark != "" {
				m.Text = mark[1:] + m.Text + "{}"
				matches = append(matches, m)
			}
		}
	}
	return matches
}

// sealed says whether t is an interface that only its own package can implement.
func sealed(t types.Type) bool {
	face, ok := underlying(t).(*types.Interface)
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

// implements returns "=" if a struct type implements an interface, "=&" if its pointer does, and
// nothing if neither does.
func implements(obj *types.TypeName, t types.Type) string {
	face, ok := underlying(t).(*types.Interface)
	if _, isStruct := obj.Type().Underlying().(*types.Struct); !ok || !isStruct {
		return ""
	}
	switch {
	case types.Implements(obj.Type(), face):
		return "="
	case types.Implements(types.NewPointer(obj.Type()), face):
		return "=&"
	}
	return ""
}
