package session

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

// sourceText is a piece of a cell and the line directive that says where it stood.
type sourceText struct{ at, text string }

// line returns the piece as a line of its own.
func (t sourceText) line(keyword string) string { return "\n" + t.at + keyword + t.text + "\n" }

// typeSource is the source of a type and its methods.
type typeSource struct {
	spec    sourceText
	methods map[string]sourceText
}

// methodSources maps the name of a type to its source.
type methodSources map[string]*typeSource

// extend finds the types and methods that the cell declares, in u.types, and
// returns the source of earlier types that it adds methods to.
func (u *unit) extend(earlier methodSources) (extra string) {
	u.types = methodSources{}
	type method struct {
		base, name string
		text       sourceText
	}
	var methods []method
	for _, c := range u.chunks {
		if c.First != token.TYPE && c.First != token.FUNC {
			continue
		}
		const head = "package p;"
		text := u.text(c)
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", head+text, parser.SkipObjectResolution)
		if err != nil {
			continue // reported when the cell is parsed
		}
		offset := func(p token.Pos) int { return fset.Position(p).Offset - len(head) }
		at := func(off int) string {
			line, col := source.LineCol(u.src, c.Start+off)
			return source.LineDirective(source.FileName(u.cell), line, col)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					if ts, ok := sp.(*ast.TypeSpec); ok {
						from, to := offset(ts.Pos()), offset(ts.End())
						u.types[ts.Name.Name] = &typeSource{sourceText{at(from), text[from:to]}, map[string]sourceText{}}
					}
				}
			case *ast.FuncDecl:
				if base := receiverBase(d); base != "" {
					methods = append(methods, method{base, d.Name.Name, sourceText{at(0), text}})
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
		if old := earlier[m.base]; u.types[m.base] == nil && old != nil {
			again := &typeSource{old.spec, map[string]sourceText{}}
			b.WriteString(old.spec.line("type "))
			for _, name := range slices.Sorted(maps.Keys(old.methods)) {
				if !own[m.base+"."+name] {
					again.methods[name] = old.methods[name]
					b.WriteString(old.methods[name].line(""))
				}
			}
			u.types[m.base] = again
		}
		if t := u.types[m.base]; t != nil {
			t.methods[m.name] = m.text
		}
	}
	return b.String()
}

// receiverBase returns the name of the type that a method belongs to.
func receiverBase(d *ast.FuncDecl) string {
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
