package source

import (
	"fmt"
	"go/token"
	"strings"
)

// FileName is what positions in a cell are called.
func FileName(cell int) string { return fmt.Sprintf("In [%d]", cell) }

// LineDirective makes positions of what follows count from line and column of
// the cell.
func LineDirective(file string, line, col int) string {
	return fmt.Sprintf("/*line %s:%d:%d*/", file, line, col)
}

// LineCol returns the line and column, from 1, of a byte offset.
func LineCol(src string, off int) (line, col int) {
	head := src[:off]
	return strings.Count(head, "\n") + 1, off - strings.LastIndex(head, "\n")
}

// OffsetOf is the reverse of lineCol.
func OffsetOf(src string, line, col int) int {
	off := 0
	for i := 0; i < len(src) && line > 1; i++ {
		if src[i] == '\n' {
			line--
			off = i + 1
		}
	}
	return min(off+max(col-1, 0), len(src))
}

// A Place is a position in a cell.
type Place struct {
	Cell, Line, Col int
	File            string // of a folder of the user's, instead of a cell
}

func (p Place) String() string {
	if p.File != "" {
		return fmt.Sprintf("%s, line %d", p.File, p.Line)
	}
	return fmt.Sprintf("%s, line %d", FileName(p.Cell), p.Line)
}

// Excerpt returns the line of a place and, if the column is known, a caret below
// the byte meant.
func (p Place) Excerpt(src string) []string {
	lines := strings.Split(src, "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return nil
	}
	text := lines[p.Line-1]
	out := []string{"    " + text}
	if p.Col >= 1 && p.Col <= len(text)+1 {
		// Tabs stay tabs, so that the caret stands below its byte in any font width.
		pad := strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, text[:p.Col-1])
		out = append(out, "    "+pad+"^")
	}
	return out
}

// PlaceOf returns the place of a position, which is in a cell of that number unless its file says otherwise.
func PlaceOf(cell int, p token.Position) Place {
	fmt.Sscanf(p.Filename, "In [%d]", &cell)
	at := Place{Cell: cell, Line: p.Line, Col: p.Column}
	if strings.HasSuffix(p.Filename, ".go") {
		at.File = p.Filename
	}
	return at
}
