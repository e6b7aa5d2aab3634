package source

import "context"

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
}

// Blank returns src without what is not Go, with every line and column in its place.
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
	}
	return string(b)
}
