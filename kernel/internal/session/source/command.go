package source

import (
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Command is what a cell does beside Go: it takes the place of a statement, or goes
// with the Go that follows it on its line. How it is written is not known here.
type Command struct {
	// The bytes of the cell from Start to Code are not Go. The statements that begin
	// from Code on and before End are what the command goes with, if anything.
	Start, Code, End int
	// Err, if set, is why the cell is not run.
	Err error
	// Before runs in the command's place and After, which may be nil, behind its
	// statements. ctx ends with an interrupt.
	Before, After func(ctx context.Context) error
	// Repeat, if set, runs instead: it may call the statements n times, as often as it
	// likes. What they declare is local to them.
	Repeat func(ctx context.Context, statements func(n int)) error
	// Lines, if set, runs instead: the command is an expression of type []string.
	Lines func(ctx context.Context) ([]string, error)
}

// LinesName is the identifier that Blank puts in the place of a command that is an expression. It
// looks like an exclamation mark, and is as long as the shortest of these commands.
const LinesName = "\u01c3"

var assignsNot = regexp.MustCompile(`^[ \t]*[\pL_][\pL\pN_]*[ \t]*:?=[ \t]*!!?`)

// ShellLines says whether a line assigns the output of a shell command, as x := !ls does, and
// where the command begins with its exclamation mark. If that can be Go's not, it is where
// isName knows the name behind it, and where that is a package's or is called.
func ShellLines(line string, isName func(name string) bool) (at int, ok bool) {
	head := assignsNot.FindString(line)
	if head == "" {
		return 0, false
	}
	at, rest := strings.IndexByte(head, '!'), line[len(head):]
	_, end := IdentAround(rest, 0)
	word, next := rest[:end], rest[end:]
	switch first, _ := utf8.DecodeRuneInString(next); {
	case word == "":
		return at, first == '/' || first == '.' || first == '~' || first == '$'
	case word == "true" || word == "false" || isName(word), first == '(', first == '[':
		return at, false
	case first == '.':
		member, _ := utf8.DecodeRuneInString(next[1:])
		return at, !unicode.IsUpper(member)
	}
	return at, true
}

// Blank returns src without what is not Go, with every line and column in its place, and with
// LinesName for a command that is an expression.
func Blank(src string, commands []Command) string {
	if len(commands) == 0 {
		return src
	}
	b := []byte(src)
	for _, c := range commands {
		for i := c.Start; i < c.Code; i++ {
			if b[i] != '\n' {
				b[i] = ' '
			}
		}
		if c.Lines != nil {
			copy(b[c.Start:c.Code], LinesName)
		}
	}
	return string(b)
}
