package compile

import (
	"go/ast"
	"go/types"
	"strings"
)

// learn looks for errors that are not the user's. It returns whether there is
// something to try again with.
func (u *Unit) learn(errs []types.Error) bool {
	learnt := false
	for _, e := range errs {
		switch {
		case strings.Contains(e.Msg, "used as value") && !u.fixes.void:
			u.fixes.void = true
			learnt = true
		case strings.HasPrefix(e.Msg, "unknown field ") && strings.Contains(e.Msg, "·"):
			u.fixes.fields[u.fset.Position(e.Pos)] = true
			learnt = true
		case strings.HasPrefix(e.Msg, "implicit assignment to unexported field"):
			before := len(u.fixes.keyed)
			u.findUnkeyed()
			learnt = learnt || len(u.fixes.keyed) > before
		}
	}
	return learnt
}

// findUnkeyed notes the fields of all unkeyed struct literals.
func (u *Unit) findUnkeyed() {
	for e, tv := range u.Info.Types {
		cl, ok := e.(*ast.CompositeLit)
		if !ok || len(cl.Elts) == 0 {
			continue
		}
		t := tv.Type
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || st.NumFields() != len(cl.Elts) {
			continue
		}
		var fields []string
		for f := range st.Fields() {
			fields = append(fields, f.Name())
		}
		u.fixes.keyed[u.fset.Position(cl.Lbrace)] = fields
	}
}
