package frames

import (
	"fmt"
	"gonmf/frames/internal/frame"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// View shows a DataFrame as a table: in a notebook by HTML, elsewhere by
// String. See [Table].
type View struct {
	Frame   dataframe.DataFrame
	MaxRows int // the first of them are shown; 0 means all up to 60, and of more the first and the last 5
	MaxCols int // the first of them are shown; 0 means 20
}

// Table returns a view of df. It shows up to 60 rows, of more the first and the
// last five, and 20 columns; set MaxRows and MaxCols for more.
func Table(df dataframe.DataFrame) View { return View{Frame: df} }

// shownRows returns the rows that are shown, -1 where some are left out.
func (v View) shownRows() []int {
	n := v.Frame.Nrow()
	switch {
	case v.MaxRows > 0:
		return span(0, min(n, v.MaxRows))
	case n <= 60:
		return span(0, n)
	}
	return slices.Concat(span(0, 5), []int{-1}, span(n-5, n))
}

// shownCols returns how many columns are shown.
func (v View) shownCols() int {
	most := v.MaxCols
	if most <= 0 {
		most = 20
	}
	return min(v.Frame.Ncol(), most)
}

// caption tells the size, and how much of it is shown.
func (v View) caption() string {
	rows, cols := v.Frame.Dims()
	part := func(show, n int, unit string) string {
		if show < n {
			return group(show) + " of " + plural(n, unit)
		}
		return plural(n, unit)
	}
	shown := len(slices.DeleteFunc(v.shownRows(), func(r int) bool { return r < 0 }))
	return part(shown, rows, "row") + ", " + part(v.shownCols(), cols, "column")
}

// missing stands for a missing value.
const missing = "–"

// cell returns the text of an element, with numbers cut to six digits.
func cell(e series.Element) string {
	switch {
	case e.IsNA():
		return missing
	case e.Type() == series.Float:
		return strconv.FormatFloat(e.Float(), 'g', 6, 64)
	default:
		return elementText(e)
	}
}

// number reports whether a column is aligned to the right.
func number(t series.Type) bool { return t == series.Int || t == series.Float }

// HTML returns the table as HTML, in the style that Jupyter gives to tables. The
// type of a column is told when one points at its name.
func (v View) HTML() string {
	if v.Frame.Err != nil {
		return "<p><b>DataFrame with an error:</b> " + html.EscapeString(v.Frame.Err.Error()) + "</p>"
	}
	names, types := v.Frame.Names(), v.Frame.Types()
	align := func(c int) string {
		if number(types[c]) {
			return ""
		}
		return ` style="text-align:left"`
	}
	var b strings.Builder
	b.WriteString("<table border=\"1\" class=\"dataframe\">\n<thead>\n<tr><th></th>")
	for c := range v.shownCols() {
		fmt.Fprintf(&b, `<th%s title="%s">%s</th>`, align(c), types[c], html.EscapeString(names[c]))
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	for _, r := range v.shownRows() {
		label := strconv.Itoa(r)
		if r < 0 {
			label = "…"
		}
		b.WriteString("<tr><th>" + label + "</th>")
		for c := range v.shownCols() {
			text := label
			if r >= 0 {
				text = cell(v.Frame.Elem(r, c))
			}
			fmt.Fprintf(&b, "<td%s>%s</td>", align(c), html.EscapeString(text))
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</tbody>\n</table>\n<p><small>%s</small></p>", v.caption())
	return b.String()
}

// String returns the table as text, in columns.
func (v View) String() string {
	if v.Frame.Err != nil {
		return "DataFrame with an error: " + v.Frame.Err.Error()
	}
	rows := v.shownRows()
	names, types := v.Frame.Names(), v.Frame.Types()
	lines := make([]strings.Builder, len(rows)+1)
	for c := range v.shownCols() {
		texts := []string{frame.Shorten(names[c])}
		for _, r := range rows {
			text := "…"
			if r >= 0 {
				text = frame.Shorten(cell(v.Frame.Elem(r, c)))
			}
			texts = append(texts, text)
		}
		width := 0
		for i, text := range texts {
			if strings.ContainsAny(text, "\n\r\t") {
				texts[i] = strconv.Quote(text) // so that a row stays a line
			}
			width = max(width, utf8.RuneCountInString(texts[i]))
		}
		for i, text := range texts {
			pad := strings.Repeat(" ", width-utf8.RuneCountInString(text))
			if c > 0 {
				lines[i].WriteString("  ")
			}
			if number(types[c]) {
				lines[i].WriteString(pad + text)
			} else {
				lines[i].WriteString(text + pad)
			}
		}
	}
	var b strings.Builder
	for i := range lines {
		b.WriteString(strings.TrimRight(lines[i].String(), " ") + "\n")
	}
	b.WriteString(v.caption())
	return b.String()
}
