package notebooks

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
)

// program turns the cells of a notebook into a Go program that does the same:
// the imports come first, and everything else, in order, into main, where a
// function is a variable. What a cell shows last is shown by the function that
// result has: see runtime.
//
// It takes what the notebooks use of the language of cells; methods are not
// among it.
func program(cells []cell) ([]byte, error) {
	imports := map[string]bool{}
	declared := map[string]bool{}
	var order []string // of declared
	declare := func(name string) (isNew bool) {
		if name == "_" || declared[name] {
			return false
		}
		declared[name] = true
		order = append(order, name)
		return true
	}

	var body bytes.Buffer
	for i, c := range cells {
		fmt.Fprintf(&body, "startCell(%d)\n", i)
		source, err := statements(string(c.Source), imports)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		const head = "package main\nfunc main() {\n"
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", head+source+"\n}", 0)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		list := file.Decls[0].(*ast.FuncDecl).Body.List
		text := func(from, to token.Pos) string {
			return (head + source)[fset.Position(from).Offset:fset.Position(to).Offset]
		}
		for s, stmt := range list {
			switch stmt := stmt.(type) {
			case *ast.AssignStmt:
				if stmt.Tok == token.DEFINE {
					anyNew := false
					for _, left := range stmt.Lhs {
						anyNew = declare(left.(*ast.Ident).Name) || anyNew
					}
					if !anyNew { // a cell may declare a variable again
						fmt.Fprintf(&body, "%s = %s\n", text(stmt.Pos(), stmt.TokPos), text(stmt.TokPos+2, stmt.End()))
						continue
					}
				}
			case *ast.DeclStmt:
				if d := stmt.Decl.(*ast.GenDecl); d.Tok == token.VAR {
					for _, spec := range d.Specs {
						for _, name := range spec.(*ast.ValueSpec).Names {
							declare(name.Name)
						}
					}
				}
			case *ast.ExprStmt:
				if s == len(list)-1 && c.hasResult() {
					fmt.Fprintf(&body, "result(%s)\n", text(stmt.Pos(), stmt.End()))
					continue
				}
			}
			fmt.Fprintln(&body, text(stmt.Pos(), stmt.End()))
		}
	}
	for _, name := range order {
		fmt.Fprintf(&body, "_ = %s\n", name)
	}

	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n")
	for path := range imports {
		fmt.Fprintln(&b, path)
	}
	if !imports[`"fmt"`] {
		fmt.Fprintln(&b, `"fmt"`)
	}
	fmt.Fprintf(&b, ")\n\nfunc main() {\n%s}\n%s", body.String(), runtime)
	return format.Source(b.Bytes())
}

// hasResult reports whether a cell shows its last expression.
func (c cell) hasResult() bool {
	for _, o := range c.Outputs {
		if o.Kind == "execute_result" {
			return true
		}
	}
	return false
}

// statements returns a cell as statements of a function: the imports are taken
// out and added to imports, and
//
//	func name(...) ... { ... }   becomes   name := func(...) ... { ... }
func statements(source string, imports map[string]bool) (string, error) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(source))
	var s scanner.Scanner
	var bad error
	s.Init(file, []byte(source), func(_ token.Position, msg string) { bad = errors.New(msg) }, 0)

	var b strings.Builder
	done := 0 // of source, in bytes
	depth, start, importing := 0, true, false
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		switch {
		case tok == token.EOF:
			b.WriteString(source[done:])
			return b.String(), bad
		case depth == 0 && start && tok == token.IMPORT:
			b.WriteString(source[done:at])
			importing = true
		case depth == 0 && start && tok == token.FUNC:
			_, next, name := s.Scan()
			if next != token.IDENT {
				return "", errors.New("a method, or a function that is not used")
			}
			b.WriteString(source[done:at] + name + " := func")
			done = at + strings.Index(source[at:], name) + len(name)
		case importing && tok == token.STRING:
			if _, err := strconv.Unquote(lit); err != nil {
				return "", err
			}
			imports[lit] = true
		}
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		}
		if start = tok == token.SEMICOLON; start && depth == 0 && importing {
			importing = false
			done = at
			if lit == ";" {
				done++
			}
		}
	}
}

// runtime is what a program has beside main. What is printed after a mark
// belongs to the cell and the kind that the mark names.
const runtime = `
func mark(cell int, kind string) { fmt.Printf("\x1e%d\x1f%s\x1f", cell, kind) }

var cell int

func startCell(i int) {
	cell = i
	mark(cell, "` + printed + `")
}

func result(v any) {
	if v, ok := v.(interface{ HTML() string }); ok {
		mark(cell, "text/html")
		fmt.Print(v.HTML())
	}
	if v, ok := v.(interface{ SVG() string }); ok {
		mark(cell, "image/svg+xml")
		fmt.Print(v.SVG())
	}
	mark(cell, "` + printed + `")
}
`

// parse takes apart what a program printed.
func parse(out string, cells int) ([]shown, error) {
	all := make([]shown, cells)
	for i := range all {
		all[i] = shown{}
	}
	for _, record := range strings.Split(out, "\x1e")[1:] {
		parts := strings.SplitN(record, "\x1f", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("a mark without a text: %q", record)
		}
		i, err := strconv.Atoi(parts[0])
		if err != nil || i < 0 || i >= cells {
			return nil, fmt.Errorf("a mark of no cell: %q", record)
		}
		if parts[2] != "" {
			all[i][parts[1]] += parts[2]
		}
	}
	return all, nil
}
