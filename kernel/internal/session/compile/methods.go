package compile

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// A type has the methods that were declared in its own cell: the type checker
// and the runtime both close a type when its package ends. A cell that declares
// a method for an earlier type therefore declares that type again, from its
// source, with all its methods. Values made before keep the type they had.

// extend finds the types and methods that the cell declares, in u.types, and
// returns the source of earlier types that it adds methods to.
func (u *Unit) extend(earlier Methods) (extra string) {
	u.Types = Methods{}
	type method struct {
		base, name string
		text       Text
	}
	var methods []method
	for _, c := range u.Chunks {
		if c.First != token.TYPE && c.First != token.FUNC {
			continue
		}
		const head = "package p;"
		text := u.Text(c)
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", head+text, parser.SkipObjectResolution)
		if err != nil {
			continue // reported when the cell is parsed
		}
		offset := func(p token.Pos) int { return fset.Position(p).Offset - len(head) }
		at := func(off int) string {
			line, col := source.LineCol(u.Src, c.Start+off)
			return source.LineDirective(source.FileName(u.Cell), line, col)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					if ts, ok := sp.(*ast.TypeSpec); ok {
						from, to := offset(ts.Pos()), offset(ts.End())
						u.Types[ts.Name.Name] = &TypeText{Text{at(from), text[from:to]}, map[string]Text{}}
					}
				}
			case *ast.FuncDecl:
				if base := ReceiverBase(d); base != "" {
					methods = append(methods, method{base, d.Name.Name, Text{at(0), text}})
				}
			}
		}
	}
	own := map[string]bool{}
	for _, m := range methods {
		own[m.base+"."+m.name] = true
	}
	var b strings.Builder
	for _, m := range methods {
		if old := earlier[m.base]; u.Types[m.base] == nil && old != nil {
			again := &TypeText{old.Spec, map[string]Text{}}
			b.WriteString(old.Spec.line("type "))
			for _, name := range slices.Sorted(maps.Keys(old.Methods)) {
				if !own[m.base+"."+name] {
					again.Methods[name] = old.Methods[name]
					b.WriteString(old.Methods[name].line(""))
				}
			}
			u.Types[m.base] = again
		}
		if t := u.Types[m.base]; t != nil {
			t.Methods[m.name] = m.text
		}
	}
	return b.String()
}

// ReceiverBase returns the name of the type that a method belongs to.
func ReceiverBase(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
