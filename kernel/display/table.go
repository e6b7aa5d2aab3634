package display

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// A table shows this much of what it is given: half from the start, half from the end.
const (
	maxRows      = 60
	maxCols      = 20
	maxCellRunes = 200
)

// column is a table's column as its source has it.
type column struct {
	name    string
	typ     string // shown below the name
	numeric bool   // aligned to the right
}

// source is a table of any size, of which only the cells that are shown are asked for.
type source struct {
	what       string // what it is, e.g. "DataFrame"
	rows, cols int
	column     func(j int) column
	label      func(i int) string // of a row; nil: its number
	cell       func(i, j int) string
	unit       string // what a row is, in the plural; empty: rows
	hideCols   bool   // the caption does not count columns
}

// table is a source cut down to what is shown.
type table struct {
	caption string
	columns []column
	labels  []string
	cells   [][]string // by row
}

const ellipsis = "…"

// cut returns the indices to show of n, with -1 where some were left out.
func cut(n, limit int) []int {
	var indices []int
	if n <= limit {
		for i := range n {
			indices = append(indices, i)
		}
		return indices
	}
	head := (limit + 1) / 2
	for i := range head {
		indices = append(indices, i)
	}
	indices = append(indices, -1)
	for i := n - (limit - head); i < n; i++ {
		indices = append(indices, i)
	}
	return indices
}

// build reads the cells that are shown.
func (s source) build() table {
	rows, cols := cut(s.rows, maxRows), cut(s.cols, maxCols)
	t := table{caption: s.caption()}
	for _, j := range cols {
		if j < 0 {
			t.columns = append(t.columns, column{name: ellipsis})
			continue
		}
		t.columns = append(t.columns, s.column(j))
	}
	for _, i := range rows {
		cells := make([]string, len(cols))
		label := ellipsis
		for c, j := range cols {
			cells[c] = ellipsis
			if i >= 0 && j >= 0 {
				cells[c] = shorten(s.cell(i, j))
			}
		}
		switch {
		case i < 0:
		case s.label != nil:
			label = shorten(s.label(i))
		default:
			label = fmt.Sprint(i)
		}
		t.labels = append(t.labels, label)
		t.cells = append(t.cells, cells)
	}
	return t
}

// caption says what this is and how much of it is shown.
func (s source) caption() string {
	unit := s.unit
	if unit == "" {
		unit = "rows"
	}
	caption := count(s.rows, maxRows) + " " + unit
	if !s.hideCols {
		caption += " × " + count(s.cols, maxCols) + " columns"
	}
	return s.what + ": " + caption
}

func count(n, limit int) string {
	if n > limit {
		return fmt.Sprintf("%d of %s", limit, grouped(n))
	}
	return fmt.Sprint(n)
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxCellRunes {
		return s
	}
	return string([]rune(s)[:maxCellRunes]) + ellipsis
}

// align is an attribute for the cells of a column; front ends put numbers to the right.
func (c column) align() string {
	if c.numeric || c.name == ellipsis {
		return ""
	}
	return ` style="text-align:left"`
}

func (t table) html() string {
	var b strings.Builder
	b.WriteString("<table border=\"1\" class=\"dataframe\">\n<thead>\n<tr><th></th>")
	for _, c := range t.columns {
		fmt.Fprintf(&b, "<th%s>%s", c.align(), html.EscapeString(c.name))
		if c.typ != "" {
			fmt.Fprintf(&b, "<br><small style=\"font-weight:normal;opacity:.7\">%s</small>", html.EscapeString(c.typ))
		}
		b.WriteString("</th>")
	}
	b.WriteString("</tr>\n</thead>\n<tbody>\n")
	for i, cells := range t.cells {
		fmt.Fprintf(&b, "<tr><th>%s</th>", html.EscapeString(t.labels[i]))
		for j, cell := range cells {
			fmt.Fprintf(&b, "<td%s>%s</td>", t.columns[j].align(), html.EscapeString(cell))
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</tbody>\n</table>\n<p><small>%s</small></p>", html.EscapeString(t.caption))
	return b.String()
}

func (t table) text() string {
	clean := strings.NewReplacer("\n", "⏎", "\r", "", "\t", " ")
	lines := make([][]string, 0, len(t.cells)+2)
	names, types := []string{""}, []string{""}
	typed := false
	for _, c := range t.columns {
		names = append(names, clean.Replace(c.name))
		types = append(types, c.typ)
		typed = typed || c.typ != ""
	}
	lines = append(lines, names)
	if typed {
		lines = append(lines, types)
	}
	for i, cells := range t.cells {
		line := []string{clean.Replace(t.labels[i])}
		for _, cell := range cells {
			line = append(line, clean.Replace(cell))
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(names))
	for _, line := range lines {
		for j, s := range line {
			widths[j] = max(widths[j], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for j, s := range line {
			pad := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(s))
			if j > 0 {
				row.WriteString("  ")
			}
			if j > 0 && t.columns[j-1].numeric {
				row.WriteString(pad + s)
			} else {
				row.WriteString(s + pad)
			}
		}
		b.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	b.WriteString(t.caption)
	return b.String()
}
