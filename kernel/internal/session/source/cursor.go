package source

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// IdentAround returns the byte range of the identifier that pos is in or next to.
func IdentAround(src string, pos int) (start, end int) {
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

// Clamp moves pos into src and to the beginning of a character.
func Clamp(src string, pos int) int {
	pos = max(0, min(pos, len(src)))
	for pos > 0 && pos < len(src) && !utf8.RuneStart(src[pos]) {
		pos--
	}
	return pos
}

// A Literal is the token that a position is inside of, if that is a string or a
// comment.
type Literal struct {
	Tok   token.Token
	Start int
	Decl  token.Token // the first token of the statement
}

// LiteralAt finds out whether pos is inside a string or comment.
func LiteralAt(src string, pos int) (Literal, bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, scanner.ScanComments)
	first := token.ILLEGAL
	depth := 0
	for {
		p, tok, lit := sc.Scan()
		off := file.Offset(p)
		if tok == token.EOF || off >= pos {
			return Literal{}, false
		}
		switch tok {
		case token.COMMENT:
			if end := off + len(lit); pos < end || pos == end && (lit[1] == '/' || !strings.HasSuffix(lit, "*/")) {
				return Literal{tok, off, first}, true
			}
			continue
		case token.STRING, token.CHAR:
			end := off + len(lit)
			if pos < end || pos == end && (len(lit) < 2 || lit[len(lit)-1] != lit[0]) {
				return Literal{tok, off, first}, true
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

// CalleeBefore finds the end of the name of the function in whose argument list
// pos is.
func CalleeBefore(src string, pos int) (int, bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, 0)
	var open []int // for each open bracket the end of the name before it, or -1
	end := -1
	for {
		p, tok, lit := sc.Scan()
		off := file.Offset(p)
		if tok == token.EOF || off >= pos {
			break
		}
		switch tok {
		case token.LPAREN:
			open = append(open, end)
		case token.LBRACE, token.LBRACK:
			open = append(open, -1)
		case token.RPAREN, token.RBRACE, token.RBRACK:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		if end = -1; tok == token.IDENT {
			end = off + len(lit)
		}
	}
	for _, end := range slices.Backward(open) {
		if end >= 0 {
			return end, true
		}
	}
	return 0, false
}
