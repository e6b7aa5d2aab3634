package frames

import (
	"fmt"
	"gonmf/frames/internal/frame"
	"html"
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
	MaxRows int // the first of them are shown; 0 means 60
	MaxCols int // the first of them are shown; 0 means 20
}

// Table returns a view of df, for the last line of a notebook cell. It shows
// the first 60 rows and 20 columns; set MaxRows and MaxCols for more.
func Table(df dataframe.DataFrame) View { return View{Frame: df} }

// bounds returns how many rows and columns are shown.
func (v View) bounds() (rows, cols int) {
	rows, cols = v.Frame.Dims()
	most := func(n, limit, standard int) int {
		if limit <= 0 {
			limit = standard
		}
		return min(n, limit)
	}
	return most(rows, v.MaxRows, 60), most(cols, v.MaxCols, 20)
}

// caption tells the size, and how much of it is shown.
func (v View) caption() string {
	rows, cols := v.Frame.Dims()
	showRows, showCols := v.bounds()
	part := func(show, n int, unit string) string {
		if show < n {
			return group(show) + " of " + plural(n, unit)
		}
		return plural(n, unit)
	}
	return part(showRows, rows, "row") + ", " + part(showCols, cols, "column")
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

// HTML returns the table as HTML. Its colours are those of the page, so that
// it can be read on light and dark ones.
func (v View) HTML() string {
	if v.Frame.Err != nil {
		return "<p><b>DataFrame with an error:</b> " + html.EscapeString(v.Frame.Err.Error()) + "</p>"
	}
	rows, cols := v.bounds()
	names, types := v.Frame.Names(), v.Frame.Types()
	align := func(c int) string {
		if number(types[c]) {
			return "right"
		}
		return "left"
	}
	const line = "1px solid rgba(128,128,128,.35)"
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto"><table style="border-collapse:collapse;font-variant-numeric:tabular-nums"><thead><tr style="border-bottom:` + line + `">`)
	for c := range cols {
		fmt.Fprintf(&b, `<th style="text-align:%s;padding:.25em .75em">%s<br><span style="font-weight:normal;opacity:.6">%s</span></th>`,
			align(c), html.EscapeString(names[c]), types[c])
	}
	b.WriteString("</tr></thead><tbody>")
	for r := range rows {
		b.WriteString(`<tr style="border-bottom:` + line + `">`)
		for c := range cols {
			fmt.Fprintf(&b, `<td style="text-align:%s;padding:.25em .75em">%s</td>`, align(c), html.EscapeString(cell(v.Frame.Elem(r, c))))
		}
		b.WriteString("</tr>")
	}
	fmt.Fprintf(&b, `</tbody></table><p style="opacity:.6;margin:.5em 0">%s</p></div>`, v.caption())
	return b.String()
}

// String returns the table as text, in columns.
func (v View) String() string {
	if v.Frame.Err != nil {
		return "DataFrame with an error: " + v.Frame.Err.Error()
	}
	rows, cols := v.bounds()
	names, types := v.Frame.Names(), v.Frame.Types()
	lines := make([]strings.Builder, rows+1)
	for c := range cols {
		texts := []string{frame.Shorten(names[c])}
		for r := range rows {
			texts = append(texts, frame.Shorten(cell(v.Frame.Elem(r, c))))
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
