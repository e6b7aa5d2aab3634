package explain

import (
	"fmt"
	"go/scanner"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// MaxErrors is how many errors of a cell are listed.
const MaxErrors = 10

// Explain says why a cell does not compile.
func (ex *Explainer) Explain(f *compile.Failure) *Error {
	switch {
	case f.Syntax != nil:
		return ex.syntaxError(f.Unit, f.Syntax)
	case f.Types != nil:
		return ex.compileError(f.Unit, f.Types)
	}
	return ex.compileErrorOf(f.Unit, f.Faults)
}

// compileErrorOf lists diagnostics, each with its place and line.
func (ex *Explainer) compileErrorOf(u *compile.Unit, list []compile.Fault) *Error {
	slices.SortStableFunc(list, func(a, b compile.Fault) int {
		return (a.Line-b.Line)*1_000_000 + a.Col - b.Col
	})
	// One mistake is said once: a variable's value is checked where it is declared and
	// where it is assigned, and a missing import is missed at every use.
	places, said := map[source.Place]bool{}, map[string]bool{}
	list = slices.DeleteFunc(list, func(d compile.Fault) bool {
		again := places[d.Place] || strings.HasPrefix(d.Text, "undefined: ") && said[d.Text]
		places[d.Place], said[d.Text] = d.Line > 0, true
		return again
	})
	more := 0
	if len(list) > MaxErrors {
		more = len(list) - MaxErrors
		list = list[:MaxErrors]
	}
	first := list[0]
	err := &Error{Name: CompileError, Cell: first.Cell, Line: first.Line, Col: first.Col}
	err.Value = oneLine(first.Text)
	if first.Line > 0 {
		err.Value = first.Place.String() + ": " + err.Value
	}
	for _, d := range list {
		if d.Line == 0 {
			err.Traceback = append(err.Traceback, d.Text)
			continue
		}
		err.Traceback = append(err.Traceback, d.Place.String()+": "+d.Text)
		src := u.Raw
		if d.Cell != u.Cell {
			src = ex.Text(d.Cell)
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
func (ex *Explainer) syntaxError(u *compile.Unit, errs scanner.ErrorList) *Error {
	var list []compile.Fault
	end := len(strings.TrimRight(u.Src, " \t\r\n"))
	for _, e := range errs {
		d := compile.Fault{Place: source.PlaceOf(u.Cell, e.Pos), Text: e.Msg}
		if lines := strings.Split(u.Src, "\n"); len(list) == 0 && d.Line <= len(lines) {
			if advice := adviceOnLine(lines[d.Line-1]); advice != "" {
				d.Text += advice
				list = []compile.Fault{d}
				break // the rest comes of the same mistake
			}
		}
		if d.Line > strings.Count(u.Src, "\n")+1 || source.OffsetOf(u.Src, d.Line, d.Col) >= end {
			if len(list) > 0 {
				continue // what came first has confused the parser
			}
			d.Line, d.Col = source.LineCol(u.Src, end)
			d.Text = endOfCell.Replace(e.Msg)
			if !strings.Contains(d.Text, "must be function call") {
				d.Text = "the cell ends in the middle of a statement: " + d.Text
			}
		}
		list = append(list, d)
	}
	if stray, ok := source.StrayBracket(u.Src); ok {
		line, col := source.LineCol(u.Src, stray)
		list = []compile.Fault{{Place: source.Place{Cell: u.Cell, Line: line, Col: col}, Text: fmt.Sprintf("%q closes nothing", u.Src[stray:stray+1])}}
	}
	return ex.compileErrorOf(u, list)
}

var endOfCell = strings.NewReplacer("found '}'", "found the end of the cell", "found 'EOF'", "found the end of the cell", "found newline", "found the end of the cell")

// ownPackage is how the type checker qualifies the types of other cells.
var ownPackage = regexp.MustCompile(`\bmain\.`)

// positionInText is a position as the type checker writes it in a message.
var positionInText = regexp.MustCompile(`(In \[-?\d+\]):(\d+):\d+`)

// inHook is what the type checker says of the value of a cell, which is given to a function of ours.
var inHook = regexp.MustCompile(` in argument to ` + source.HooksName + `\.\w+`)

// compileError reports what the type checker found.
func (ex *Explainer) compileError(u *compile.Unit, errs []types.Error) *Error {
	var list []compile.Fault
	for _, e := range errs {
		msg := ownPackage.ReplaceAllString(source.Demangle(e.Msg), "")
		msg = positionInText.ReplaceAllString(msg, "$1, line $2")
		msg = inHook.ReplaceAllString(msg, "")
		if hint := ex.hint(u, e); hint != "" {
			msg += hint
		}
		list = append(list, compile.Fault{Place: source.PlaceOf(u.Cell, ex.Compiler.Fset.Position(e.Pos)), Text: msg})
	}
	return ex.compileErrorOf(u, list)
}
