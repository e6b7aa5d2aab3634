package source

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Status says whether a cell is "complete", "incomplete" or "invalid", and for
// an incomplete one how the next line should be indented.
func Status(src string) (status, indent string) {
	if parses(src) {
		return "complete", ""
	}
	if _, stray := StrayBracket(src); stray {
		return "invalid", ""
	}
	if lit, ok := LiteralAt(src, len(src)); ok && (lit.Tok == token.COMMENT || src[lit.Start] == '`') {
		return "incomplete", ""
	}
	inner, outer := closers(src)
	depth := strings.Count(inner+outer, "}") + strings.Count(inner+outer, ")") + strings.Count(inner+outer, "]")
	if depth > 0 || endsOpen(src) {
		// Four blanks, as a terminal shows a tab as ^I.
		return "incomplete", strings.Repeat("    ", depth)
	}
	return "invalid", ""
}

// endsOpen says whether src ends in a token after which a statement goes on.
func endsOpen(src string) bool {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, 0)
	last := token.SEMICOLON
	for {
		_, tok, lit := sc.Scan()
		if tok == token.EOF {
			switch last {
			case token.SEMICOLON, token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC,
				token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
				return false
			}
			return last.IsOperator() || last.IsKeyword()
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		last = tok
	}
}
