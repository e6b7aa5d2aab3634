package export

import (
	"regexp"
	"strings"
)

// NotebookOnly begins the comments that Program makes of what only a notebook can do.
const NotebookOnly = "// for notebooks only: "

var (
	cellCommand = regexp.MustCompile(`^\s*%%(\w+)`)
	timed       = regexp.MustCompile(`^(\s*)(%(?:time|timeit|prun)(?:\s+-\w+\s*\d*)*)\s+(\S.*)$`)
	lineCommand = regexp.MustCompile(`^\s*(?:[%!]\S|\?|[\pL_][\pL\pN_.]*\?{1,2}\s*$|[\pL_][\pL\pN_]*\s*:?=\s*!\S)`)
)

// goCells are the commands at the head of a cell whose rest is Go all the same.
var goCells = map[string]bool{"time": true, "timeit": true, "capture": true, "prun": true, "fmt": true}

// withoutCommands turns what a notebook has in the place of Go into comments, on the same
// lines.
func withoutCommands(code string) string {
	lines := strings.Split(code, "\n")
	whole := false
	for i, line := range lines {
		switch m := cellCommand.FindStringSubmatch(line); {
		case whole && strings.TrimSpace(line) == "":
		case whole:
			lines[i] = NotebookOnly + line
		case m != nil && strings.TrimSpace(strings.Join(lines[:i], "")) == "":
			whole = !goCells[m[1]]
			lines[i] = NotebookOnly + strings.TrimSpace(line)
		case timed.MatchString(line):
			m := timed.FindStringSubmatch(line)
			lines[i] = m[1] + m[3] + " " + NotebookOnly + m[2]
		case lineCommand.MatchString(line):
			lines[i] = NotebookOnly + strings.TrimSpace(line)
		}
	}
	return strings.Join(lines, "\n")
}
