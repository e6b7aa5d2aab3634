package session

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// maxErrors is how many errors of a cell are listed.
const maxErrors = 10

// A diagnostic is one thing that is wrong with a cell.
type diagnostic struct {
	place
	msg string
}

// compileErrorOf lists diagnostics, each with its place and line.
func (s *Session) compileErrorOf(u *unit, list []diagnostic) *Error {
	slices.SortStableFunc(list, func(a, b diagnostic) int {
		return (a.line-b.line)*1_000_000 + a.col - b.col
	})
	// One mistake is said once: a variable's value is checked where it is declared and
	// where it is assigned, and a missing import is missed at every use.
	places, said := map[place]bool{}, map[string]bool{}
	list = slices.DeleteFunc(list, func(d diagnostic) bool {
		again := places[d.place] || strings.HasPrefix(d.msg, "undefined: ") && said[d.msg]
		places[d.place], said[d.msg] = d.line > 0, true
		return again
	})
	more := 0
	if len(list) > maxErrors {
		more = len(list) - maxErrors
		list = list[:maxErrors]
	}
	first := list[0]
	err := &Error{Name: CompileError, Cell: first.cell, Line: first.line, Col: first.col}
	err.Value = oneLine(first.msg)
	if first.line > 0 {
		err.Value = first.place.String() + ": " + err.Value
	}
	for _, d := range list {
		if d.line == 0 {
			err.Traceback = append(err.Traceback, d.msg)
			continue
		}
		err.Traceback = append(err.Traceback, d.place.String()+": "+d.msg)
		src := u.raw
		if d.cell != u.cell {
			src = s.source(d.cell)
		}
		err.Traceback = append(err.Traceback, excerpt(src, d.place)...)
	}
	if more > 0 {
		err.Traceback = append(err.Traceback, fmt.Sprintf("and %d more", more))
	}
	return err
}

// oneLine joins the first two lines of a message: what it is about and the first thing that is wrong.
func oneLine(msg string) string {
	first, rest, _ := strings.Cut(msg, "\n")
	second, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(first + " " + strings.TrimSpace(second))
}

// placeOf returns the place of a position in this cell or an earlier one.
func placeOf(u *unit, p token.Position) place {
	cell := u.cell
	fmt.Sscanf(p.Filename, "In [%d]", &cell)
	at := place{cell: cell, line: p.Line, col: p.Column}
	if strings.HasSuffix(p.Filename, ".go") {
		at.file = p.Filename
	}
	return at
}

// syntaxError reports what the parser found. What it says about the text that was
// put around the cell is put in terms of the cell.
func (s *Session) syntaxError(u *unit, err error) *Error {
	var list []diagnostic
	end := len(strings.TrimRight(u.src, " \t\r\n"))
	for _, e := range syntaxErrors(err) {
		d := diagnostic{placeOf(u, e.Pos), e.Msg}
		if lines := strings.Split(u.src, "\n"); len(list) == 0 && d.line <= len(lines) {
			if advice := adviceOnLine(lines[d.line-1]); advice != "" {
				d.msg += advice
				list = []diagnostic{d}
				break // the rest comes of the same mistake
			}
		}
		if d.line > strings.Count(u.src, "\n")+1 || offsetOf(u.src, d.line, d.col) >= end {
			if len(list) > 0 {
				continue // what came first has confused the parser
			}
			d.line, d.col = lineCol(u.src, end)
			d.msg = endOfCell.Replace(e.Msg)
			if !strings.Contains(d.msg, "must be function call") {
				d.msg = "the cell ends in the middle of a statement: " + d.msg
			}
		}
		list = append(list, d)
	}
	if stray, ok := strayBracket(u.src); ok {
		line, col := lineCol(u.src, stray)
		list = []diagnostic{{place{cell: u.cell, line: line, col: col}, fmt.Sprintf("%q closes nothing", u.src[stray:stray+1])}}
	}
	return s.compileErrorOf(u, list)
}

var endOfCell = strings.NewReplacer("found '}'", "found the end of the cell", "found 'EOF'", "found the end of the cell", "found newline", "found the end of the cell")

// ownPackage is how the type checker qualifies the types of other cells.
var ownPackage = regexp.MustCompile(`\bmain\.`)

// positionInText is a position as the type checker writes it in a message.
var positionInText = regexp.MustCompile(`(In \[-?\d+\]):(\d+):\d+`)

// inHook is what the type checker says of the value of a cell, which is given to a function of ours.
var inHook = regexp.MustCompile(` in argument to ` + hooksName + `\.\w+`)

// compileError reports what the type checker found.
func (s *Session) compileError(u *unit, errs []types.Error) *Error {
	var list []diagnostic
	for _, e := range errs {
		msg := ownPackage.ReplaceAllString(demangle(e.Msg), "")
		msg = positionInText.ReplaceAllString(msg, "$1, line $2")
		msg = inHook.ReplaceAllString(msg, "")
		if hint := s.hint(u, e); hint != "" {
			msg += hint
		}
		list = append(list, diagnostic{placeOf(u, s.fset.Position(e.Pos)), msg})
	}
	return s.compileErrorOf(u, list)
}
