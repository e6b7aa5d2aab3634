// Package table writes small tables, as text and for notebooks: what the results
// of searches and comparisons look like. It imports the standard library only.
package table

import (
	"html"
	"strings"
	"text/tabwriter"
)

// Text returns rows, the first of which is the head, in columns.
func Text(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, row := range rows {
		if i > 0 {
			w.Write([]byte("\n"))
		}
		w.Write([]byte(strings.Join(row, "\t")))
	}
	w.Flush() // a strings.Builder takes everything
	return b.String()
}

// HTML returns rows, the first of which is the head, for a notebook.
func HTML(rows [][]string) string {
	var b strings.Builder
	b.WriteString("<table>")
	for i, row := range rows {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		b.WriteString("<tr>")
		for j, cell := range row {
			align := "right"
			if j == 0 {
				align = "left"
			}
			b.WriteString("<" + tag + " style=\"text-align:" + align + "\">" + html.EscapeString(cell) + "</" + tag + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table>")
	return b.String()
}
