package session

import (
	"fmt"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// maxErrors is how many errors of a cell are listed.
const maxErrors = 10

// A diagnostic is one thing that is wrong with a cell.
type diagnostic struct {
	source.Place
	msg string
}

// compileErrorOf lists diagnostics, each with its place and line.
func (s *Session) compileErrorOf(u *unit, list []diagnostic) *Error {
	slices.SortStableFunc(list, func(a, b diagnostic) int {
		return (a.Line-b.Line)*1_000_000 + a.Col - b.Col
	})
	// One mistake is said once: a variable's value is checked where it is declared and
	// where it is assigned, and a missing import is missed at every use.
	places, said := map[source.Place]bool{}, map[string]bool{}
	list = slices.DeleteFunc(list, func(d diagnostic) bool {
		again := places[d.Place] || strings.HasPrefix(d.msg, "undefined: ") && said[d.msg]
		places[d.Place], said[d.msg] = d.Line > 0, true
		return again
	})
	more := 0
	if len(list) > maxErrors {
		more = len(list) - maxErrors
		list = list[:maxErrors]
	}
	first := list[0]
	err := &Error{Name: CompileError, Cell: first.Cell, Line: first.Line, Col: first.Col}
	err.Value = oneLine(first.msg)
	if first.Line > 0 {
		err.Value = first.Place.String() + ": " + err.Value
	}
	for _, d := range list {
		if d.Line == 0 {
			err.Traceback = append(err.Traceback, d.msg)
			continue
		}
		err.Traceback = append(err.Traceback, d.Place.String()+": "+d.msg)
		src := u.raw
		if d.Cell != u.cell {
			src = s.source(d.Cell)
		}
		err.Traceback = append(err.Traceback, d.Excerpt(src)...)
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

// syntaxError reports what the parser found. What it says about the text that was
// put around the cell is put in terms of the cell.
func (s *Session) syntaxError(u *unit, err error) *Error {
	var list []diagnostic
	end := len(strings.TrimRight(u.src, " \t\r\n"))
	for _, e := range syntaxErrors(err) {
		d := diagnostic{source.PlaceOf(u.cell, e.Pos), e.Msg}
		if lines := strings.Split(u.src, "\n"); len(list) == 0 && d.Line <= len(lines) {
			if advice := adviceOnLine(lines[d.Line-1]); advice != "" {
				d.msg += advice
				list = []diagnostic{d}
				break // the rest comes of the same mistake
			}
		}
		if d.Line > strings.Count(u.src, "\n")+1 || source.OffsetOf(u.src, d.Line, d.Col) >= end {
			if len(list) > 0 {
				continue // what came first has confused the parser
			}
			d.Line, d.Col = source.LineCol(u.src, end)
			d.msg = endOfCell.Replace(e.Msg)
			if !strings.Contains(d.msg, "must be function call") {
				d.msg = "the cell ends in the middle of a statement: " + d.msg
			}
		}
		list = append(list, d)
	}
	if stray, ok := source.StrayBracket(u.src); ok {
		line, col := source.LineCol(u.src, stray)
		list = []diagnostic{{source.Place{Cell: u.cell, Line: line, Col: col}, fmt.Sprintf("%q closes nothing", u.src[stray:stray+1])}}
	}
	return s.compileErrorOf(u, list)
}

var endOfCell = strings.NewReplacer("found '}'", "found the end of the cell", "found 'EOF'", "found the end of the cell", "found newline", "found the end of the cell")

// ownPackage is how the type checker qualifies the types of other cells.
var ownPackage = regexp.MustCompile(`\bmain\.`)

// positionInText is a position as the type checker writes it in a message.
var positionInText = regexp.MustCompile(`(In \[-?\d+\]):(\d+):\d+`)

// inHook is what the type checker says of the value of a cell, which is given to a function of ours.
var inHook = regexp.MustCompile(` in argument to ` + source.HooksName + `\.\w+`)

// compileError reports what the type checker found.
func (s *Session) compileError(u *unit, errs []types.Error) *Error {
	var list []diagnostic
	for _, e := range errs {
		msg := ownPackage.ReplaceAllString(source.Demangle(e.Msg), "")
		msg = positionInText.ReplaceAllString(msg, "$1, line $2")
		msg = inHook.ReplaceAllString(msg, "")
		if hint := s.hint(u, e); hint != "" {
			msg += hint
		}
		list = append(list, diagnostic{source.PlaceOf(u.cell, s.fset.Position(e.Pos)), msg})
	}
	return s.compileErrorOf(u, list)
}
