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

// Functions of earlier cells go on calling what they were compiled with when it is declared
// again: a note says so.

const (
	maxFollowed = 20 // functions, from one to the one that it calls
	maxCallers  = 5  // named in a note
)

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
	if a == b || b == nil || depth > maxFollowed {
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
		if len(list) > maxCallers {
			list = append(list[:maxCallers], fmt.Sprintf("%d more", len(list)-maxCallers))
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
