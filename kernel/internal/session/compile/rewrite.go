package compile

//lint:file-ignore SA1019 a cell is rewritten before it has types, and ast.Object resolves its names well enough for that

import (
	"go/ast"
	"go/token"
	"strconv"

	"gonmf/kernel/internal/session/source"
)

// rewrite turns the parsed cell into what is compiled: commands become calls,
// top-level variables are hoisted, the last expression is handed to the session, init functions become
// calls, and names are those that earlier cells were compiled with.
func (c *Compiler) rewrite(u *Unit) {
	for _, f := range []*ast.File{u.Main, u.twin} {
		if f != nil {
			u.lines(u.function(f))
			u.repeat(u.function(f))
		}
	}
	inits, vars := u.declared()
	tops := u.tops(u.function(u.Main)) // also names for the declarations
	for _, f := range []*ast.File{u.Decls, u.Main, u.twin} {
		c.resolvePast(u, f)
	}
	u.rename(u.Decls, vars)
	u.rename(u.Main, tops)
	fn := u.function(u.Main)
	u.hoist(fn)
	u.insertBefore(fn)
	u.lastValue(fn)
	u.insertUnread(fn)
	u.insertAfter(fn)
	u.callInits(fn, inits)
	u.wrapLoops(fn)
	if u.twin != nil {
		u.rename(u.twin, u.tops(u.function(u.twin)))
		u.Hoists = u.hoist(u.function(u.twin))
	}
	for _, f := range []*ast.File{u.Decls, u.Main, u.twin} {
		if f != nil {
			u.setKeys(f)
		}
	}
}

// declared notes the names that the declarations declare, and takes init functions
// out of the hands of the package initializer. vars are the variables of a program,
// with the names that they are compiled under.
func (u *Unit) declared() (inits []*ast.FuncDecl, vars map[*ast.Object]string) {
	u.Names = map[string]string{}
	vars = map[*ast.Object]string{}
	for _, d := range u.Decls.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				switch sp := sp.(type) {
				case *ast.TypeSpec:
					u.Names[sp.Name.Name] = sp.Name.Name
				case *ast.ValueSpec:
					for _, id := range sp.Names {
						u.Names[id.Name] = id.Name
						if d.Tok == token.VAR && id.Name != "_" { // of a program
							u.Names[id.Name] = source.Mangle(id.Name, u.Serial)
							vars[id.Obj] = u.Names[id.Name]
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
				u.Names[d.Name.Name] = d.Name.Name
			}
		}
	}
	delete(u.Names, "_")
	delete(vars, nil)
	return inits, vars
}

// declaredNames returns the names of types, constants and functions.
func (u *Unit) declaredNames() map[string]bool {
	names := map[string]bool{}
	for name := range u.Decls.Scope.Objects {
		names[name] = true
	}
	return names
}

// tops returns the variables that fn declares at top level, with the names that
// they are compiled under.
func (u *Unit) tops(fn *ast.FuncDecl) map[*ast.Object]string {
	tops := map[*ast.Object]string{}
	declare := func(id *ast.Ident) {
		if id.Name != "_" && id.Obj != nil {
			u.Names[id.Name] = source.Mangle(id.Name, u.Serial)
			tops[id.Obj] = u.Names[id.Name]
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
func (u *Unit) hoist(fn *ast.FuncDecl) (hoists []Hoist) {
	var body []ast.Stmt
	for _, st := range fn.Body.List {
		switch st := st.(type) {
		case *ast.AssignStmt:
			if st.Tok != token.DEFINE {
				break
			}
			h := Hoist{vals: st.Rhs, Defined: true}
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok && declares(st, id) {
					h.Names = append(h.Names, id)
				} else {
					h.Names = append(h.Names, &ast.Ident{Name: "_", NamePos: l.Pos()})
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
				hoists = append(hoists, Hoist{Names: vs.Names, typ: vs.Type, vals: vs.Values})
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

// callInits calls the init functions where they stand, but after the var
// declarations that follow, as a package initializes its variables first. A
// program's main function is called last.
func (u *Unit) callInits(fn *ast.FuncDecl, inits []*ast.FuncDecl) {
	call := func(name string, pos token.Pos) ast.Stmt {
		return &ast.ExprStmt{X: &ast.CallExpr{Fun: &ast.Ident{Name: name, NamePos: pos}, Lparen: pos, Rparen: pos}}
	}
	var body []ast.Stmt
	next := 0
	before := func(off int) {
		for ; next < len(inits); next++ {
			if u.afterVars(u.Offset(inits[next].Pos())) > off {
				return
			}
			body = append(body, call(inits[next].Name.Name, inits[next].Name.Pos()))
		}
	}
	for _, st := range fn.Body.List {
		before(u.Offset(st.Pos()))
		body = append(body, st)
	}
	before(len(u.Src))
	if u.Whole && u.Names["main"] != "" {
		body = append(body, call("main", fn.Body.Rbrace))
	}
	fn.Body.List = body
}

// afterVars returns where the var declarations end that are the next statements
// after off.
func (u *Unit) afterVars(off int) int {
	for _, c := range u.Chunks {
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
func (u *Unit) rename(f *ast.File, tops map[*ast.Object]string) {
	if len(tops) > 0 {
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Obj != nil {
				if name, ok := tops[id.Obj]; ok && !u.fixes.fields[u.fset.Position(id.Pos())] {
					id.Name = name
				}
			}
			return true
		})
	}
	for _, id := range append(f.Unresolved, unresolvedKeys(f)...) {
		if u.fixes.fields[u.fset.Position(id.Pos())] {
			continue
		}
		compiled, own := u.Names[id.Name]
		// A variable is not in scope in the statements before its declaration.
		if own && (f == u.Decls || u.Whole || compiled == id.Name) {
			id.Name = compiled
		} else if obj, ok := u.Scope[id.Name]; ok {
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
func (u *Unit) setKeys(f *ast.File) {
	if len(u.fixes.keyed) == 0 {
		return
	}
	ast.Inspect(f, func(n ast.Node) bool {
		cl, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := u.fixes.keyed[u.fset.Position(cl.Lbrace)]
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
