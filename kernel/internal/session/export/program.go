package export

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/source"
)

// Program returns a Go program that does what the cells do, run one after the
// other, without running any. Statements stand in main, and so do
// the variables of cells; those that a function or method refers to are package
// variables. A name that is declared again and may not be the same variable is
// called x2, x3 and so on. The value of a cell's last
// expression is handed to show, a function of the package with that path.
//
// The error is an [*explain.Error]: the first cell that does not compile, or that has no
// meaning in a program.
func Program(cells Cells, pages []Page, path, show string) ([]byte, error) {
	x := newExport(cells, pages)
	x.show = x.imported(path, "") + "." + show
	for _, p := range pages {
		if err := x.compile(p); err != nil {
			return nil, err
		}
	}
	for i, u := range x.units {
		x.unit = u
		x.place()
		x.declare()
		if err := x.write(pages[i]); err != nil {
			return nil, err
		}
	}
	return x.program()
}

// compile type-checks a cell and makes what it declares visible to the next.
func (x *export) compile(p Page) error {
	n := p.Cell
	u, err := x.cells.Compile(n, p.Code)
	if code := withoutCommands(p.Code, x.isName); err != nil && code != p.Code {
		u, err = x.cells.Compile(n, code)
	}
	if err != nil {
		return err
	}
	switch {
	case u.Whole:
		return explain.Errorf(explain.CompileError, "In [%d] is a program of its own (package main), which cannot be part of another", n)
	case slices.ContainsFunc(u.Decls.Decls, isInit):
		return explain.Errorf(explain.CompileError, "In [%d] has an init function, which would run before everything else in a program: give it another name and call it", n)
	}
	x.cells.Declare(u)
	x.units = append(x.units, u)
	x.serials[u.Pkg] = u.Serial
	x.noteReferences(u)
	return nil
}

// isName says whether a cell before has declared a name.
func (x *export) isName(name string) bool {
	return slices.ContainsFunc(x.units, func(u *compile.Unit) bool { return u.Names[name] != "" })
}

// write adds a cell to the program.
func (x *export) write(p Page) error {
	u := x.unit
	edits := x.renamed()
	fmt.Fprintf(&x.body, "\n%s", comment(p.Comment))
	if p.Cell > 0 {
		fmt.Fprintf(&x.body, "// In [%d]\n", p.Cell)
	}
	if len(u.Chunks) == 0 { // nothing but comments
		fmt.Fprintln(&x.body, strings.TrimSpace(u.Src))
	}
	last, gap := len(u.Chunks)-1, 0
	for last >= 0 && u.Chunks[last].Decl {
		last--
	}
	for i, c := range u.Chunks {
		// A comment belongs to what follows it, but for one on the same line.
		end := len(u.Src)
		if i+1 < len(u.Chunks) {
			end = u.Chunks[i+1].Start
			if nl := strings.IndexByte(u.Src[c.End:end], '\n'); nl >= 0 {
				end = c.End + nl
			}
		}
		switch {
		case c.IsImport():
		case c.Decl:
			fmt.Fprintf(&x.decls, "%s\n\n", x.text(gap, end, edits))
		default:
			more, err := x.statement(c, i == last && showsValue(u))
			if err != nil {
				return explain.Errorf(explain.CompileError, "In [%d]: %v", p.Cell, err)
			}
			fmt.Fprintln(&x.body, x.text(gap, end, append(more, edits...))+x.looks(c))
		}
		gap = end
	}
	return nil
}

func isInit(d ast.Decl) bool {
	f, ok := d.(*ast.FuncDecl)
	return ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "init·")
}

// showsValue says whether the cell ends in an expression whose value is shown.
func showsValue(u *compile.Unit) bool {
	list := u.Main.Decls[len(u.Main.Decls)-1].(*ast.FuncDecl).Body.List // behind the imports
	if len(list) == 0 {
		return false
	}
	st, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := st.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == source.HooksName && strings.HasPrefix(sel.Sel.Name, "Result")
}

// comment writes the text of a notebook as a comment.
func comment(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(text)) {
		b.WriteString(strings.TrimRight("// "+line, " \n") + "\n")
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// text returns a part of the cell with the edits made. Of edits that overlap the
// longer holds; what is only inserted comes first.
func (x *export) text(from, to int, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int {
		switch {
		case a.from != b.from:
			return a.from - b.from
		case a.from == a.to:
			return -1
		case b.from == b.to:
			return 1
		}
		return b.to - a.to
	})
	var b strings.Builder
	for _, e := range edits {
		if e.from < from || e.to > to {
			continue
		}
		b.WriteString(x.unit.Src[from:e.from] + e.text)
		from = e.to
	}
	b.WriteString(x.unit.Src[from:to])
	// What separates statements is of no use between declarations.
	return strings.Trim(b.String(), " \t\n;")
}

// statement returns the edits that turn a top-level statement of a cell into one
// of main.
func (x *export) statement(c source.Chunk, shown bool) (edits []edit, err error) {
	const head = "package p; func _() {"
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", head+x.unit.Text(c)+"\n}", parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	at := func(p token.Pos) int { return c.Start + fset.Position(p).Offset - len(head) }
	cut := func(from, to token.Pos, text string) { edits = append(edits, edit{at(from), at(to), text}) }
	for _, st := range f.Decls[0].(*ast.FuncDecl).Body.List {
		switch st := st.(type) {
		case *ast.AssignStmt:
			if st.Tok != token.DEFINE {
				break
			}
			before, define := x.assigned(c, st.Lhs)
			cut(st.Pos(), st.Pos(), before)
			if !define {
				cut(st.TokPos, st.TokPos+2, "=")
			}
		case *ast.DeclStmt:
			g := st.Decl.(*ast.GenDecl)
			first, ok := x.latest[g.Specs[0].(*ast.ValueSpec).Names[0].Name]
			if !ok || x.locals[first] { // and so are the others
				continue
			}
			from := g.Pos()
			for _, sp := range g.Specs {
				sp := sp.(*ast.ValueSpec)
				before := commentsIn(fset, f, from, sp.Pos()) + "\n"
				if len(sp.Values) == 0 {
					cut(from, sp.End(), before) // a new variable is zero by itself
				} else {
					cut(from, sp.Pos(), before)
					cut(sp.Names[len(sp.Names)-1].End(), sp.Values[0].Pos(), " = ")
				}
				from = sp.End()
			}
			cut(from, g.End(), commentsIn(fset, f, from, g.End()))
		case *ast.ExprStmt:
			before, after, taken := x.takes(c, shown)
			switch {
			case taken:
				cut(st.Pos(), st.Pos(), before)
				cut(st.End(), st.End(), after)
			case shown:
				cut(st.Pos(), st.Pos(), x.show+"(")
				cut(st.End(), st.End(), ")")
			case !compile.IsCall(st.X):
				cut(st.Pos(), st.Pos(), "_ = ")
			}
		}
	}
	return edits, nil
}

// commentsIn returns the comments of a part of a file, each on a line of its own but for
// one on the line where the part begins.
func commentsIn(fset *token.FileSet, f *ast.File, from, to token.Pos) (text string) {
	for _, g := range f.Comments {
		for _, c := range g.List {
			if c.Pos() < from || c.End() > to {
				continue
			}
			sep := "\n"
			if fset.Position(c.Pos()).Line == fset.Position(from).Line {
				sep = " "
			}
			text += sep + c.Text
		}
	}
	return text
}

// pastOf says which cell uses In or Out, if that is what is undefined.
func (x *export) pastOf(msg string) *explain.Error {
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok || name != "In" && name != "Out" {
		return nil
	}
	for _, u := range x.units {
		if at := regexp.MustCompile(`\b` + name + `\[`).FindStringIndex(u.Src); at != nil {
			line, _ := source.LineCol(u.Src, at[0])
			return explain.Errorf(explain.CompileError, "In [%d], line %d: %s is for notebooks only, a program cannot have it: keep what you need of an earlier cell in a variable", u.Cell, line, name)
		}
	}
	return nil
}

// program puts everything together.
func (x *export) program() ([]byte, error) {
	body := x.body.String()
	if ctx := x.names[x.context]; ctx != "" {
		const setup = "\nvar stop %[1]s.CancelFunc\n%[2]s, stop = %[3]s.NotifyContext(%[1]s.Background(), %[4]s.Interrupt) // Ctrl-C\ndefer stop()\n"
		context, signal, os := x.imported("context", ""), x.imported("os/signal", ""), x.imported("os", "")
		body = strings.ReplaceAll(fmt.Sprintf(setup, context, ctx, signal, os), "stop", x.free("stop")) + body
		x.vars = append([]string{ctx + " " + context + ".Context"}, x.vars...)
	}
	vars := ""
	if len(x.vars) > 0 {
		vars = "var (\n" + strings.Join(x.vars, "\n") + "\n)\n\n"
	}
	rest := vars + x.decls.String() + "\nfunc main() {" + body + "}\n"
	src, err := format.Source([]byte("package main\n\nimport (\n" + x.importLines() + ")\n\n" + rest))
	for err == nil {
		errs := x.check(src)
		if len(errs) == 0 {
			return src, nil
		}
		mended, ok := mend(src, errs[0])
		if !ok {
			if err := x.pastOf(errs[0].Msg); err != nil {
				return nil, err
			}
			pos := errs[0].Fset.Position(errs[0].Pos)
			line := bytes.Split(src, []byte("\n"))[max(pos.Line-1, 0)]
			return nil, explain.Errorf(explain.CompileError, "as a program the notebook does not compile: %s, in: %s", errs[0].Msg, bytes.TrimSpace(line))
		}
		src, err = format.Source(mended)
	}
	return nil, explain.Errorf(explain.Internal, "the program is not Go: %v", err)
}

// check type-checks the program.
func (x *export) check(src []byte) (errs []types.Error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return []types.Error{{Fset: fset, Msg: err.Error()}}
	}
	conf := types.Config{Importer: x.cells, Error: func(err error) {
		if e, ok := err.(types.Error); ok {
			errs = append(errs, e)
		}
	}}
	_, _ = conf.Check("main", fset, []*ast.File{f}, nil)
	return errs
}

// mend takes out an import that is not used, or uses a variable that is not used:
// a cell may have both.
func mend(src []byte, e types.Error) ([]byte, bool) {
	offset := e.Fset.Position(e.Pos).Offset
	if strings.Contains(e.Msg, "imported ") && strings.HasSuffix(e.Msg, "and not used") {
		from, to := bytes.LastIndexByte(src[:offset], '\n'), offset+bytes.IndexByte(src[offset:], '\n')
		return slices.Concat(src[:from], src[to:]), true
	}
	name, ok := strings.CutPrefix(e.Msg, "declared and not used: ")
	if !ok {
		return nil, false
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	has := func(n ast.Node) bool {
		return fset.Position(n.Pos()).Offset <= offset && offset < fset.Position(n.End()).Offset
	}
	at := 0
	place := func(list []ast.Stmt) {
		for _, st := range list {
			if has(st) {
				at = fset.Position(st.End()).Offset
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || !has(n) {
			return false
		}
		switch n := n.(type) { // the innermost place is the last
		case *ast.BlockStmt:
			place(n.List)
		case *ast.CaseClause:
			place(n.Body)
		case *ast.CommClause:
			place(n.Body)
			if n.Comm != nil && has(n.Comm) {
				at = fset.Position(n.Colon).Offset + 1
			}
		case *ast.ForStmt:
			at = fset.Position(n.Body.Lbrace).Offset + 1
		case *ast.RangeStmt:
			at = fset.Position(n.Body.Lbrace).Offset + 1
		case *ast.IfStmt:
			at = fset.Position(n.Body.Lbrace).Offset + 1
		}
		return true
	})
	if at == 0 {
		return nil, false
	}
	return slices.Concat(src[:at], []byte("\n_ = "+name+"\n"), src[at:]), true
}
