package source

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Repair makes src, which need not be complete, into something that parses, with
// the identifier name in place of src[start:end]: as it stands, or without what
// follows and with all that is open closed. Lines before it that are not yet Go are left
// out, up to maxBroken of them.
func Repair(src string, start, end int, name string) (string, bool) {
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
			at = min(at, OffsetOf(head, line, 1))
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
	if _, stray := StrayBracket(src); stray {
		return false
	}
	if _, open := OpenComment(src); open {
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
	chunks := Split(src)
	return []string{
		"package main;" + Mask(src, chunks, Chunk.IsImport),
		"package main;" + Mask(src, chunks, Chunk.IsDecl),
		"package main;func main() {" + Mask(src, chunks, Chunk.IsStatement) + "\n}",
	}
}
