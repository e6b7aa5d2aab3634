package compile

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// check type-checks the cell as a package that holds the names of earlier cells.
func (c *Compiler) check(u *Unit) []types.Error {
	u.Pkg = types.NewPackage(source.MainPath, "main")
	files := []*ast.File{u.Decls, u.Main}
	used := map[string]bool{}
	for _, f := range []*ast.File{u.Decls, u.Main, u.twin} {
		if f == nil {
			continue
		}
		u.resolveDots(f, func(name string) (string, bool) { return c.dotImported(u, name) })
		for _, id := range append(f.Unresolved, unresolvedKeys(f)...) {
			used[id.Name] = true
		}
	}
	for name, obj := range u.Scope {
		if used[obj.Name()] && u.Names[name] != obj.Name() {
			u.Pkg.Scope().Insert(obj)
		}
	}
	parenthesize(u.Decls)
	u.Decls.Decls = append([]ast.Decl{c.importDecl(u, used)}, u.Decls.Decls...)
	u.Main.Decls = append([]ast.Decl{c.importDecl(u, used)}, u.Main.Decls...)
	for _, h := range u.Hoists {
		spec := &ast.ValueSpec{Names: h.Names, Type: h.typ, Values: h.vals}
		u.Decls.Decls = append(u.Decls.Decls, &ast.GenDecl{Tok: token.VAR, TokPos: h.Names[0].Pos(), Specs: []ast.Spec{spec}})
	}
	u.Info = newInfo()
	errs := typeCheck(c.Fset, c.Packages, u, files)
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

// typeCheck runs the type checker and returns what a cell may not do. Unused
// variables, imports and labels it may have.
func typeCheck(fset *token.FileSet, imp types.Importer, u *Unit, files []*ast.File) (errs []types.Error) {
	conf := &types.Config{
		Sizes: sizes, Importer: imp, DisableUnusedImportCheck: true,
		Error: func(err error) {
			e, ok := err.(types.Error)
			switch {
			case !ok:
				e = types.Error{Fset: fset, Msg: err.Error()}
			case e.Soft && strings.Contains(e.Msg, "declared and not used"):
				return
			case strings.HasSuffix(e.Msg, " is not used") && u.repeats(u.Offset(e.Pos)):
				return
			case !u.Whole && strings.HasPrefix(e.Msg, "initialization cycle"):
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
	types.NewChecker(conf, fset, u.Pkg, u.Info).Files(files)
	for _, d := range u.Decls.Decls { // which the type checker takes for assembly
		if f, ok := d.(*ast.FuncDecl); ok && f.Body == nil {
			errs = append(errs, types.Error{Fset: fset, Pos: f.Name.Pos(), Msg: f.Name.Name + " has no body: func " + f.Name.Name + "(...) { ... }"})
		}
	}
	return append(errs, unprintable(fset, u.Info, files)...)
}

// unprintable finds what the predeclared print and println do not take, as the compiler does
// and the type checker does not.
func unprintable(fset *token.FileSet, info *types.Info, files []*ast.File) (errs []types.Error) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun, ok := ast.Unparen(call.Fun).(*ast.Ident)
			if !ok || fun.Name != "print" && fun.Name != "println" || !info.Types[fun].IsBuiltin() {
				return true
			}
			for _, x := range call.Args {
				t := info.TypeOf(x)
				if t == nil {
					continue
				}
				switch t.Underlying().(type) {
				case *types.Struct, *types.Array:
					name := source.Demangle(types.ExprString(x))
					errs = append(errs, types.Error{Fset: fset, Pos: x.Pos(), Msg: fmt.Sprintf("%s takes no %s: write fmt.Println(%s), or %s alone as the last line of the cell", fun.Name, types.TypeString(t, func(p *types.Package) string { return p.Name() }), name, name)})
				}
			}
			return true
		})
	}
	return errs
}

// dropInitializers takes the hoisted variables out of the package initializer:
// they are assigned where they stand.
func (u *Unit) dropInitializers() {
	hoisted := map[ast.Expr]bool{}
	for _, h := range u.Hoists {
		for _, v := range h.vals {
			hoisted[v] = true
		}
	}
	u.Info.InitOrder = slices.DeleteFunc(u.Info.InitOrder, func(in *types.Initializer) bool { return hoisted[in.Rhs] })
}

// importDecl returns the import declaration of one file of the cell: the session's
// hooks and what the cell mentions.
func (c *Compiler) importDecl(u *Unit, used map[string]bool) *ast.GenDecl {
	g := &ast.GenDecl{Tok: token.IMPORT, TokPos: 1, Lparen: 1}
	g.Specs = append(g.Specs, Import{Path: source.HooksPath}.node(source.HooksName))
	for name, sp := range u.Imports {
		if used[name] {
			g.Specs = append(g.Specs, sp.node(name))
		}
	}
	for _, sp := range u.dots {
		g.Specs = append(g.Specs, sp.node(DotName(sp.Path)))
	}
	return g
}
