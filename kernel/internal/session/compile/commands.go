package compile

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"

	"gonmf/kernel/internal/session/source"
)

// commandErrors returns the commands that cannot be run.
func (u *Unit) commandErrors() (list []Fault) {
	for _, c := range u.Commands {
		if c.Err != nil {
			line, col := source.LineCol(u.Raw, c.Start)
			list = append(list, Fault{source.Place{Cell: u.Cell, Line: line, Col: col}, c.Err.Error()})
		}
	}
	return list
}

// at returns the position in main or twin of a byte of the cell.
func (u *Unit) at(fn *ast.FuncDecl, off int) token.Pos {
	return fn.Body.Lbrace + 1 + token.Pos(len(source.LineDirective(source.FileName(u.Cell), 1, 1))+off)
}

// repeat turns the statements of commands that repeat them into function literals,
// before names are looked at, as what they declare is not the cell's.
func (u *Unit) repeat(fn *ast.FuncDecl) {
	for i, c := range u.Commands {
		if c.Repeat == nil {
			continue
		}
		from, to := u.statements(fn, c)
		pos, end := u.at(fn, c.Start), u.at(fn, c.End)
		body := &ast.BlockStmt{Lbrace: pos, Rbrace: end}
		body.List = append(body.List, fn.Body.List[from:to]...)
		n := func() *ast.Ident { return &ast.Ident{Name: "n·", NamePos: pos} }
		param := &ast.Field{Names: []*ast.Ident{n()}, Type: &ast.Ident{Name: "int", NamePos: pos}}
		loop := &ast.RangeStmt{For: pos, TokPos: pos, Range: pos, X: n(), Body: body}
		lit := &ast.FuncLit{
			Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, List: []*ast.Field{param}, Closing: pos}},
			Body: &ast.BlockStmt{Lbrace: pos, List: []ast.Stmt{loop}, Rbrace: end},
		}
		fn.Body.List = slices.Replace(fn.Body.List, from, to, commandCall("Repeat", pos, i, lit))
	}
}

// repeats says whether the Go at off belongs to a command that repeats it, and may
// compute what nobody uses.
func (u *Unit) repeats(off int) bool {
	return slices.ContainsFunc(u.Commands, func(c source.Command) bool { return c.Repeat != nil && c.Code <= off && off < c.End })
}

// lines has the commands that are expressions called. What is being completed has none, and
// is given the type that the lines have.
func (u *Unit) lines(fn *ast.FuncDecl) {
	for _, st := range fn.Body.List {
		as, ok := st.(*ast.AssignStmt)
		if !ok || len(as.Rhs) != 1 {
			continue
		}
		id, ok := as.Rhs[0].(*ast.Ident)
		if !ok || id.Name != source.LinesName {
			continue
		}
		i := slices.IndexFunc(u.Commands, func(c source.Command) bool { return c.Start == u.Offset(id.Pos()) })
		as.Rhs[0] = hookCall("Lines", &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(max(i, 0)), ValuePos: id.Pos()})
	}
}

// insertBefore puts calls of the commands before their statements. A command that has
// none is a statement itself, so that the expression before it is not the last.
func (u *Unit) insertBefore(fn *ast.FuncDecl) {
	for i, c := range u.Commands {
		if c.Repeat == nil && c.Lines == nil {
			at, _ := u.statements(fn, c)
			fn.Body.List = slices.Insert(fn.Body.List, at, commandCall("Before", u.at(fn, c.Start), i))
		}
	}
}

// insertAfter puts calls behind the statements of commands that want it.
func (u *Unit) insertAfter(fn *ast.FuncDecl) {
	for i, c := range u.Commands {
		if c.After != nil {
			_, at := u.statements(fn, c)
			fn.Body.List = slices.Insert(fn.Body.List, at, commandCall("After", u.at(fn, c.Start), i))
		}
	}
}

// statements returns which statements begin in the Go of a command.
func (u *Unit) statements(fn *ast.FuncDecl, c source.Command) (from, to int) {
	for _, st := range fn.Body.List {
		off := u.Offset(st.Pos())
		if off < c.Code {
			from++
		}
		if off < c.End || off < c.Code {
			to++
		}
	}
	return from, to
}

// commandCall returns the statement that runs a command. It is a block, as nobody
// wants the value of the call that is in it.
func commandCall(hook string, pos token.Pos, index int, more ...ast.Expr) ast.Stmt {
	args := append([]ast.Expr{&ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(index), ValuePos: pos}}, more...)
	return &ast.BlockStmt{Lbrace: pos, List: []ast.Stmt{&ast.ExprStmt{X: hookCall(hook, args...)}}, Rbrace: pos}
}
