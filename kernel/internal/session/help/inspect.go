package help

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/docs"
	"gonmf/kernel/internal/session/source"
)

// Help is what is known about a name.
type Help struct {
	Name      string
	Kind      Kind
	Signature string // the declaration, with the names of parameters
	Doc       string // the comment, without comment marks
	Package   string // the import path; empty for the user's own names and predeclared ones
	Cell      int    // that declared it, for the user's own names
	Value     string // of a variable: how large it is, and what
	More      string // what else there is to say: the source of an own name, what a package or type has
}

// Text returns the help as plain text, without what more there is.
func (h Help) Text() string {
	parts := []string{h.Signature}
	if h.Package != "" && h.Kind != KindPackage && h.Kind != KindVar {
		parts[0] += "\n// " + h.Package
	}
	for _, part := range []string{h.Value, h.Doc} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

// All returns all that is known as plain text.
func (h Help) All() string {
	if h.More == "" {
		return h.Text()
	}
	return h.Text() + "\n\n" + h.More
}

// Inspect describes the name at a byte position of a cell that is being written,
// or the function whose arguments are being written there.
func (g *Guide) Inspect(src string, pos int) (Help, bool) {
	pos = source.Clamp(src, pos)
	if _, ok := source.LiteralAt(src, pos); ok {
		var found bool
		if pos, found = source.CalleeBefore(src, pos); !found {
			return Help{}, false
		}
	}
	start, end := source.IdentAround(src, pos)
	if start == end {
		p, ok := source.CalleeBefore(src, pos)
		if !ok {
			return Help{}, false
		}
		start, end = source.IdentAround(src, p)
	}
	text, ok := source.Repair(src, start, end, src[start:end])
	if !ok {
		return Help{}, false
	}
	a, done, ok := g.analyse(text, start)
	defer done()
	if !ok {
		return Help{}, false
	}
	return g.describe(a)
}

// describe finds out what the identifier means.
func (g *Guide) describe(a *analysis) (Help, bool) {
	info := a.u.Info
	obj := info.Uses[a.id]
	if obj == nil {
		obj = info.Defs[a.id]
	}
	sel, _ := a.around(1).(*ast.SelectorExpr)
	if obj == nil && sel != nil {
		if x, ok := sel.X.(*ast.Ident); ok {
			switch pkg := info.Uses[x].(type) {
			case nil:
				return g.describeUnimported(x.Name, a.id, sel)
			case *types.PkgName:
				obj = member(pkg.Imported(), a.id.Name)
			}
		}
	}
	switch obj := obj.(type) {
	case nil:
		if sel != nil && sel.X != a.id {
			return Help{}, false
		}
		return g.describePackage(a.id.Name)
	case *types.PkgName:
		return packageHelp(obj.Imported().Path(), obj.Imported().Name()), true
	}
	var recv types.Type
	if sel != nil && sel.Sel == a.id {
		if selection := info.Selections[sel]; selection != nil {
			recv = selection.Recv()
		}
	}
	if cl, ok := a.around(2).(*ast.CompositeLit); ok {
		recv = info.Types[cl].Type
	}
	return g.objectHelp(obj, recv), true
}

// describeUnimported describes a package that the cell has not imported, or a
// member of it.
func (g *Guide) describeUnimported(name string, id *ast.Ident, sel *ast.SelectorExpr) (Help, bool) {
	for _, path := range g.Compiler.PackagesNamed(name) {
		pkg, err := g.Compiler.Packages.Import(path)
		if err != nil {
			continue
		}
		if sel.X == id {
			return packageHelp(path, pkg.Name()), true
		}
		if obj := member(pkg, id.Name); obj != nil {
			return g.objectHelp(obj, nil), true
		}
	}
	return Help{}, false
}

// describePackage describes a package that the cell has not imported.
func (g *Guide) describePackage(name string) (Help, bool) {
	for _, path := range g.Compiler.PackagesNamed(name) {
		if pkg, err := g.Compiler.Packages.Import(path); err == nil {
			return packageHelp(path, pkg.Name()), true
		}
	}
	return Help{}, false
}

// member returns what a package has under a name, or under the only one that
// begins so, of a name that is not written to its end.
func member(pkg *types.Package, name string) types.Object {
	if obj := pkg.Scope().Lookup(name); obj != nil {
		return obj
	}
	var only types.Object
	for _, n := range pkg.Scope().Names() {
		if strings.HasPrefix(n, name) && token.IsExported(n) {
			if only != nil {
				return nil
			}
			only = pkg.Scope().Lookup(n)
		}
	}
	return only
}

func packageHelp(path, name string) Help {
	h := Help{Name: name, Kind: KindPackage, Package: path, Signature: "package " + name}
	if e, ok := docs.Lookup(path, ""); ok {
		h.Signature, h.Doc = e.Signature, e.Doc
	}
	h.More = strings.Join(docs.Members(path, ""), "\n")
	return h
}

// objectHelp describes an object; recv is what it was selected from, if anything.
func (g *Guide) objectHelp(obj types.Object, recv types.Type) Help {
	h := Help{Name: source.Demangle(obj.Name()), Kind: KindOf(obj)}
	h.Signature = objectText(obj)
	if obj.Pkg() != nil && obj.Pkg().Path() == source.MainPath {
		g.describeOwn(&h, obj)
		if v, ok := obj.(*types.Var); ok && !v.IsField() && v.Parent() == v.Pkg().Scope() {
			g.describeVariable(&h, v)
		}
		return h
	}
	if obj.Pkg() != nil {
		h.Package = obj.Pkg().Path()
		if folder, ok := g.Compiler.IsFolder(h.Package); ok {
			h.Package = folder
			p := g.Compiler.Fset.Position(obj.Pos())
			h.Doc = commentAbove(g.Compiler.FolderText(p.Filename), p.Line)
			return h
		}
	}
	for _, at := range docPlaces(obj, recv) {
		if e, ok := docs.Lookup(at.path, at.name); ok {
			h.Doc = e.Doc
			h.Signature = cmp.Or(e.Signature, h.Signature)
			if at.path != builtin {
				h.Package = at.path
			}
			if h.Kind == KindType {
				h.More = strings.Join(docs.Members(at.path, at.name), "\n")
			}
			break
		}
	}
	return h
}

// builtin is where predeclared names are documented.
const builtin = "builtin"

// A docPlace is where an object may stand in the table of docs.
type docPlace struct{ path, name string }

// docPlaces returns the places to look for an object: a method or field under its
// type, or one that is embedded in it.
func docPlaces(obj types.Object, recv types.Type) (places []docPlace) {
	var owner types.Type
	switch obj := obj.(type) {
	case *types.Func:
		if r := obj.Signature().Recv(); r != nil {
			owner = r.Type()
		}
	case *types.Var:
		if obj.IsField() {
			owner = recv
		}
	}
	if owner == nil {
		if obj.Pkg() == nil {
			return []docPlace{{builtin, obj.Name()}}
		}
		return []docPlace{{obj.Pkg().Path(), obj.Name()}}
	}
	var add func(t types.Type, depth int)
	add = func(t types.Type, depth int) {
		n := named(t)
		if n == nil || n.Obj().Pkg() == nil || depth > 5 {
			return
		}
		places = append(places, docPlace{n.Obj().Pkg().Path(), n.Origin().Obj().Name() + "." + obj.Name()})
		if st, ok := n.Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				if f.Embedded() {
					add(f.Type(), depth+1)
				}
			}
		}
	}
	add(owner, 0)
	if recv != nil {
		add(recv, 0)
	}
	return places
}

// named returns the named type behind t or *t, if any.
func named(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// objectText writes the declaration of an object.
func objectText(obj types.Object) string {
	text := types.ObjectString(obj, func(p *types.Package) string {
		if p.Path() == source.MainPath {
			return ""
		}
		return p.Name()
	})
	return strings.ReplaceAll(source.Demangle(text), "interface{}", "any")
}

// describeOwn completes the description of a name of the user's from the cell
// that declared it.
func (g *Guide) describeOwn(h *Help, obj types.Object) {
	if cell, ok := g.CellOf(obj); ok {
		h.Cell = cell
	}
	p := g.Compiler.Fset.Position(obj.Pos())
	cell := source.PlaceOf(h.Cell, p).Cell
	if src := g.Text(cell); src != "" {
		h.Cell = cell
		h.Doc = commentAbove(src, p.Line)
		at := source.OffsetOf(src, p.Line, p.Column)
		for _, c := range source.Split(src) {
			if h.Kind != KindVar && h.Kind != KindField && c.Start <= at && at < c.End {
				h.More = src[c.Start:c.End]
			}
		}
	}
	if t := g.Compiler.Methods[h.Name]; t != nil && h.Kind == KindType {
		h.Signature = "type " + t.Spec.Text
	}
}

// describeVariable says what a variable of the cells holds, and what its type is.
func (g *Guide) describeVariable(h *Help, obj *types.Var) {
	if v, ok := g.Value(h.Name); ok && g.Show != nil && v.CanInterface() && !ofCells(v.Type(), 0) {
		h.Value = g.Show(v.Interface())
	}
	n := named(obj.Type())
	if n == nil || n.Obj().Pkg() == nil {
		return
	}
	t := n.Origin().Obj()
	if e, ok := docs.Lookup(t.Pkg().Path(), t.Name()); ok {
		h.Doc = strings.TrimSpace(h.Doc + "\n\n" + e.Doc)
		h.More = strings.Join(append([]string{e.Signature, ""}, docs.Members(t.Pkg().Path(), t.Name())...), "\n")
	}
}

// ofCells says whether a type has methods that a cell wrote, or may have: to show a value of it
// would run them.
func ofCells(t reflect.Type, depth int) bool {
	if t.PkgPath() == source.MainPath || depth > 10 {
		return true
	}
	if t.PkgPath() != "" {
		return false
	}
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return ofCells(t.Elem(), depth+1)
	case reflect.Map:
		return ofCells(t.Key(), depth+1) || ofCells(t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			if ofCells(t.Field(i).Type, depth+1) {
				return true
			}
		}
	}
	return false
}

// commentAbove returns the comment that ends on the line above.
func commentAbove(src string, line int) string {
	lines := strings.Split(src, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	var text []string
	for i := line - 2; i >= 0; i-- {
		l := strings.TrimSpace(lines[i])
		rest, ok := strings.CutPrefix(l, "//")
		if !ok {
			break
		}
		text = append(text, strings.TrimPrefix(rest, " "))
	}
	slices.Reverse(text)
	return strings.Join(text, "\n")
}
