package export

import (
	"regexp"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// NotebookOnly begins the comments that Program makes of what only a notebook can do.
const NotebookOnly = "// for notebooks only: "

var (
	cellCommand = regexp.MustCompile(`^\s*%%(\w+)`)
	timed       = regexp.MustCompile(`^(\s*)(%(?:time|timeit|prun)(?:\s+-\w+\s*\d*)*)\s+(\S.*)$`)
	lineCommand = regexp.MustCompile(`^\s*(?:[%!]\S|\?|[\pL_][\pL\pN_.]*\?{1,2}\s*$)`)
)

// goCells are the commands at the head of a cell whose rest is Go all the same.
var goCells = map[string]bool{"time": true, "timeit": true, "capture": true, "prun": true, "fmt": true}

func assigned(line string, isName func(string) bool) bool {
	_, ok := source.ShellLines(line, isName)
	return ok
}

// withoutCommands turns what a notebook has in the place of Go into comments, on the same
// lines; what is assigned of the output of a shell command is no lines. isName knows the names
// that cells have declared.
func withoutCommands(code string, isName func(string) bool) string {
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
		case assigned(line, isName):
			at := strings.IndexByte(line, '!')
			lines[i] = line[:at] + "[]string{} " + NotebookOnly + strings.TrimSpace(line[at:])
		case lineCommand.MatchString(line):
			lines[i] = NotebookOnly + strings.TrimSpace(line)
		}
	}
	return strings.Join(lines, "\n")
}
