package session

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/compile"
)

// cut makes cells of a program: one for its imports, one for each declaration with the
// methods and all that it needs and that needs it in turn, and one for each statement of
// main.
func cut(src string) (cells []string) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, 0)
	if err != nil {
		return []string{src}
	}
	text := func(from, to token.Pos) string { return src[fset.Position(from).Offset:fset.Position(to).Offset] }
	parts := map[string]*part{}
	var order []string
	add := func(name string, d ast.Node, code string) {
		p := parts[name]
		if p == nil {
			p = &part{name: name, needs: map[string]bool{}}
			parts[name] = p
			order = append(order, name)
		}
		p.code = append(p.code, code)
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				p.needs[id.Name] = true
			}
			return true
		})
	}
	var main *ast.FuncDecl
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			code := text(d.Pos(), d.End())
			if d.Tok == token.IMPORT {
				cells = append(cells, code)
				continue
			}
			if d.Tok == token.TYPE && !d.Lparen.IsValid() || d.Tok == token.VAR && len(d.Specs) == 1 {
				switch sp := d.Specs[0].(type) {
				case *ast.TypeSpec:
					add(sp.Name.Name, d, code)
					continue
				case *ast.ValueSpec:
					if len(sp.Names) == 1 && sp.Names[0].Name != "_" {
						add(sp.Names[0].Name, d, code)
						continue
					}
				}
			}
			name := "group " + code
			add(name, d, code)
			for _, sp := range d.Specs { // whoever needs one of them needs the group
				for _, id := range namesOf(sp) {
					add(id, &ast.Ident{Name: name}, "")
				}
			}
		case *ast.FuncDecl:
			switch base := compile.ReceiverBase(d); {
			case base != "":
				add(base, d, text(d.Pos(), d.End()))
			case d.Name.Name == "main":
				main = d
			default:
				add(d.Name.Name, d, text(d.Pos(), d.End()))
			}
		}
	}
	for _, group := range connected(parts, order) {
		var code []string
		for _, name := range group {
			code = append(code, parts[name].code...)
		}
		if cell := strings.TrimSpace(strings.Join(code, "\n")); cell != "" {
			cells = append(cells, cell)
		}
	}
	if main == nil || !cuttable(main.Body) {
		return append(cells, "func() "+text(main.Body.Pos(), main.Body.End())+"()")
	}
	for _, st := range main.Body.List {
		cells = append(cells, text(st.Pos(), st.End()))
	}
	return cells
}

// A part is a declaration with its methods.
type part struct {
	name  string
	code  []string
	needs map[string]bool
}

func namesOf(sp ast.Spec) (names []string) {
	switch sp := sp.(type) {
	case *ast.TypeSpec:
		return []string{sp.Name.Name}
	case *ast.ValueSpec:
		for _, id := range sp.Names {
			names = append(names, id.Name)
		}
	}
	return names
}

// cuttable says whether the statements of main can be cells: none of them leaves it or
// defers something to its end, and no expression would be shown as a value.
func cuttable(body *ast.BlockStmt) bool {
	ok := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.DeferStmt, *ast.LabeledStmt:
			ok = false
		}
		return ok
	})
	return ok
}

// connected sorts declarations by what needs what; those that need each other come together.
func connected(parts map[string]*part, order []string) (groups [][]string) {
	index, low, onStack := map[string]int{}, map[string]int{}, map[string]bool{}
	var stack []string
	var visit func(name string)
	visit = func(name string) {
		index[name] = len(index) + 1
		low[name] = index[name]
		stack = append(stack, name)
		onStack[name] = true
		for _, other := range order {
			switch {
			case other == name || !parts[name].needs[other]:
			case index[other] == 0:
				visit(other)
				low[name] = min(low[name], low[other])
			case onStack[other]:
				low[name] = min(low[name], index[other])
			}
		}
		if low[name] != index[name] {
			return
		}
		at := slices.Index(stack, name)
		group := slices.Clone(stack[at:])
		stack = stack[:at]
		for _, n := range group {
			onStack[n] = false
		}
		slices.SortFunc(group, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
		groups = append(groups, group)
	}
	for _, name := range order {
		if index[name] == 0 {
			visit(name)
		}
	}
	return groups
}
