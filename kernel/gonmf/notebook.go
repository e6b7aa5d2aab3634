package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	goscanner "go/scanner"
	"go/token"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/term"

	"gonmf/kernel/internal/outlet"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/supervisor"
	"gonmf/kernel/internal/wire"
	"gonmf/scripts"
	"gonmf/scripts/notebook"
)

// isNotebook says whether a file is one: by its name, or, of a .go file, since it has no
// package clause. That is what nbconvert --to script and %save make of a notebook: its cells
// one below the other.
func isNotebook(name string) bool {
	return strings.EqualFold(filepath.Ext(name), ".ipynb") || hasCells(name)
}

// hasCells says whether a file of Go begins with something else than its package.
func hasCells(name string) bool {
	if filepath.Ext(name) != ".go" {
		return false
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return false // whoever runs it says why
	}
	var sc goscanner.Scanner
	sc.Init(token.NewFileSet().AddFile("", -1, len(text)), text, nil, 0)
	_, first, _ := sc.Scan()
	return first != token.PACKAGE && first != token.EOF
}

// readCells reads a notebook, or a file of Go without a package as one of a single cell.
func readCells(name string) (*notebook.Notebook, error) {
	if !hasCells(name) {
		return notebook.Read(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &notebook.Notebook{Cells: []*notebook.Cell{{Kind: "code", Source: notebook.Text(text)}}, Format: 4, FormatMinor: 5}, nil
}

// runNotebook runs the cells of a notebook in their order, in its folder, as
// Jupyter does: what they print and the text of what they show go to std. It ends
// at the first cell that fails, unless that has the tag raises-exception. If out
// is not empty, the notebook with its outputs is written there in any case.
func runNotebook(ctx context.Context, name string, params []parameter, out string, std streams) error {
	nb, err := readCells(name)
	if err != nil {
		return err
	}
	if err := inject(nb, params); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	limit, err := server.MemoryLimit()
	if err != nil {
		return err
	}
	self, err := proc.Self()
	if err != nil {
		return err
	}
	// As scripts have it, progress is for who looks on.
	if f, ok := std.out.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		lines := &withoutProgress{w: std.out}
		defer lines.flush()
		std.out = lines
	}
	r := &runner{std: std, shown: map[string][]*notebook.Output{}, cells: map[int]*notebook.Cell{}, in: bufio.NewReader(os.Stdin)}
	r.session = supervisor.New(supervisor.Options{
		Command: []string{self, server.WorkerCommand}, Dir: filepath.Dir(name),
		Start: func() pipe.Start { return pipe.Start{MemoryLimit: limit, Plain: true} }, Handler: r, Log: log.New(io.Discard, "", 0),
	})
	defer r.session.Close()
	err = r.run(ctx, nb)
	if out != "" {
		r.session.Close() // nothing is shown any more
		if writeErr := nb.Write(out); err == nil {
			err = writeErr
		}
	}
	return err
}

// withoutProgress leaves out lines that are drawn again and again.
type withoutProgress struct {
	w    io.Writer
	line []byte // that is not complete yet
}

func (p *withoutProgress) Write(text []byte) (int, error) {
	for part := range bytes.Lines(text) {
		if p.line = append(p.line, part...); bytes.HasSuffix(part, []byte("\n")) {
			if err := p.flush(); err != nil {
				return 0, err
			}
		}
	}
	return len(text), nil
}

func (p *withoutProgress) flush() (err error) {
	if !bytes.Contains(bytes.TrimRight(p.line, "\r\n"), []byte("\r")) {
		_, err = p.w.Write(p.line)
	}
	p.line = p.line[:0]
	return err
}

// runner runs a notebook. It is a supervisor.Handler.
type runner struct {
	std     streams
	session *supervisor.Supervisor
	in      *bufio.Reader // answers questions

	mu      sync.Mutex
	latest  *notebook.Cell
	cells   map[int]*notebook.Cell // by number
	shown   map[string][]*notebook.Output
	cleared map[*notebook.Cell]bool // when something new is shown
}

func (r *runner) run(ctx context.Context, nb *notebook.Notebook) error {
	for _, c := range nb.Code() {
		c.Count, c.Outputs = 0, nil
	}
	count := 0
	for _, c := range nb.Code() {
		if strings.TrimSpace(string(c.Source)) == "" {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		count++
		r.mu.Lock()
		r.latest, r.cells[count] = c, c
		r.mu.Unlock()
		c.Count = count
		var done pipe.Executed
		err := r.session.Call(ctx, pipe.KindExecute, pipe.Execute{Cell: count, Code: string(c.Source)}, &done)
		failure := done.Failure
		if death := (*supervisor.Death)(nil); errors.As(err, &death) {
			failure = wire.NewFailure(death.Name, death.Error())
		} else if err != nil {
			return err
		}
		if failure != nil {
			if err := r.failed(ctx, c, failure); err != nil {
				return err
			}
			continue
		}
		if v := done.Value; v != nil {
			r.show(c, &notebook.Output{Kind: "execute_result", Data: v.Data, Metadata: v.Metadata, Count: count})
		}
	}
	return nil
}

// failed reports that a cell failed. It returns an error if the notebook ends
// with it.
func (r *runner) failed(ctx context.Context, c *notebook.Cell, f *wire.Failure) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(c, &notebook.Output{Kind: "error", Ename: f.Name, Evalue: f.Value, Traceback: f.Traceback})
	if c.Tagged("raises-exception") {
		fmt.Fprintln(r.std.err, plain(f))
		return nil
	}
	var status int
	if n, _ := fmt.Sscanf(f.Value, "exit status %d", &status); f.Name == session.ExitStatus && n == 1 {
		return &scripts.ExitError{Code: status}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %s", ctx.Err(), f.Value)
	}
	return errors.New(plain(f))
}

// plain is what failed, without the colours of a notebook.
func plain(f *wire.Failure) string {
	return colour.ReplaceAllString(strings.Join(f.Traceback, "\n"), "")
}

var colour = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// show adds an output to a cell and prints its text.
func (r *runner) show(c *notebook.Cell, o *notebook.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(c, o)
	text, _ := o.Data["text/plain"].(string)
	fmt.Fprintln(r.std.out, text)
}

func (r *runner) add(c *notebook.Cell, o *notebook.Output) {
	if r.cleared[c] {
		c.Outputs = nil
		delete(r.cleared, c)
	}
	c.Outputs = append(c.Outputs, o)
}

// cell returns the cell with a number. A goroutine of an unknown one writes below
// the latest.
func (r *runner) cell(n int) *notebook.Cell {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.cells[n]; c != nil {
		return c
	}
	return r.latest
}

// Output implements supervisor.Handler.
func (r *runner) Output(n int, stderr bool, text []byte) {
	c := r.cell(n)
	r.mu.Lock()
	defer r.mu.Unlock()
	name, w := "stdout", r.std.out
	if stderr {
		name, w, text = "stderr", r.std.err, colour.ReplaceAll(text, nil)
	}
	_, _ = w.Write(text) // what a closed pipe loses is nobody's loss
	if k := len(c.Outputs); k > 0 && c.Outputs[k-1].Name == name && !r.cleared[c] {
		c.Outputs[k-1].Text += notebook.Text(text)
		return
	}
	r.add(c, &notebook.Output{Kind: "stream", Name: name, Text: notebook.Text(text)})
}

// Event implements supervisor.Handler.
func (r *runner) Event(e pipe.Event) {
	c := r.cell(e.Cell)
	switch e.Op {
	case outlet.Clear:
		r.mu.Lock()
		defer r.mu.Unlock()
		if e.Wait {
			r.cleared = map[*notebook.Cell]bool{c: true}
		} else {
			c.Outputs = nil
		}
	case outlet.Update:
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, o := range r.shown[e.ID] {
			o.Data, o.Metadata = e.Data, e.Metadata
		}
		text, _ := e.Data["text/plain"].(string)
		fmt.Fprintln(r.std.out, text)
	default:
		o := &notebook.Output{Kind: "display_data", Data: e.Data, Metadata: e.Metadata}
		r.show(c, o)
		if e.ID != "" {
			r.shown[e.ID] = append(r.shown[e.ID], o)
		}
	}
}

// Question implements supervisor.Handler: the answer is a line of standard input.
func (r *runner) Question(q pipe.Question) {
	r.mu.Lock()
	fmt.Fprint(r.std.out, q.Prompt)
	if lines, ok := r.std.out.(*withoutProgress); ok {
		_ = lines.flush()
	}
	r.mu.Unlock()
	go func() {
		line, err := r.in.ReadString('\n')
		a := pipe.Answer{Text: strings.TrimRight(line, "\r\n")}
		if err != nil && line == "" {
			a.Err = err.Error()
		}
		r.session.Answer(a)
	}()
}

// Died implements supervisor.Handler: the session ended while no cell ran.
func (r *runner) Died(d *supervisor.Death) { r.Output(0, true, []byte(d.Error()+"\n")) }
