package help

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// A Completion is what may stand at a position.
type Completion struct {
	Start, End int // the bytes that a match replaces
	Matches    []Match
}

// A Match is one way to go on.
type Match struct {
	Text string
	Kind Kind
	Type string // as Go writes it; empty for keywords and files
	// Import is the path of a package that the cell must import for this match to
	// mean anything; empty if it is imported, or no import is needed.
	Import string

	fits bool // it has the type of what is to stand there
}

// maxMatches bounds a Completion; nobody reads more.
const maxMatches = 500

// here stands for what is being completed while the cell is checked.
const here = "gonmf__here"

// Complete returns what may stand at a byte position of a cell that is being
// written: names in scope, members of packages and values, fields of a struct
// literal, packages that could be imported, and in a string the names of columns or files.
func (g *Guide) Complete(src string, pos int) Completion {
	pos = source.Clamp(src, pos)
	if lit, ok := source.LiteralAt(src, pos); ok {
		return g.completeLiteral(src, pos, lit)
	}
	start, end := source.IdentAround(src, pos)
	c := Completion{Start: start, End: pos}
	prefix := src[start:pos]
	if r, _ := utf8.DecodeRuneInString(prefix); prefix != "" && r >= '0' && r <= '9' {
		return c
	}
	text, ok := source.Repair(src, start, end, here)
	var matches []Match
	if ok {
		matches = g.completeIn(text, start, prefix)
	} else if !strings.HasSuffix(strings.TrimRight(src[:start], " \t"), ".") {
		matches = g.names(nil)
	}
	c.Matches = choose(matches, prefix)
	return c
}

// maxImportText bounds the beginning of a statement that AddImport repeats.
const maxImportText = 200

// AddImport changes a completion of src whose matches all need one package that the cell
// does not import: each then puts the import before the statement. A completion replaces
// one piece of text, so that the piece must begin where the statement does.
func AddImport(src string, c Completion) Completion {
	if len(c.Matches) == 0 || c.Matches[0].Import == "" {
		return c
	}
	path := c.Matches[0].Import
	start := c.Start
	for _, k := range source.Split(src) {
		if k.Start <= c.Start {
			start = k.Start
		}
	}
	text := src[start:c.Start]
	for _, m := range c.Matches {
		if m.Import != path || m.Kind == KindPackage || len(text) > maxImportText {
			return c
		}
	}
	with := Completion{Start: start, End: c.End}
	for _, m := range c.Matches {
		m.Text = fmt.Sprintf("import %q\n%s%s", path, text, m.Text)
		with.Matches = append(with.Matches, m)
	}
	return with
}

// completeIn completes the identifier here at a byte offset of text.
func (g *Guide) completeIn(text string, off int, prefix string) []Match {
	a, done, ok := g.analyse(text, off)
	defer done()
	if !ok {
		return nil
	}
	switch p := a.around(1).(type) {
	case *ast.SelectorExpr:
		if p.Sel == a.id {
			return fitting(g.members(a, p.X), packageOf(a, p.X), a.expected(1))
		}
	case *ast.CompositeLit:
		if p.Type != a.id {
			return append(fieldsOf(a.u, p), g.names(a)...)
		}
	case *ast.KeyValueExpr:
		if cl, ok := a.around(2).(*ast.CompositeLit); ok && p.Key == a.id {
			return append(fieldsOf(a.u, cl), g.names(a)...)
		}
	}
	matches := g.names(a)
	if t := a.expected(0); t != nil {
		for i, m := range matches {
			obj := a.u.Scope[m.Text]
			matches[i].fits = obj != nil && m.Kind != KindType && obj.Type() != nil && named(t) != nil && types.AssignableTo(obj.Type(), t)
		}
		matches = append(valuesOf(a.u, t), matches...)
	}
	if prefix != "" {
		matches = append(matches, g.notImported(a.u, prefix)...)
		for k := token.BREAK; k <= token.VAR; k++ {
			matches = append(matches, Match{Text: k.String(), Kind: KindKeyword})
		}
	}
	return matches
}

// choose picks the matches that begin with prefix, case counting only if that
// finds something, and sorts them.
func choose(matches []Match, prefix string) []Match {
	var exact, loose []Match
	for _, m := range matches {
		switch {
		case strings.Contains(m.Text, here) || strings.Contains(m.Text, "·"):
		case strings.HasPrefix(m.Text, prefix), m.fits && prefix != "" && strings.HasPrefix(m.Text[strings.LastIndex(m.Text, ".")+1:], prefix):
			exact = append(exact, m)
		case len(m.Text) >= len(prefix) && strings.EqualFold(m.Text[:len(prefix)], prefix):
			loose = append(loose, m)
		}
	}
	if len(exact) == 0 {
		exact = loose
	}
	slices.SortStableFunc(exact, func(a, b Match) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Text, b.Text))
	})
	exact = slices.CompactFunc(exact, func(a, b Match) bool { return a.Text == b.Text })
	if i := slices.IndexFunc(exact, func(m Match) bool { return m.Kind == KindKeyword && m.Text == prefix }); i > 0 {
		word := exact[i] // written to its end
		exact = slices.Insert(slices.Delete(exact, i, i+1), 0, word)
	}
	return exact[:min(len(exact), maxMatches)]
}

// importRank puts gonmf's packages and those beside the notebook before all others.
func importRank(path string) int {
	if strings.HasPrefix(path, "gonmf/") || strings.HasPrefix(path, ".") {
		return 0
	}
	return 1
}

// rank puts what has the type that is asked for first, what is at hand before what would have to be imported, and keywords
// and predeclared names last.
func rank(m Match) int {
	switch {
	case m.fits:
		return 0
	case m.Import != "":
		return 3
	case m.Kind == KindKeyword, types.Universe.Lookup(m.Text) != nil:
		return 4
	case m.Kind == KindField, m.Kind == KindMethod:
		return 1
	}
	return 2
}

func match(obj types.Object) Match {
	return Match{Text: source.Demangle(obj.Name()), Kind: KindOf(obj), Type: objectType(obj)}
}

// objectType is the type shown beside a name: for a type what is behind it.
func objectType(obj types.Object) string {
	if _, ok := obj.(*types.Builtin); ok || obj.Type() == nil {
		return ""
	}
	t := obj.Type()
	if _, ok := obj.(*types.TypeName); ok {
		t = t.Underlying()
		switch t.(type) {
		case *types.Struct:
			return "struct"
		case *types.Interface:
			return "interface"
		}
	}
	return TypeText(t)
}

// names returns all names in scope. a is nil if the cell cannot be analysed.
func (g *Guide) names(a *analysis) []Match {
	var out []Match
	imports := g.Compiler.Imports
	if a != nil {
		for obj := range a.locals {
			out = append(out, match(obj))
		}
		for name, compiled := range a.u.Names {
			if obj := a.u.Pkg.Scope().Lookup(compiled); obj != nil {
				out = append(out, Match{Text: name, Kind: KindOf(obj), Type: objectType(obj)})
			}
		}
		imports = a.u.Imports
	}
	for name, obj := range g.Compiler.Scope {
		if a == nil || a.u.Names[name] == "" {
			out = append(out, Match{Text: name, Kind: KindOf(obj), Type: objectType(obj)})
		}
	}
	for name, sp := range imports {
		out = append(out, Match{Text: name, Kind: KindPackage, Type: sp.Path})
	}
	for _, name := range types.Universe.Names() {
		m := match(types.Universe.Lookup(name))
		if _, ok := types.Universe.Lookup(name).(*types.Builtin); ok {
			m.Kind = KindFunc
		}
		out = append(out, m)
	}
	return out
}

// notImported returns the packages whose names begin with prefix and which the
// cell could import.
func (g *Guide) notImported(u *compile.Unit, prefix string) []Match {
	var out []Match
	for _, p := range g.Compiler.Importable() {
		name := compile.PackageName(p)
		if strings.HasPrefix(name, prefix) && u.Imports[name].Path != p {
			out = append(out, Match{Text: name, Kind: KindPackage, Type: p, Import: p})
		}
	}
	return out
}

// members returns what may follow the dot after x.
func (g *Guide) members(a *analysis, x ast.Expr) []Match {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := a.u.Info.Uses[id].(*types.PkgName); ok {
			return packageMembers(pkg.Imported(), "")
		}
		if a.u.Info.Uses[id] == nil && a.u.Info.Defs[id] == nil {
			return g.membersOfUnimported(id.Name)
		}
	}
	tv, ok := a.u.Info.Types[x]
	if !ok || tv.Type == nil || tv.Type == types.Typ[types.Invalid] {
		return nil
	}
	return typeMembers(tv.Type, !tv.IsType())
}

// packageOf returns the package that x names, if it does.
func packageOf(a *analysis, x ast.Expr) *types.Package {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := a.u.Info.Uses[id].(*types.PkgName); ok {
			return pkg.Imported()
		}
	}
	return nil
}

func packageMembers(pkg *types.Package, path string) []Match {
	var out []Match
	for _, name := range pkg.Scope().Names() {
		if ast.IsExported(name) {
			m := match(pkg.Scope().Lookup(name))
			m.Import = path
			out = append(out, m)
		}
	}
	return out
}

// membersOfUnimported returns the members of a package that the cell has not
// imported yet. If there are several of the name, the one with the shortest path
// is most likely meant.
func (g *Guide) membersOfUnimported(name string) []Match {
	for _, p := range g.Compiler.PackagesNamed(name) {
		if pkg, err := g.Compiler.Packages.Import(p); err == nil {
			return packageMembers(pkg, p)
		}
	}
	return nil
}

// typeMembers returns the methods of t and, for a value, its fields. Unexported
// ones are offered for the user's own types alone.
func typeMembers(t types.Type, value bool) []Match {
	var out []Match
	seen := map[string]bool{}
	add := func(obj types.Object) {
		if obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == source.MainPath {
			if !seen[obj.Name()] && obj.Name() != "_" {
				seen[obj.Name()] = true
				out = append(out, match(obj))
			}
		}
	}
	set := t
	if _, ptr := t.Underlying().(*types.Pointer); !ptr && !types.IsInterface(t) && value {
		set = types.NewPointer(t)
	}
	methods := types.NewMethodSet(set)
	for i := range methods.Len() {
		add(methods.At(i).Obj())
	}
	if value {
		walkFields(t, 0, map[types.Type]bool{}, func(f *types.Var) { add(f) })
	}
	return out
}

// walkFields visits the fields that x.f can mean for an x of type t, embedded
// ones too, the outer before the inner.
func walkFields(t types.Type, depth int, seen map[types.Type]bool, visit func(*types.Var)) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] || depth > 10 {
		return
	}
	seen[t] = true
	for f := range st.Fields() {
		visit(f)
	}
	for f := range st.Fields() {
		if f.Embedded() {
			walkFields(f.Type(), depth+1, seen, visit)
		}
	}
}

// fieldsOf returns the fields that a struct literal does not set yet, with the
// colon.
func fieldsOf(u *compile.Unit, cl *ast.CompositeLit) []Match {
	t := u.Info.Types[cl].Type
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	set := map[string]bool{}
	for _, e := range cl.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				set[id.Name] = true
			}
		}
	}
	var out []Match
	for f := range st.Fields() {
		if own := f.Pkg() != nil && f.Pkg().Path() == source.MainPath; (f.Exported() || own) && !set[f.Name()] {
			m := match(f)
			m.Text += ": "
			out = append(out, m)
		}
	}
	return out
}

// completeLiteral completes the path of a package in an import, the name of a column
// where a table is at hand, and that of a file in any other string.
func (g *Guide) completeLiteral(src string, pos int, lit source.Literal) Completion {
	c := Completion{Start: pos, End: pos}
	if lit.Tok != token.STRING {
		return c
	}
	text := src[lit.Start+1 : pos]
	if lit.Decl == token.IMPORT {
		c.Start = lit.Start + 1
		for _, p := range append(compile.LocalPaths(text), g.Compiler.Importable()...) {
			if strings.HasPrefix(p, text) {
				c.Matches = append(c.Matches, Match{Text: p, Kind: KindPackage, Type: p})
			}
		}
		slices.SortStableFunc(c.Matches, func(a, b Match) int { return cmp.Compare(importRank(a.Text), importRank(b.Text)) })
		return c
	}
	if columns, ok := g.completeColumn(src, pos, lit); ok {
		return columns
	}
	if strings.ContainsAny(text, "\\\n%") {
		return c // an escape sequence, several lines, a format: no path
	}
	dir, prefix := filepath.Split(text)
	c.Start = pos - len(prefix)
	entries, err := os.ReadDir(cmp.Or(dir, "."))
	if err != nil {
		return c
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || prefix == "" && strings.HasPrefix(name, ".") || len(c.Matches) == maxMatches {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		c.Matches = append(c.Matches, Match{Text: name, Kind: KindFile})
	}
	return c
}
