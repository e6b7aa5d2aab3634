package session

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An analysis is what the type checker makes of a cell that is being written.
type analysis struct {
	u    *unit
	id   *ast.Ident // the identifier asked about
	path []ast.Node // id and what is around it, outward
}

// analyse checks src, in which an identifier begins at off, as far as it goes. The
// session's compile lock is held. The caller calls done when it no longer needs
// positions.
func (s *Session) analyse(src string, off int) (a *analysis, done func(), ok bool) {
	u := &unit{cell: analysedCell, serial: s.serial + 1, raw: src, src: src, chunks: split(src), fixes: fixes{void: true}}
	done = func() { s.forgetFiles(u) }
	if err := u.parse(s.fset, u.extend(s.methods)); err != nil {
		return nil, done, false
	}
	s.resolveImports(u)
	s.rewrite(u)
	s.check(u)
	// An identifier in the declaration of a variable exists twice; see hoist. The
	// declaration's copy is checked even if its errors leave the variable untyped.
	for _, f := range []*ast.File{u.decls, u.main} {
		if path := u.identAt(s.fset, f, off); path != nil {
			return &analysis{u, path[0].(*ast.Ident), path}, done, true
		}
	}
	return nil, done, false
}

// analysedCell is the number of a cell that has not been run.
const analysedCell = 0

// identAt returns the identifier of f that begins at a byte offset of the cell,
// with what is around it.
func (u *unit) identAt(fset *token.FileSet, f *ast.File, off int) (path []ast.Node) {
	line, col := lineCol(u.src, off)
	from, to := identAround(u.src, off)
	name := u.src[from:to]
	ast.PreorderStack(f, nil, func(n ast.Node, around []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && path == nil && demangle(id.Name) == name {
			p := fset.Position(id.Pos())
			if p.Line == line && p.Column == col && p.Filename == fileName(u.cell) {
				path = append(slices.Clone(around), id)
				slices.Reverse(path)
			}
		}
		return path == nil
	})
	return path
}

// around returns the node n levels out from the identifier.
func (a *analysis) around(n int) ast.Node {
	if n < len(a.path) {
		return a.path[n]
	}
	return nil
}

// identAround returns the byte range of the identifier that pos is in or next to.
func identAround(src string, pos int) (start, end int) {
	start, end = pos, pos
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(src[:start])
		if !isIdentRune(r) {
			break
		}
		start -= n
	}
	for end < len(src) {
		r, n := utf8.DecodeRuneInString(src[end:])
		if !isIdentRune(r) {
			break
		}
		end += n
	}
	return start, end
}

func isIdentRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// clamp moves pos into src and to the beginning of a character.
func clamp(src string, pos int) int {
	pos = max(0, min(pos, len(src)))
	for pos > 0 && pos < len(src) && !utf8.RuneStart(src[pos]) {
		pos--
	}
	return pos
}

// A literal is the token that a position is inside of, if that is a string or a
// comment.
type literal struct {
	tok   token.Token
	start int
	decl  token.Token // the first token of the statement
}

// literalAt finds out whether pos is inside a string or comment.
func literalAt(src string, pos int) (literal, bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, scanner.ScanComments)
	first := token.ILLEGAL
	depth := 0
	for {
		p, tok, lit := sc.Scan()
		off := file.Offset(p)
		if tok == token.EOF || off >= pos {
			return literal{}, false
		}
		switch tok {
		case token.COMMENT:
			if end := off + len(lit); pos < end || pos == end && (lit[1] == '/' || !strings.HasSuffix(lit, "*/")) {
				return literal{tok, off, first}, true
			}
			continue
		case token.STRING, token.CHAR:
			end := off + len(lit)
			if pos < end || pos == end && (len(lit) < 2 || lit[len(lit)-1] != lit[0]) {
				return literal{tok, off, first}, true
			}
		case token.LPAREN, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACE:
			depth--
		case token.SEMICOLON:
			if depth <= 0 {
				first = token.ILLEGAL
				continue
			}
		}
		if first == token.ILLEGAL {
			first = tok
		}
	}
}

// repair makes src, which need not be complete, into something that parses, with
// the identifier name in place of src[start:end]: as it stands, or without what
// follows and with all that is open closed. Lines before it that are not yet Go are left
// out, up to maxBroken of them.
func repair(src string, start, end int, name string) (string, bool) {
	text, ok := repairEnd(src, start, end, name)
	for broken := 0; !ok && broken < maxBroken; broken++ {
		from, to, found := brokenLine(src[:start])
		if !found {
			return "", false
		}
		src = src[:from] + strings.Repeat(" ", to-from) + src[to:]
		text, ok = repairEnd(src, start, end, name)
	}
	return text, ok
}

const maxBroken = 4

// brokenLine finds the line that keeps head from being the beginning of a cell: the one
// with the first error, or the last one that is not empty. The last line of head is not
// looked at.
func brokenLine(head string) (from, to int, ok bool) {
	end := strings.LastIndexByte(head, '\n')
	if end < 0 {
		return 0, 0, false
	}
	head = head[:end]
	inner, outer := closers(head)
	at := end
	for _, text := range cellFiles(head + inner + outer) {
		_, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
		if list, isList := err.(scanner.ErrorList); isList {
			line := list[0].Pos.Line
			at = min(at, offsetOf(head, line, 1))
		}
	}
	from = strings.LastIndexByte(head[:at], '\n') + 1
	for {
		to = end
		if n := strings.IndexByte(head[from:], '\n'); n >= 0 {
			to = from + n
		}
		if strings.TrimSpace(head[from:to]) != "" {
			return from, to, true
		}
		if from == 0 {
			return 0, 0, false
		}
		from = strings.LastIndexByte(head[:from-1], '\n') + 1
	}
}

func repairEnd(src string, start, end int, name string) (string, bool) {
	whole := src[:start] + name + src[end:]
	if parses(whole) {
		return whole, true
	}
	head := src[:start] + name
	inner, outer := closers(head)
	for _, rest := range restOfStatement {
		if text := head + inner + rest + outer; parses(text) {
			return text, true
		}
	}
	return "", false
}

// restOfStatement is what a statement may lack after an expression.
var restOfStatement = []string{"", ",", "{}", "()", ":", "; {}", "; ; {}", ":= 0", " int", "{ return }", "_ int) {}", ", nil"}

// closers returns what closes the brackets that are open at the end of src: up to
// the first brace, and the rest.
func closers(src string) (inner, outer string) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, 0)
	var open []string
	for {
		_, tok, _ := sc.Scan()
		switch tok {
		case token.EOF:
			var b [2]strings.Builder
			part := 0
			for i := len(open) - 1; i >= 0; i-- {
				if open[i] == "\n}" {
					part = 1
				}
				b[part].WriteString(open[i])
			}
			return b[0].String(), b[1].String()
		case token.LPAREN:
			open = append(open, ")")
		case token.LBRACK:
			open = append(open, "]")
		case token.LBRACE:
			open = append(open, "\n}")
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
}

// parses says whether src is a cell without syntax errors.
func parses(src string) bool {
	if _, stray := strayBracket(src); stray {
		return false
	}
	if _, open := openComment(src); open {
		return false
	}
	for _, text := range cellFiles(src) {
		if _, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution); err != nil {
			return false
		}
	}
	return true
}

// cellFiles returns the files that a cell is parsed as.
func cellFiles(src string) []string {
	chunks := split(src)
	return []string{
		"package main;" + mask(src, chunks, sourceImport),
		"package main;" + mask(src, chunks, sourceDecl),
		"package main;func main() {" + mask(src, chunks, sourceStmt) + "\n}",
	}
}

// locals yields the objects of the scopes around pos, innermost first, but not
// those of the package and beyond.
func (a *analysis) locals(yield func(types.Object) bool) {
	seen := map[string]bool{}
	for scope := a.u.pkg.Scope().Innermost(a.id.Pos()); scope != nil && scope != a.u.pkg.Scope(); scope = scope.Parent() {
		for _, name := range scope.Names() {
			obj := scope.Lookup(name)
			if _, imported := obj.(*types.PkgName); imported || seen[name] {
				continue
			}
			if obj.Pos() > a.id.Pos() { // declared further down
				continue
			}
			seen[name] = true
			if !yield(obj) {
				return
			}
		}
	}
}
