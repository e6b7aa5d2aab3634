package export

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// In a program nobody stops a statement whose error is not looked at: the looks that a cell
// has by itself (see unread) are written out.

// unreadOf returns what has to be looked at of the statement in a chunk.
func (x *export) unreadOf(c source.Chunk) (compile.Unread, bool) {
	for at, found := range x.unit.NotLookedAt() {
		if off := source.OffsetOf(x.unit.Src, at.Line, at.Column); c.Start <= off && off < c.End {
			return found, true
		}
	}
	return compile.Unread{}, false
}

// looks returns the ifs that follow an assignment.
func (x *export) looks(c source.Chunk) string {
	found, ok := x.unreadOf(c)
	if !ok || found.Dropped {
		return ""
	}
	text := ""
	for _, name := range found.Names {
		obj := x.latest[source.Demangle(name)]
		if obj == nil {
			continue
		}
		text += x.fatal("if ", x.names[obj], obj.Type())
	}
	return text
}

// fatal returns an if that ends the program where a variable is an error or carries one.
func (x *export) fatal(head, name string, t types.Type) string {
	if !types.Identical(t, compile.ErrorType) {
		name += ".Err"
	}
	return fmt.Sprintf("\n%s%s != nil {\n%s.Fatal(%s)\n}", head, name, x.imported("log", ""), name)
}

// takes returns what to put around a call whose error nobody takes; shown says that its
// other results are the cell's value.
func (x *export) takes(c source.Chunk, shown bool) (before, after string, ok bool) {
	if found, unread := x.unreadOf(c); !unread || !found.Dropped {
		return "", "", false
	}
	t := x.callType(c)
	if t == nil {
		return "", "", false
	}
	results := []types.Type{t}
	if tuple, ok := t.(*types.Tuple); ok {
		results = nil
		for v := range tuple.Variables() {
			results = append(results, v.Type())
		}
	}
	names := make([]string, len(results))
	var values []string
	last := len(names) - 1
	for i := range names {
		names[i] = "_"
		if shown && (i < last || !types.Identical(results[i], compile.ErrorType)) {
			if names[i] = "value"; i > 0 {
				names[i] += fmt.Sprint(i + 1)
			}
			values = append(values, names[i])
		}
	}
	if names[last] == "_" {
		names[last] = "err"
		if !types.Identical(results[last], compile.ErrorType) {
			names[last] = "value"
		}
	}
	after = strings.TrimPrefix(x.fatal("; ", names[last], results[last]), "\n")
	if len(values) > 0 {
		after += " else {\n" + x.show + "(" + strings.Join(values, ", ") + ")\n}"
	}
	return "if " + strings.Join(names, ", ") + " := ", after, true
}

// callType returns the type of the call that is the statement in a chunk.
func (x *export) callType(c source.Chunk) types.Type {
	u := x.unit
	for _, st := range u.Main.Decls[len(u.Main.Decls)-1].(*ast.FuncDecl).Body.List {
		es, ok := st.(*ast.ExprStmt)
		if off := u.Offset(st.Pos()); !ok || off < c.Start || off >= c.End {
			continue
		}
		if call, ok := es.X.(*ast.CallExpr); ok && compile.IsHook(call) && len(call.Args) == 1 {
			return u.Info.TypeOf(call.Args[0])
		}
	}
	return nil
}
