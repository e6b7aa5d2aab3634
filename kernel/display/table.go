package display

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// A table shows this much of what it is given: of more rows than maxRows the first and the last few, of more columns
// than maxCols half from the start and half from the end. What is still larger than maxText is shown with shorter
// cells and fewer rows.
const (
	maxRows      = 60
	fewRows      = 10
	maxCols      = 20
	maxCellRunes = 200
)

// column is a table's column as its source has it.
type column struct {
	name    string
	typ     string // told when one points at the name, so that it is not in what is copied
	numeric bool   // aligned to the right
}

// source is a table of any size, of which only the cells that are shown are asked for.
type source struct {
	what       string // what it is, e.g. "DataFrame"
	size       int    // in bytes; 0 if it is not told
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

// cut returns the indices to show of n, with -1 where some were left out: all up to limit, else show of them.
func cut(n, limit, show int) []int {
	var indices []int
	if n <= limit {
		for i := range n {
			indices = append(indices, i)
		}
		return indices
	}
	head := (show + 1) / 2
	for i := range head {
		indices = append(indices, i)
	}
	indices = append(indices, -1)
	for i := n - (show - head); i < n; i++ {
		indices = append(indices, i)
	}
	return indices
}

// build reads the cells that are shown.
func (s source) build() table {
	t := s.part(maxRows, fewRows, maxCellRunes)
	for rows, runes := maxRows, maxCellRunes; len(t.html()) > maxText && rows > 1; rows, runes = rows/2, max(20, runes/2) {
		t = s.part(rows, min(rows, fewRows), runes)
	}
	return t
}

// part reads so many rows, and of each cell so many runes.
func (s source) part(maxRows, fewRows, maxRunes int) table {
	rows, cols := cut(s.rows, maxRows, fewRows), cut(s.cols, maxCols, maxCols)
	t := table{caption: s.caption(maxRows, fewRows)}
	for _, j := range cols {
		if j < 0 {
			t.columns = append(t.columns, column{name: ellipsis})
			continue
		}
		c := s.column(j)
		c.name = shorten(c.name, maxRunes)
		t.columns = append(t.columns, c)
	}
	for _, i := range rows {
		cells := make([]string, len(cols))
		label := ellipsis
		for c, j := range cols {
			cells[c] = ellipsis
			if i >= 0 && j >= 0 {
				cells[c] = shorten(s.cell(i, j), maxRunes)
			}
		}
		switch {
		case i < 0:
		case s.label != nil:
			label = shorten(s.label(i), maxRunes)
		default:
			label = fmt.Sprint(i)
		}
		t.labels = append(t.labels, label)
		t.cells = append(t.cells, cells)
	}
	return t
}

// caption says what this is, how much of it is shown, and how large it is.
func (s source) caption(maxRows, fewRows int) string {
	unit := s.unit
	if unit == "" {
		unit = "rows"
	}
	caption := count(s.rows, maxRows, fewRows) + " " + unit
	if !s.hideCols {
		caption += " × " + count(s.cols, maxCols, maxCols) + " columns"
	}
	if s.size > 0 && s.rows > maxRows {
		caption += ", " + bytesText(s.size)
	}
	return s.what + ": " + caption
}

// bytesText writes a size in memory.
func bytesText(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 999_500:
		return fmt.Sprintf("%.3g kB", float64(n)/1e3)
	case n < 999_500_000:
		return fmt.Sprintf("%.3g MB", float64(n)/1e6)
	default:
		return fmt.Sprintf("%.3g GB", float64(n)/1e9)
	}
}

func count(n, limit, show int) string {
	if n > limit {
		return fmt.Sprintf("%d of %s", show, grouped(n))
	}
	return fmt.Sprint(n)
}

func shorten(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes]) + ellipsis
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
		title := ""
		if c.typ != "" {
			title = fmt.Sprintf(` title="%s"`, html.EscapeString(c.typ))
		}
		fmt.Fprintf(&b, "<th%s%s>%s</th>", c.align(), title, html.EscapeString(c.name))
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
