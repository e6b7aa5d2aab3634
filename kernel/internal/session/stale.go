package session

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// What a name that is declared again means for what was made before: values keep the type
// that they have, and functions go on calling what they were compiled with.

// staleAdvice explains why a T is no T: the value, or what is to take it, has the type T of
// an earlier cell.
func (s *Session) staleAdvice(u *compile.Unit, at []ast.Node) string {
	for _, n := range at {
		x, ok := n.(ast.Expr)
		if !ok {
			break
		}
		if call, isCall := x.(*ast.CallExpr); isCall && u.Info.Types[call.Fun].IsValue() {
			if t := s.stale(u, u.Info.TypeOf(call.Fun), 0); t != nil {
				return fmt.Sprintf(": %s was compiled with the type %s of %s; run the cell that makes it again", types.ExprString(call.Fun), t.Name(), s.cellOfObject(t))
			}
		}
		if t := s.stale(u, u.Info.TypeOf(x), 0); t != nil {
			return fmt.Sprintf(": the value was made before %s was declared again, with the one of %s; run the cell that makes it again", t.Name(), s.cellOfObject(t))
		}
	}
	for _, n := range at { // the type of what takes the value
		var takes ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			takes = n.Lhs[0]
		case *ast.CompositeLit:
			takes = n
		case *ast.BinaryExpr:
			takes = n.Y
		default:
			continue
		}
		if t := s.stale(u, u.Info.TypeOf(takes), 0); t != nil {
			return fmt.Sprintf(": this has the type %s of %s, which has been declared again since; run the cell that makes it again", t.Name(), s.cellOfObject(t))
		}
	}
	return ""
}

// stale returns a type of an earlier cell that t mentions and that has been declared again,
// if there is one.
func (s *Session) stale(u *compile.Unit, t types.Type, depth int) *types.TypeName {
	if t == nil || depth > 6 {
		return nil
	}
	first := func(ts ...types.Type) *types.TypeName {
		for _, t := range ts {
			if found := s.stale(u, t, depth+1); found != nil {
				return found
			}
		}
		return nil
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Origin().Obj()
		if obj.Pkg() != nil && obj.Pkg() != u.Pkg && s.machine.IsCellType(t) && obj.Pkg().Path() == source.MainPath {
			now := s.compiler.Scope[obj.Name()]
			if own := u.Pkg.Scope().Lookup(obj.Name()); own != nil {
				now = own
			}
			if now, ok := now.(*types.TypeName); ok && now != obj {
				return obj
			}
		}
		return first(slices.Collect(t.TypeArgs().Types())...)
	case *types.Map:
		return first(t.Key(), t.Elem())
	case *types.Signature:
		return first(t.Params(), t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if found := first(v.Type()); found != nil {
				return found
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if found := first(f.Type()); found != nil {
				return found
			}
		}
	case interface{ Elem() types.Type }:
		return first(t.Elem())
	}
	return nil
}

// cellOfObject says which cell has declared obj.
func (s *Session) cellOfObject(obj types.Object) string {
	if u := s.records[obj.Pkg()]; u != nil {
		return fmt.Sprintf("In [%d]", u.cell)
	}
	return "an earlier cell"
}

// A called function is one that a function of a unit calls.
type called struct {
	caller string
	callee types.Object
}

// noteCalls remembers which functions of this and of earlier cells those of u call, and the
// text of each.
func (r *record) noteCalls(u *compile.Unit) {
	r.texts = map[string]string{}
	text := func(n ast.Node) string {
		return u.Src[min(u.Offset(n.Pos()), len(u.Src)):min(u.Offset(n.End()), len(u.Src))]
	}
	for _, d := range u.Decls.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		name := f.Name.Name
		if base := compile.ReceiverBase(f); base != "" {
			name = base + "." + name
		} else {
			r.texts[name] = text(f)
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if fn, ok := u.Info.Uses[id].(*types.Func); ok && fn.Signature().Recv() == nil && fn.Pkg() != nil && fn.Pkg().Path() == source.MainPath && f.Name.Name != fn.Name() {
					r.calls = append(r.calls, called{name, fn})
				}
			}
			return true
		})
	}
}

// callsOf returns what the function obj calls, in order, and its text.
func (s *Session) callsOf(obj types.Object) (list []types.Object, text string) {
	u := s.records[obj.Pkg()]
	if u == nil {
		return nil, ""
	}
	for _, c := range u.calls {
		if c.caller == obj.Name() {
			list = append(list, c.callee)
		}
	}
	return list, u.texts[obj.Name()]
}

// sameFunction says whether two functions have the same text, as have those that they call.
func (s *Session) sameFunction(a, b types.Object, depth int) bool {
	if a == b || b == nil || depth > maxListed {
		return a == b
	}
	calls, text := s.callsOf(a)
	others, other := s.callsOf(b)
	return text != "" && text == other && slices.EqualFunc(calls, others, func(a, b types.Object) bool { return s.sameFunction(a, b, depth+1) })
}

// outdated returns a note for each function that u declares again and that functions of
// earlier cells go on calling as it was. before is what names meant until now.
func (s *Session) outdated(u *record, before map[string]types.Object) (notes []string) {
	for _, name := range slices.Sorted(maps.Keys(u.texts)) {
		old, ok := before[name].(*types.Func)
		if !ok || s.records[old.Pkg()] == nil || s.sameFunction(old, u.pkg.Scope().Lookup(name), 0) {
			continue
		}
		callers := map[string]int{}
		for _, v := range s.records {
			for _, c := range v.calls {
				base, _, _ := strings.Cut(c.caller, ".")
				now := s.compiler.Scope[base]
				if c.callee == old && now != nil && now.Pkg() == v.pkg && v != u {
					callers[c.caller] = v.cell
				}
			}
		}
		var list []string
		for _, caller := range slices.Sorted(maps.Keys(callers)) {
			list = append(list, fmt.Sprintf("%s (In [%d])", caller, callers[caller]))
		}
		if len(list) > maxListed/4 {
			list = append(list[:maxListed/4], fmt.Sprintf("%d more", len(list)-maxListed/4))
		}
		if len(list) > 0 {
			goOn, it := "goes on", "it"
			if len(list) > 1 {
				goOn, it = "go on", "them"
			}
			notes = append(notes, fmt.Sprintf("note: %s %s calling the %s of In [%d]; declare %s again to have the new one called\n", strings.Join(list, ", "), goOn, name, s.records[old.Pkg()].cell, it))
		}
	}
	return notes
}
