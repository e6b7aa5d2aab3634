package source

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// A Chunk is one top-level declaration or statement of a cell.
type Chunk struct {
	Start, End int         // byte offsets
	First      token.Token // the token that it begins with, after labels
	Decl       bool        // it can stand in a file, not in a function
}

// Split finds the top-level declarations and statements of a cell by its tokens.
// It accepts any text: what it cannot make sense of ends up in some chunk and is
// reported by the parser.
func Split(src string) []Chunk {
	s := splitter{src: src, start: -1}
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	sc.Init(file, []byte(src), nil, 0)
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			s.flush()
			return s.chunks
		}
		s.add(file.Offset(pos), tok, lit)
	}
}

type splitter struct {
	src    string
	chunks []Chunk

	start  int           // of the current chunk, -1 between chunks
	end    int           // of its last token
	depth  int           // open brackets
	tokens []token.Token // its tokens at depth 0, as far as shape needs them
}

func (s *splitter) add(off int, tok token.Token, lit string) {
	if s.start < 0 {
		if tok == token.SEMICOLON {
			return
		}
		s.start, s.depth, s.tokens = off, 0, s.tokens[:0]
	}
	switch tok {
	case token.LPAREN, token.LBRACE, token.LBRACK:
		s.note(tok)
		s.depth++
	case token.RPAREN, token.RBRACE, token.RBRACK:
		s.depth--
	case token.SEMICOLON:
		if s.depth <= 0 && !(lit == ";" && s.inHeader()) {
			s.flush()
		}
		return
	case token.COLON:
		if len(s.tokens) == 1 && s.tokens[0] == token.IDENT {
			s.tokens = s.tokens[:0] // a label
		} else {
			s.note(tok)
		}
	default:
		s.note(tok)
	}
	s.end = off + length(s.src[off:], tok, lit)
}

// length returns how many bytes of src its first token takes. The scanner's literal is
// not what was written where that has carriage returns or is no text.
func length(src string, tok token.Token, lit string) int {
	switch {
	case tok == token.ILLEGAL:
		_, n := utf8.DecodeRuneInString(src)
		return n
	case strings.HasPrefix(lit, "`"):
		if n := strings.Index(src[1:], "`"); n >= 0 {
			return n + 2
		}
		return len(src)
	case lit != "":
		return len(lit)
	}
	return len(tok.String())
}

// note remembers the tokens that tell a declaration from a statement.
func (s *splitter) note(tok token.Token) {
	if s.depth == 0 && len(s.tokens) < 4 {
		s.tokens = append(s.tokens, tok)
	}
}

func (s *splitter) first() token.Token {
	if len(s.tokens) == 0 {
		return token.ILLEGAL
	}
	return s.tokens[0]
}

// inHeader says whether a semicolon here separates the parts of a for, if or
// switch: it does unless the statement is already complete.
func (s *splitter) inHeader() bool {
	switch s.first() {
	case token.FOR, token.IF, token.SWITCH:
		text := "package p;func _(){" + s.src[s.start:s.end] + "}"
		_, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
		return err != nil
	}
	return false
}

func (s *splitter) flush() {
	if s.start < 0 {
		return
	}
	c := Chunk{Start: s.start, End: s.end, First: s.first()}
	switch c.First {
	case token.IMPORT, token.TYPE, token.CONST, token.PACKAGE:
		c.Decl = true
	case token.FUNC:
		c.Decl = s.isFuncDecl()
	}
	s.chunks = append(s.chunks, c)
	s.start = -1
}

// isFuncDecl tells func f() and func (t T) m() from a function literal.
func (s *splitter) isFuncDecl() bool {
	t := s.tokens
	if len(t) > 1 && t[1] == token.IDENT {
		return true
	}
	return len(t) > 3 && t[1] == token.LPAREN && t[2] == token.IDENT && t[3] == token.LPAREN
}

// Mask returns src with everything blanked but the chunks that keep accepts, so
// that what is left has its lines and columns.
func Mask(src string, chunks []Chunk, keep func(Chunk) bool) string {
	b := []byte(src)
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
	for _, c := range chunks {
		if keep(c) {
			copy(b[c.Start:c.End], src[c.Start:c.End])
			if c.End < len(b) && b[c.End] == ' ' {
				b[c.End] = ';'
			}
		}
	}
	return string(b)
}

// The files that the chunks of a cell go to. Imports have one of their own, since a
// cell may have them anywhere and a file only at its top.

// IsImport says whether c goes to the file of imports.
func (c Chunk) IsImport() bool { return c.First == token.IMPORT }

// IsDecl says whether c goes to the file of types, constants and functions.
func (c Chunk) IsDecl() bool { return c.Decl && !c.IsImport() && c.First != token.PACKAGE }

// IsStatement says whether c goes to the file of statements.
func (c Chunk) IsStatement() bool { return !c.Decl }
