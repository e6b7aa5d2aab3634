package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// compile parses and type-checks a cell. Three things are only known once the
// checker has seen it: whether the last expression has a value, which names in
// literals are fields, and which errors nobody looks at. It is then done again with what was learnt.
func (s *Session) compile(cell int, raw string, commands []source.Command) (*unit, *Error) {
	s.serial++
	src := source.Blank(raw, commands)
	chunks := source.Split(src)
	fixes := fixes{fields: map[token.Position]bool{}, keyed: map[token.Position][]string{}}
	for attempt := 1; ; attempt++ {
		u := &unit{cell: cell, serial: s.serial, raw: raw, commands: commands, src: src, chunks: chunks, fixes: fixes}
		u.whole = slices.ContainsFunc(chunks, func(c source.Chunk) bool { return c.First == token.PACKAGE })
		if u.whole {
			varsAreDecls(chunks)
		}
		if off, open := source.OpenComment(src); open {
			line, col := source.LineCol(src, off)
			return nil, s.compileErrorOf(u, []diagnostic{{source.Place{Cell: cell, Line: line, Col: col}, "the comment does not end"}})
		}
		if off, found := source.EmbedDirective(src); found {
			line, col := source.LineCol(src, off)
			return nil, s.compileErrorOf(u, []diagnostic{{source.Place{Cell: cell, Line: line, Col: col}, "go:embed is for the compiler, which puts the file into the program: read it with os.ReadFile, or os.DirFS for several"}})
		}
		if list := u.commandErrors(); len(list) > 0 {
			return nil, s.compileErrorOf(u, list)
		}
		extra := u.extend(s.methods)
		if err := u.parse(s.fset, extra); err != nil {
			s.forgetFiles(u)
			return nil, s.syntaxError(u, err)
		}
		if missing := s.resolveImports(u); len(missing) > 0 {
			s.forgetFiles(u)
			return nil, s.compileErrorOf(u, missing)
		}
		s.rewrite(u)
		errs := s.check(u)
		if len(errs) == 0 && !u.hasUnread(s) {
			return u, nil
		}
		learnt := len(errs) == 0 || u.learn(s.fset, errs)
		if !learnt || attempt == 6 {
			err := s.compileError(u, errs)
			for name := range u.names {
				s.failed[name] = cell
			}
			s.forgetFiles(u)
			return nil, err
		}
		fixes = u.fixes
		s.forgetFiles(u)
	}
}

// varsAreDecls leaves the variables of a program to its package initializer, which
// sorts them by what depends on what; those of an ordinary cell are set where they
// stand.
func varsAreDecls(chunks []source.Chunk) {
	for i := range chunks {
		chunks[i].Decl = chunks[i].Decl || chunks[i].First == token.VAR
	}
}

// forgetFiles drops the positions of a unit that is not kept.
func (s *Session) forgetFiles(u *unit) {
	for _, f := range u.files {
		s.fset.RemoveFile(f)
	}
	u.files = nil
}

// resolveImports finds what the cell may refer to: its own imports, those of
// earlier cells, and the names that they declared. Of an import and a declaration
// of one name the later holds. It returns the imports that cannot be had.
func (s *Session) resolveImports(u *unit) (missing []diagnostic) {
	u.imports = maps.Clone(s.imports)
	u.dots = slices.Clone(s.dots)
	u.scope = s.scope
	own := map[string]bool{}
	for _, is := range u.imported.Imports {
		pkg, spec, err := s.importPackage(pathOf(is))
		if err != nil {
			missing = append(missing, diagnostic{source.PlaceOf(u.cell, s.fset.Position(is.Path.Pos())), err.Error()})
			continue
		}
		spec.name = pkg.Name()
		if is.Name != nil {
			spec.name = is.Name.Name
		}
		switch name := spec.name; name {
		case "_": // its init functions have run in this process
		case ".":
			u.dots = append(slices.DeleteFunc(u.dots, func(d importSpec) bool { return d == spec }), spec)
			for _, name := range pkg.Scope().Names() {
				if ast.IsExported(name) && s.scope[name] != nil {
					u.dotted = append(u.dotted, name)
				}
			}
		default:
			u.imports[name] = spec
			own[name] = true
		}
	}
	if len(own) > 0 || len(u.dotted) > 0 {
		u.scope = maps.Clone(s.scope)
		maps.DeleteFunc(u.scope, func(name string, _ types.Object) bool { return own[name] || slices.Contains(u.dotted, name) })
	}
	missing = append(missing, s.refreshFolders(u)...)
	declared := u.declaredNames()
	maps.DeleteFunc(u.imports, func(name string, _ importSpec) bool { return declared[name] && !own[name] })
	return missing
}

// dotName is what a dot-imported package is called inside.
func dotName(path string) string { return "dot·" + path }

// importDecl returns the import declaration of one file of the cell: the session's
// hooks and what the cell mentions.
func (s *Session) importDecl(u *unit, used map[string]bool) *ast.GenDecl {
	g := &ast.GenDecl{Tok: token.IMPORT, TokPos: 1, Lparen: 1}
	g.Specs = append(g.Specs, importSpec{path: source.HooksPath}.node(source.HooksName))
	for name, sp := range u.imports {
		if used[name] {
			g.Specs = append(g.Specs, sp.node(name))
		}
	}
	for _, sp := range u.dots {
		g.Specs = append(g.Specs, sp.node(dotName(sp.path)))
	}
	return g
}

// check type-checks the cell as a package that holds the names of earlier cells.
func (s *Session) check(u *unit) []types.Error {
	u.pkg = types.NewPackage(source.MainPath, "main")
	files := []*ast.File{u.decls, u.main}
	used := map[string]bool{}
	for _, f := range []*ast.File{u.decls, u.main, u.twin} {
		if f == nil {
			continue
		}
		u.resolveDots(f, func(name string) (string, bool) { return s.dotImported(u, name) })
		for _, id := range append(f.Unresolved, unresolvedKeys(f)...) {
			used[id.Name] = true
		}
	}
	for name, obj := range u.scope {
		if used[obj.Name()] && u.names[name] != obj.Name() {
			u.pkg.Scope().Insert(obj)
		}
	}
	parenthesize(u.decls)
	u.decls.Decls = append([]ast.Decl{s.importDecl(u, used)}, u.decls.Decls...)
	u.main.Decls = append([]ast.Decl{s.importDecl(u, used)}, u.main.Decls...)
	for _, h := range u.hoists {
		spec := &ast.ValueSpec{Names: h.names, Type: h.typ, Values: h.vals}
		u.decls.Decls = append(u.decls.Decls, &ast.GenDecl{Tok: token.VAR, TokPos: h.names[0].Pos(), Specs: []ast.Spec{spec}})
	}
	u.info = newInfo()
	errs := typeCheck(s.fset, s.machine, u, files)
	u.dropInitializers()
	return errs
}

// parenthesize turns type B A into type B (A), which means the same. The type checker looks
// for the declaration of a bare A in the package, where that of an earlier cell is not.
func parenthesize(f *ast.File) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, sp := range g.Specs {
			if ts, ok := sp.(*ast.TypeSpec); ok {
				if id, ok := ts.Type.(*ast.Ident); ok {
					ts.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
				}
			}
		}
	}
}

// sizes are those of the compiled packages.
var sizes = types.SizesFor("gc", runtime.GOARCH)

var universeError = types.Universe.Lookup("error").Type()

// newInfo returns what the type checker fills in for the SSA builder.
func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		FileVersions: map[*ast.File]string{},
	}
}

// dotImported finds the package of a name that only a dot import can explain.
func (s *Session) dotImported(u *unit, name string) (string, bool) {
	if len(u.dots) == 0 || !ast.IsExported(name) || u.names[name] != "" || u.scope[name] != nil {
		return "", false
	}
	for _, sp := range slices.Backward(u.dots) { // the last import of a name holds
		if pkg, err := s.machine.Import(sp.path); err == nil && pkg.Scope().Lookup(name) != nil {
			return dotName(sp.path), true
		}
	}
	return "", false
}

// typeCheck runs the type checker and returns what a cell may not do. Unused
// variables, imports and labels it may have.
func typeCheck(fset *token.FileSet, imp types.Importer, u *unit, files []*ast.File) (errs []types.Error) {
	conf := &types.Config{
		Sizes: sizes, Importer: imp, DisableUnusedImportCheck: true,
		Error: func(err error) {
			e, ok := err.(types.Error)
			switch {
			case !ok:
				e = types.Error{Fset: fset, Msg: err.Error()}
			case e.Soft && strings.Contains(e.Msg, "declared and not used"):
				return
			case strings.HasSuffix(e.Msg, " is not used") && u.repeats(u.offset(fset, e.Pos)):
				return
			case !u.whole && strings.HasPrefix(e.Msg, "initialization cycle"):
				return // variables are assigned in main, where they may depend on functions that use them
			case strings.HasPrefix(e.Msg, "\tother declaration of ") && len(errs) > 0:
				errs[len(errs)-1].Msg += fmt.Sprintf(": it is declared in line %d, too", fset.Position(e.Pos).Line)
				return
			case strings.HasPrefix(e.Msg, "\t") && len(errs) > 0:
				return // more about an initialization cycle
			}
			errs = append(errs, e)
		},
	}
	defer func() {
		if e := recover(); e != nil {
			errs = append(errs, types.Error{Fset: fset, Msg: fmt.Sprintf("the type checker gave up: %v", e)})
		}
	}()
	types.NewChecker(conf, fset, u.pkg, u.info).Files(files)
	for _, d := range u.decls.Decls { // which the type checker takes for assembly
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			errs = append(errs, types.Error{Fset: fset, Pos: f.Name.Pos(), Msg: f.Name.Name + " has no body: func " + f.Name.Name + "(...) { ... }"})
		}
	}
	return errs
}

// dropInitializers takes the hoisted variables out of the package initializer:
// they are assigned where they stand.
func (u *unit) dropInitializers() {
	hoisted := map[ast.Expr]bool{}
	for _, h := range u.hoists {
		for _, v := range h.vals {
			hoisted[v] = true
		}
	}
	u.info.InitOrder = slices.DeleteFunc(u.info.InitOrder, func(in *types.Initializer) bool { return hoisted[in.Rhs] })
}

// learn looks for errors that are not the user's. It returns whether there is
// something to try again with.
func (u *unit) learn(fset *token.FileSet, errs []types.Error) bool {
	learnt := false
	for _, e := range errs {
		switch {
		case strings.Contains(e.Msg, "used as value") && !u.fixes.void:
			u.fixes.void = true
			learnt = true
		case strings.HasPrefix(e.Msg, "unknown field ") && strings.Contains(e.Msg, "·"):
			u.fixes.fields[fset.Position(e.Pos)] = true
			learnt = true
		case strings.HasPrefix(e.Msg, "implicit assignment to unexported field"):
			before := len(u.fixes.keyed)
			u.findUnkeyed(fset)
			learnt = learnt || len(u.fixes.keyed) > before
		}
	}
	return learnt
}

// findUnkeyed notes the fields of all unkeyed struct literals.
func (u *unit) findUnkeyed(fset *token.FileSet) {
	for e, tv := range u.info.Types {
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
		u.fixes.keyed[fset.Position(cl.Lbrace)] = fields
	}
}
