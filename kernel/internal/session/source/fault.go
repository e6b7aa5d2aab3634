package source

import (
	"go/scanner"
	"go/token"
	"strings"
)

// OpenComment finds a comment that does not end. The parser never sees it: what
// lies between chunks is blanked.
func OpenComment(src string) (off int, ok bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		switch {
		case tok == token.EOF:
			return 0, false
		case tok == token.COMMENT && strings.HasPrefix(lit, "/*") && (len(lit) < 4 || !strings.HasSuffix(lit, "*/")):
			return file.Offset(pos), true
		}
	}
}

// StrayBracket finds a closing bracket that closes nothing.
func StrayBracket(src string) (off int, ok bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, 0)
	depth := 0
	for {
		pos, tok, _ := sc.Scan()
		switch tok {
		case token.EOF:
			return 0, false
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			if depth--; depth < 0 {
				return file.Offset(pos), true
			}
		}
	}
}

// EmbedDirective finds a line that would have a file embedded.
func EmbedDirective(src string) (off int, ok bool) {
	if !strings.Contains(src, "//go:embed") {
		return 0, false
	}
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		switch {
		case tok == token.EOF:
			return 0, false
		case tok == token.COMMENT && (strings.HasPrefix(lit, "//go:embed ") || strings.HasPrefix(lit, "//go:embed\t")):
			return file.Offset(pos), true
		}
	}
}
