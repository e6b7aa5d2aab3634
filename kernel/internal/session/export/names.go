package export

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// importLines returns import specs for all packages that a cell imports, those of
// the standard library first.
func (x *export) importLines() string {
	var standard, others strings.Builder
	for _, path := range slices.Sorted(maps.Keys(x.imports)) {
		name := x.imports[path]
		if pkg, err := x.cells.Import(path); err == nil && pkg.Name() == name {
			name = ""
		}
		b := &standard
		if first, _, _ := strings.Cut(path, "/"); first == "gonmf" || strings.Contains(first, ".") {
			b = &others
		}
		fmt.Fprintf(b, "%s %q\n", name, path)
	}
	return standard.String() + "\n" + others.String()
}

// declare gives what the cell declares names in the program.
func (x *export) declare() {
	u := x.unit
	own := map[types.Object]bool{}
	for id, obj := range u.Info.Defs {
		if obj != nil && x.isOwn(id) {
			own[obj] = true
		}
	}
	var objects []types.Object
	written := map[types.Object]string{}
	for name, compiled := range u.Names {
		if obj := u.Pkg.Scope().Lookup(compiled); obj != nil {
			objects = append(objects, obj)
			written[obj] = name
		}
	}
	// A type that gets a method in this cell has no source here; it is the one
	// of before.
	for _, name := range u.Pkg.Scope().Names() {
		obj := u.Pkg.Scope().Lookup(name)
		if _, isType := obj.(*types.TypeName); isType && obj.Pkg() == u.Pkg && !own[obj] && x.latest[name] != nil {
			x.names[obj] = x.names[x.latest[name]]
			x.latest[name] = obj
			delete(written, obj)
		}
	}
	objects = slices.DeleteFunc(objects, func(o types.Object) bool { return written[o] == "" })
	slices.SortFunc(objects, func(a, b types.Object) int { return int(a.Pos() - b.Pos()) })
	// Imports first, which have their names for the whole program.
	for _, is := range slices.SortedFunc(maps.Values(u.Imports), func(a, b compile.Import) int { return strings.Compare(a.Path, b.Path) }) {
		if is.Path != source.HooksPath {
			x.imported(is.Path, is.Name)
		}
	}
	valued := valued(u)
	for _, obj := range objects {
		name := written[obj]
		before := x.latest[name]
		x.latest[name] = obj
		v, isVar := obj.(*types.Var)
		if isVar && before != nil && valued[obj.Name()] && x.mayReuse(before, obj) {
			x.names[obj], x.reused[obj] = x.names[before], true
			continue
		}
		x.names[obj] = x.free(name)
		if isVar && !x.locals[obj] {
			x.vars = append(x.vars, x.names[obj]+" "+x.typeString(v.Type()))
		}
	}
}

// place decides where the variables of the cell go. Those of one var declaration
// stay together, and with one whose type cannot be written all that := declares.
func (x *export) place() {
	u := x.unit
	for _, c := range u.Chunks {
		var together []types.Object
		shared, utterable := false, true
		for _, h := range u.Hoists {
			for _, id := range h.Names {
				obj := u.Pkg.Scope().Lookup(id.Name)
				if obj != nil && x.declaredIn(c, obj) {
					together = append(together, obj)
					shared = shared || x.shared[obj]
					utterable = utterable && x.utterable(obj.Type())
				}
			}
		}
		for _, obj := range together {
			x.locals[obj] = !utterable || !shared || c.First != token.VAR && !x.shared[obj]
		}
	}
}

func (x *export) declaredIn(c source.Chunk, obj types.Object) bool {
	off := x.unit.Offset(obj.Pos())
	return obj.Pkg() == x.unit.Pkg && c.Start <= off && off < c.End
}

// valued are the variables, as compiled, that := gives a value.
func valued(u *compile.Unit) map[string]bool {
	valued := map[string]bool{}
	for _, h := range u.Hoists {
		for _, id := range h.Names {
			valued[id.Name] = h.Defined
		}
	}
	return valued
}

// mayReuse says whether nobody can tell the new variable from the one of before
// that gets another value.
func (x *export) mayReuse(before, now types.Object) bool {
	if _, ok := before.(*types.Var); !ok || x.captured[before] || x.locals[before] != x.locals[now] || !types.Identical(before.Type(), now.Type()) {
		return false
	}
	switch before.Type().Underlying().(type) {
	case *types.Struct, *types.Array: // a method may have kept its address, or a slice
		return false
	}
	return true
}

// assigned says what becomes of the := of a chunk: whether it declares variables of
// main, and what has to be declared before it.
func (x *export) assigned(c source.Chunk, left []ast.Expr) (before string, define bool) {
	all := true // of what is not declared is a variable of main, too
	var fresh []types.Object
	for _, e := range left {
		id, ok := e.(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		obj := x.latest[id.Name]
		all = all && x.locals[obj]
		if x.locals[obj] && !x.reused[obj] && x.declaredIn(c, obj) {
			fresh = append(fresh, obj)
		}
	}
	if all {
		return "", len(fresh) > 0
	}
	for _, obj := range fresh { // else := would declare the others, too
		before += "var " + x.names[obj] + " " + x.typeString(obj.Type()) + "\n"
	}
	return before, false
}

// typeString writes a type as the program has it.
func (x *export) typeString(t types.Type) string {
	cells := map[string]*types.Package{}
	text := types.TypeString(t, func(p *types.Package) string {
		if serial, ok := x.serials[p]; ok {
			name := "cell·" + strconv.Itoa(serial)
			cells[name] = p
			return name
		}
		return x.imported(p.Path(), "")
	})
	return cellType.ReplaceAllStringFunc(text, func(m string) string {
		cell, name, _ := strings.Cut(m, ".")
		if renamed, ok := x.names[cells[cell].Scope().Lookup(name)]; ok {
			return renamed
		}
		return name
	})
}

var cellType = regexp.MustCompile(`cell·\d+\.[\pL_][\pL\pN_]*`)

// utterable says whether no type of another package occurs in t that has no name
// outside it.
func (x *export) utterable(t types.Type) bool {
	ok := true
	text := types.TypeString(t, func(p *types.Package) string {
		if x.serials[p] != 0 {
			return "cell·"
		}
		return "other·"
	})
	for _, m := range hidden.FindAllStringSubmatch(text, -1) {
		ok = ok && ast.IsExported(m[1])
	}
	return ok
}

var hidden = regexp.MustCompile(`other·\.([\pL_][\pL\pN_]*)`)

// isOwn says whether a name stands in the source of the cell itself.
func (x *export) isOwn(id *ast.Ident) bool {
	return id.Pos().IsValid() && x.unit.Position(id.Pos()).Filename == source.FileName(x.unit.Cell)
}

// renamed returns the edits that give names the form that they have in the
// program.
func (x *export) renamed() (edits []edit) {
	u := x.unit
	rename := func(id *ast.Ident, obj types.Object) {
		if obj == nil || !x.isOwn(id) {
			return
		}
		from := u.Offset(id.Pos())
		if p, ok := obj.(*types.PkgName); ok {
			path := p.Imported().Path()
			switch {
			case path == source.HooksPath:
			case strings.HasPrefix(p.Name(), compile.DotName("")):
				edits = append(edits, edit{from, from, x.imported(path, "") + "."})
			case x.imports[path] != p.Name():
				edits = append(edits, edit{from, from + len(p.Name()), x.imported(path, "")})
			}
			return
		}
		if v, ok := obj.(*types.Var); ok && v.IsField() {
			if obj = embedded(v); obj == nil { // the field is called like its type
				return
			}
		}
		if obj == x.context && x.names[obj] == "" {
			x.names[obj] = x.free("ctx")
		}
		name, ok := x.names[obj]
		if was := source.Demangle(obj.Name()); ok && name != was && strings.HasPrefix(u.Src[from:], was) {
			edits = append(edits, edit{from, from + len(was), name})
		}
	}
	for id, obj := range u.Info.Uses {
		rename(id, obj)
	}
	for id, obj := range u.Info.Defs {
		rename(id, obj)
	}
	slices.SortFunc(edits, func(a, b edit) int {
		return cmp.Or(a.from-b.from, a.to-b.to, strings.Compare(a.text, b.text))
	})
	return slices.Compact(edits) // hoisted expressions are there twice
}

// embedded returns the type that an embedded field is named after.
func embedded(v *types.Var) types.Object {
	if !v.Embedded() {
		return nil
	}
	t := v.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t := t.(type) {
	case *types.Named:
		return t.Obj()
	case *types.Alias:
		return t.Obj()
	}
	return nil
}

// noteReferences finds the variables that functions refer to or whose address is
// taken.
func (x *export) noteReferences(u *compile.Unit) {
	note := func(n ast.Node, in ...map[types.Object]bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && u.Info.Uses[id] != nil {
				for _, m := range in {
					m[u.Info.Uses[id]] = true
				}
			}
			return true
		})
	}
	for _, d := range u.Decls.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			note(f, x.shared, x.captured)
		}
	}
	ast.Inspect(u.Main, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			note(n, x.captured)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n, x.captured)
			}
		}
		return true
	})
}
