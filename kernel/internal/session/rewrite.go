package session

//lint:file-ignore SA1019 a cell is rewritten before it has types, and ast.Object resolves its names well enough for that

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"

	"gonmf/kernel/internal/session/source"
)

// rewrite turns the parsed cell into what is compiled: commands become calls,
// top-level variables are hoisted, the last expression is handed to the session, init functions become
// calls, and names are those that earlier cells were compiled with.
func (s *Session) rewrite(u *unit) {
	fset := s.fset
	for _, f := range []*ast.File{u.main, u.twin} {
		if f != nil {
			u.repeat(fset, u.function(f))
		}
	}
	inits, vars := u.declared()
	tops := u.tops(u.function(u.main)) // also names for the declarations
	for _, f := range []*ast.File{u.decls, u.main, u.twin} {
		s.resolvePast(u, f)
	}
	u.rename(fset, u.decls, vars)
	u.rename(fset, u.main, tops)
	fn := u.function(u.main)
	u.hoist(fn)
	u.insertBefore(fset, fn)
	u.lastValue(fn)
	u.insertUnread(fset, fn)
	u.insertAfter(fset, fn)
	u.callInits(fset, fn, inits)
	u.wrapLoops(fn)
	if u.twin != nil {
		u.rename(fset, u.twin, u.tops(u.function(u.twin)))
		u.hoists = u.hoist(u.function(u.twin))
	}
	for _, f := range []*ast.File{u.decls, u.main, u.twin} {
		if f != nil {
			u.setKeys(fset, f)
		}
	}
}

// declared notes the names that the declarations declare, and takes init functions
// out of the hands of the package initializer. vars are the variables of a program,
// with the names that they are compiled under.
func (u *unit) declared() (inits []*ast.FuncDecl, vars map[*ast.Object]string) {
	u.names = map[string]string{}
	vars = map[*ast.Object]string{}
	for _, d := range u.decls.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				switch sp := sp.(type) {
				case *ast.TypeSpec:
					u.names[sp.Name.Name] = sp.Name.Name
				case *ast.ValueSpec:
					for _, id := range sp.Names {
						u.names[id.Name] = id.Name
						if d.Tok == token.VAR && id.Name != "_" { // of a program
							u.names[id.Name] = source.Mangle(id.Name, u.serial)
							vars[id.Obj] = u.names[id.Name]
						}
					}
				}
			}
		case *ast.FuncDecl:
			switch {
			case d.Recv != nil:
			case d.Name.Name == "init":
				d.Name.Name = "init·" + strconv.Itoa(len(inits)+1)
				inits = append(inits, d)
			default:
				u.names[d.Name.Name] = d.Name.Name
			}
		}
	}
	delete(u.names, "_")
	delete(vars, nil)
	return inits, vars
}

// declaredNames returns the names of types, constants and functions.
func (u *unit) declaredNames() map[string]bool {
	names := map[string]bool{}
	for name := range u.decls.Scope.Objects {
		names[name] = true
	}
	return names
}

// tops returns the variables that fn declares at top level, with the names that
// they are compiled under.
func (u *unit) tops(fn *ast.FuncDecl) map[*ast.Object]string {
	tops := map[*ast.Object]string{}
	declare := func(id *ast.Ident) {
		if id.Name != "_" && id.Obj != nil {
			u.names[id.Name] = source.Mangle(id.Name, u.serial)
			tops[id.Obj] = u.names[id.Name]
		}
	}
	for _, st := range fn.Body.List {
		switch st := st.(type) {
		case *ast.AssignStmt:
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok && declares(st, id) {
					declare(id)
				}
			}
		case *ast.DeclStmt:
			for _, sp := range st.Decl.(*ast.GenDecl).Specs {
				if vs, ok := sp.(*ast.ValueSpec); ok {
					for _, id := range vs.Names {
						declare(id)
					}
				}
			}
		}
	}
	return tops
}

// declares says whether id is new in st, which may be a := that also assigns.
func declares(st *ast.AssignStmt, id *ast.Ident) bool {
	return st.Tok == token.DEFINE && id.Obj != nil && id.Obj.Decl == st
}

// hoist takes the variables that fn declares at top level out of it: what is left are assignments.
func (u *unit) hoist(fn *ast.FuncDecl) (hoists []hoist) {
	var body []ast.Stmt
	for _, st := range fn.Body.List {
		switch st := st.(type) {
		case *ast.AssignStmt:
			if st.Tok != token.DEFINE {
				break
			}
			h := hoist{vals: st.Rhs, defined: true}
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok && declares(st, id) {
					h.names = append(h.names, id)
				} else {
					h.names = append(h.names, &ast.Ident{Name: "_", NamePos: l.Pos()})
				}
			}
			hoists = append(hoists, h)
			st.Tok = token.ASSIGN
		case *ast.DeclStmt:
			for _, sp := range st.Decl.(*ast.GenDecl).Specs {
				vs, ok := sp.(*ast.ValueSpec)
				if !ok {
					continue
				}
				hoists = append(hoists, hoist{names: vs.Names, typ: vs.Type, vals: vs.Values})
				if len(vs.Values) > 0 {
					body = append(body, assign(vs))
				}
			}
			continue
		}
		body = append(body, st)
	}
	fn.Body.List = body
	return hoists
}

// assign returns the assignment that a var declaration with values means.
func assign(vs *ast.ValueSpec) ast.Stmt {
	st := &ast.AssignStmt{Tok: token.ASSIGN, TokPos: vs.Pos(), Rhs: vs.Values}
	for _, id := range vs.Names {
		st.Lhs = append(st.Lhs, id)
	}
	return st
}

// lastValue hands the value of the last expression to the session, and lets
// other expressions stand by themselves.
func (u *unit) lastValue(fn *ast.FuncDecl) {
	for i, st := range fn.Body.List {
		es, ok := st.(*ast.ExprStmt)
		if !ok {
			continue
		}
		call := isCall(es.X)
		switch {
		case i == len(fn.Body.List)-1 && !(u.fixes.void && call):
			hook := "Result"
			if prints(es.X) {
				hook = "Printed"
			}
			u.last = es.X
			es.X = hookCall(hook, es.X)
		case !call:
			fn.Body.List[i] = &ast.AssignStmt{
				Lhs: []ast.Expr{&ast.Ident{Name: "_", NamePos: es.Pos()}}, TokPos: es.Pos(), Tok: token.ASSIGN,
				Rhs: []ast.Expr{es.X},
			}
		}
	}
}

// isCall says whether an expression may stand as a statement.
func isCall(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	}
	return false
}

var printer = regexp.MustCompile(`^(F?[Pp]rint|F?Scan|Sscan|Write)`)

// prints says whether a call is made for its effect, though it returns a count.
func prints(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		return printer.MatchString(fun.Sel.Name)
	case *ast.Ident: // dot import
		return printer.MatchString(fun.Name)
	}
	return false
}

// hookCall returns a call of one of the session's own functions.
func hookCall(name string, args ...ast.Expr) ast.Expr {
	pos, end := args[0].Pos(), args[len(args)-1].End()
	return &ast.CallExpr{
		Fun: &ast.SelectorExpr{
			X:   &ast.Ident{Name: source.HooksName, NamePos: pos},
			Sel: &ast.Ident{Name: name, NamePos: pos},
		},
		Lparen: pos, Args: args, Rparen: end,
	}
}

// callInits calls the init functions where they stand, but after the var
// declarations that follow, as a package initializes its variables first. A
// program's main function is called last.
func (u *unit) callInits(fset *token.FileSet, fn *ast.FuncDecl, inits []*ast.FuncDecl) {
	call := func(name string, pos token.Pos) ast.Stmt {
		return &ast.ExprStmt{X: &ast.CallExpr{Fun: &ast.Ident{Name: name, NamePos: pos}, Lparen: pos, Rparen: pos}}
	}
	var body []ast.Stmt
	next := 0
	before := func(off int) {
		for ; next < len(inits); next++ {
			if u.afterVars(u.offset(fset, inits[next].Pos())) > off {
				return
			}
			body = append(body, call(inits[next].Name.Name, inits[next].Name.Pos()))
		}
	}
	for _, st := range fn.Body.List {
		before(u.offset(fset, st.Pos()))
		body = append(body, st)
	}
	before(len(u.src))
	if u.whole && u.names["main"] != "" {
		body = append(body, call("main", fn.Body.Rbrace))
	}
	fn.Body.List = body
}

// afterVars returns where the var declarations end that are the next statements
// after off.
func (u *unit) afterVars(off int) int {
	for _, c := range u.chunks {
		if c.Decl || c.Start < off {
			continue
		}
		if c.First != token.VAR {
			break
		}
		off = c.End
	}
	return off
}

// rename gives the names in f the form that they are compiled under. The parser
// has resolved what is local; tops are the top-level variables of f, and what is
// left unresolved was declared by this cell or an earlier one.
func (u *unit) rename(fset *token.FileSet, f *ast.File, tops map[*ast.Object]string) {
	if len(tops) > 0 {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Obj != nil {
				if name, ok := tops[id.Obj]; ok && !u.fixes.fields[fset.Position(id.Pos())] {
					id.Name = name
				}
			}
			return true
		})
	}
	for _, id := range append(f.Unresolved, unresolvedKeys(f)...) {
		if u.fixes.fields[fset.Position(id.Pos())] {
			continue
		}
		compiled, own := u.names[id.Name]
		// A variable is not in scope in the statements before its declaration.
		if own && (f == u.decls || u.whole || compiled == id.Name) {
			id.Name = compiled
		} else if obj, ok := u.scope[id.Name]; ok {
			id.Name = obj.Name()
		}
	}
}

// unresolvedKeys returns the keys of composite literals that the parser could not
// resolve: whether they are fields or names is not the parser's to know.
func unresolvedKeys(f *ast.File) (keys []*ast.Ident) {
	ast.Inspect(f, func(n ast.Node) bool {
		if cl, ok := n.(*ast.CompositeLit); ok {
			for _, e := range cl.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if id, ok := kv.Key.(*ast.Ident); ok && id.Obj == nil {
						keys = append(keys, id)
					}
				}
			}
		}
		return true
	})
	return keys
}

// setKeys turns T{a, b} into T{x: a, y: b} where u.fixes says so. The type
// checker compares packages, not their paths, before it lets an unkeyed literal
// set unexported fields, and an earlier cell's type is of another package.
func (u *unit) setKeys(fset *token.FileSet, f *ast.File) {
	if len(u.fixes.keyed) == 0 {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		cl, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := u.fixes.keyed[fset.Position(cl.Lbrace)]
		if len(fields) != len(cl.Elts) {
			return true
		}
		for i, e := range cl.Elts {
			if _, ok := e.(*ast.KeyValueExpr); !ok {
				key := &ast.Ident{Name: fields[i], NamePos: e.Pos()}
				cl.Elts[i] = &ast.KeyValueExpr{Key: key, Colon: e.Pos(), Value: e}
			}
		}
		return true
	})
}

// resolveDots replaces names that come from dot imports by selectors, so that a
// dot import cannot clash with what the user declares.
func (u *unit) resolveDots(f *ast.File, find func(name string) (pkg string, ok bool)) {
	unresolved := map[*ast.Ident]string{}
	for _, id := range f.Unresolved {
		if pkg, ok := find(id.Name); ok {
			unresolved[id] = pkg
		}
	}
	if len(unresolved) == 0 {
		return
	}
	selectors := func(c *astutil.Cursor) bool {
		if id, ok := c.Node().(*ast.Ident); ok {
			if pkg, ok := unresolved[id]; ok {
				c.Replace(&ast.SelectorExpr{X: &ast.Ident{Name: pkg, NamePos: id.Pos()}, Sel: id})
				return false
			}
		}
		return true
	}
	astutil.Apply(f, selectors, nil)
	if f != u.twin {
		return
	}
	for i, h := range u.hoists {
		if h.typ != nil { // which is not in f any more
			typ := &ast.ParenExpr{Lparen: h.typ.Pos(), X: h.typ, Rparen: h.typ.End()}
			astutil.Apply(typ, selectors, nil)
			u.hoists[i].typ = typ
		}
	}
}
