// Package magic gives cells the commands of IPython: lines that begin with % ! $ or ?, and cells that begin with %%.
//
// A command stands where a statement of the cell's top level could begin; in a string, a comment, a block or an
// expression that goes on, these characters mean what they mean in Go. A cell with commands is compiled as a whole, so
// that one which does not compile runs none of them.
package magic

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"sync"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/session/source"
)

// Options say how commands talk to their surroundings.
type Options struct {
	Session *session.Session
	Output  func(cell int, stderr bool, text []byte)
	Input   func(cell int, prompt string, password bool) (string, error)
	Child   func(pid int, ended bool) // may be nil
	Program string                    // gonmf itself
	History string                    // the folder of the history, may be empty
}

// Commands are the commands of one session.
type Commands struct {
	opt Options

	mu  sync.Mutex         // cells of several shells may run
	env map[string]*string // what %env has changed
	dir string             // the current directory when it was last reported
	old string             // the one before, for %cd -

	moved   bool // since the last report
	payload []map[string]any
}

// New returns the commands of a session that begins at a place.
func New(opt Options, place pipe.Place) *Commands {
	m := &Commands{opt: opt, env: map[string]*string{}}
	for name, value := range place.Env {
		m.env[name] = value
	}
	m.dir, _ = os.Getwd()
	return m
}

// Report tells what commands have done since the last report.
func (m *Commands) Report() pipe.Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := pipe.Report{Payload: m.payload}
	m.payload = nil
	if dir, err := os.Getwd(); err == nil && dir != m.dir {
		m.dir, m.moved = dir, true
	}
	if m.moved {
		r.Place = &pipe.Place{Dir: m.dir, Env: maps.Clone(m.env)}
	}
	m.moved = false
	return r
}

// tell adds to what the front end is told beside output.
func (m *Commands) tell(payload map[string]any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.payload = append(m.payload, payload)
}

// A call is a command as it stands in a cell.
type call struct {
	args string // the rest of its line
	body string // the lines below it, of a command for a whole cell
}

// A command is an entry of the list of commands. What it does is run, or around if Go follows it.
type command struct {
	name    string // as it is written, with its marks
	args    string // for the usage
	summary string // one line, beginning like "lists"
	help    string // more, with examples; may be empty

	run    func(m *Commands, ctx context.Context, c call) error
	around func(m *Commands, s *source.Command, c call) error
	// options returns the length of what precedes the Go of a command with around; nil means nothing.
	options  func(args string) int
	complete func(m *Commands, word string) []string // ways to go on with the last word of args
}

// misuse is an error that says how a command is used.
func (c *command) misuse(format string, args ...any) error {
	return fmt.Errorf("%s: %s; usage: %s", c.name, fmt.Sprintf(format, args...), c.usage())
}

func (c *command) usage() string { return strings.TrimSpace(c.name + " " + c.args) }

// find returns the command of a name, or nil.
func find(name string) *command {
	if full, ok := aliases[name]; ok {
		name = full
	}
	for _, c := range commands {
		if c.name == name {
			return c
		}
	}
	return nil
}

// out returns a writer for what a command prints.
func (m *Commands) out() io.Writer { return writer{m.opt.Output, m.opt.Session.Cell(), false} }

func (m *Commands) errs() io.Writer { return writer{m.opt.Output, m.opt.Session.Cell(), true} }

func (m *Commands) printf(format string, args ...any) { fmt.Fprintf(m.out(), format, args...) }

type writer struct {
	output func(cell int, stderr bool, text []byte)
	cell   int
	stderr bool
}

func (w writer) Write(p []byte) (int, error) {
	w.output(w.cell, w.stderr, p)
	return len(p), nil
}
