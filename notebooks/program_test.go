package notebooks

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// marked turns an exported program into one that says which cell its output
// belongs to, and shows results in all the forms that are compared.
func marked(program string) string {
	program = cellComment.ReplaceAllString(program, "startCell($1)")
	program = strings.ReplaceAll(program, "display.Result(", "result(")
	return strings.Replace(program, "\"gonmf/kernel/display\"\n", "", 1) + runtime
}

var cellComment = regexp.MustCompile(`(?m)^\t// In \[(\d+)\]$`)

// runtime is what a program has beside main. What is printed after a mark
// belongs to the cell, counted from 1, and the kind that the mark names.
const runtime = `
func mark(cell int, kind string) { fmt.Printf("\x1e%d\x1f%s\x1f", cell, kind) }

var cell int

func startCell(i int) {
	cell = i
	mark(cell, "` + printed + `")
}

func result(values ...any) {
	v := values[0]
	if v, ok := v.(interface{ HTML() string }); ok {
		mark(cell, "text/html")
		fmt.Print(v.HTML())
	}
	if v, ok := v.(interface{ SVG() string }); ok {
		mark(cell, "image/svg+xml")
		fmt.Print(v.SVG())
	}
	mark(cell, "` + printed + `")
}
`

// parse takes apart what a program printed.
func parse(out string, cells int) ([]shown, error) {
	all := make([]shown, cells)
	for i := range all {
		all[i] = shown{}
	}
	for _, record := range strings.Split(out, "\x1e")[1:] {
		parts := strings.SplitN(record, "\x1f", 3)
		if len(parts) != 3 {
			return nil, fmt.Errorf("a mark without a text: %q", record)
		}
		i, err := strconv.Atoi(parts[0])
		if err != nil || i < 1 || i > cells {
			return nil, fmt.Errorf("a mark of no cell: %q", record)
		}
		if parts[2] != "" {
			all[i-1][parts[1]] += parts[2]
		}
	}
	return all, nil
}
