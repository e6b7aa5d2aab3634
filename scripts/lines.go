package scripts

import (
	"bytes"
	"go/ast"
	"go/token"
	"io"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/traefik/yaegi/interp"
)

// Yaegi says in which function a panic happened, not in which line. So the
// script notes where it is: before each statement that could panic, mark puts
// the assignment of its position to one variable. That costs a fifth of the
// time of an interpreted loop, and nothing inside the compiled packages.

// note is the variable, of package main. Its first letter lets yaegi hand it
// out, its last keeps it apart from the names of scripts.
const note = "Noteʹ"

// mark adds the assignments to the script's syntax tree.
func (p *program) mark() {
	for _, d := range p.file.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				n.List = marked(n.List)
			case *ast.CaseClause:
				n.Body = marked(n.Body)
			case *ast.CommClause:
				n.Body = marked(n.Body)
			}
			return true
		})
	}
	p.file.Decls = append(p.file.Decls, &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{
		&ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(note)}, Type: ast.NewIdent("int")},
	}})
}

// noted returns what the script has noted last.
func noted(i *interp.Interpreter) token.Pos {
	return token.Pos(i.Symbols("main")["main"][note].Int())
}

// marked returns the statements of one block with the assignments among them.
func marked(list []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for _, s := range list {
		if canPanic(s) {
			out = append(out, &ast.AssignStmt{
				Lhs:    []ast.Expr{&ast.Ident{NamePos: s.Pos(), Name: note}},
				TokPos: s.Pos(),
				Tok:    token.ASSIGN,
				Rhs:    []ast.Expr{&ast.BasicLit{ValuePos: s.Pos(), Kind: token.INT, Value: strconv.Itoa(int(s.Pos()))}},
			})
		}
		out = append(out, s)
	}
	return out
}

// canPanic reports whether a statement itself, not one inside its blocks, may
// panic. It errs on the side of yes. The clauses of a switch are statements to
// go/ast, but nothing can stand between them.
func canPanic(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return false
	}
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.FuncLit:
			return false
		case *ast.CallExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.SelectorExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.SendStmt:
			found = true
		case *ast.BinaryExpr:
			found = found || n.Op == token.QUO || n.Op == token.REM
		case *ast.AssignStmt:
			found = found || n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN
		}
		return !found
	})
	return found
}

// position returns where the script was when it panicked.
//
// That is the statement noted last when yaegi named the innermost function of
// the panic. If the note was of another function, because a deferred one or
// another goroutine had run since, the function's first statement has to do.
func (p *program) position(t *trace) token.Pos {
	passed := t.calls()
	for _, c := range slices.Backward(passed) {
		if p.function(c.noted) == p.function(p.find(c.at)) {
			return c.noted
		}
	}
	if len(passed) == 0 {
		return p.file.Package
	}
	return p.find(passed[0].at)
}

// find returns the position of a line and column of a file.
func (p *program) find(at token.Position) token.Pos {
	pos := token.NoPos
	p.fset.Iterate(func(f *token.File) bool {
		if f.Name() == at.Filename && at.Line >= 1 && at.Line <= f.LineCount() {
			pos = f.LineStart(at.Line) + token.Pos(at.Column-1)
		}
		return pos == token.NoPos
	})
	return pos
}

// function returns the innermost function body around pos, or nil.
func (p *program) function(pos token.Pos) *ast.BlockStmt {
	var body *ast.BlockStmt
	ast.Inspect(p.file, func(n ast.Node) bool {
		var b *ast.BlockStmt
		switch n := n.(type) {
		case *ast.FuncDecl:
			b = n.Body
		case *ast.FuncLit:
			b = n.Body
		}
		if b != nil && b.Pos() < pos && pos < b.End() {
			body = b
		}
		return true
	})
	return body
}

// trace is the stream on which yaegi names the functions that a panic passes,
// innermost first. It keeps them and passes everything on: should the panic
// be in a goroutine of the script, it is all that there will be to read.
type trace struct {
	out   io.Writer
	noted func() token.Pos

	mu     sync.Mutex
	passed []call
}

// call is a function that a panic has passed.
type call struct {
	at    token.Position // its first statement
	noted token.Pos      // what was noted last at that moment
}

// panicLine is what yaegi prints: study.go:12:2: panic: main.run(...)
var panicLine = regexp.MustCompile(`^(.*):(\d+):(\d+): panic: \S+\(\.\.\.\)$`)

func (t *trace) Write(b []byte) (int, error) {
	if m := panicLine.FindSubmatch(bytes.TrimSpace(b)); m != nil {
		c := call{at: token.Position{Filename: string(m[1])}, noted: t.noted()}
		c.at.Line, _ = strconv.Atoi(string(m[2]))
		c.at.Column, _ = strconv.Atoi(string(m[3]))
		t.mu.Lock()
		t.passed = append(t.passed, c)
		t.mu.Unlock()
	}
	if _, err := t.out.Write(bytes.ReplaceAll(b, []byte(joined), nil)); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (t *trace) calls() []call {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.passed
}
