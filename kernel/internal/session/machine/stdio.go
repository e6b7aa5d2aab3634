package machine

import (
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/goplus/ixgo"
	"golang.org/x/term"

	"gonmf/kernel/internal/session/streams"
)

func (w *streamWriter) Write(p []byte) (int, error) {
	w.m.out.Write(w.m.Cell(), w.stream, p)
	return len(p), nil
}

func (w *streamWriter) WriteString(p string) (int, error) { return w.Write([]byte(p)) }

func newStdio(m *Machine) (*stdio, error) {
	d := &stdio{m: m, stdout: &streamWriter{m, streams.Stdout}, stderr: &streamWriter{m, streams.Stderr}}
	d.stdin = streams.NewStdin(func() (string, error) { return m.readLine(false) })
	var err error
	if d.in, err = os.Open(os.DevNull); err != nil {
		return nil, fmt.Errorf("session: a stand-in for standard input: %w", err)
	}
	for _, p := range []struct {
		file **os.File
		w    *streamWriter
	}{{&d.out, d.stdout}, {&d.err, d.stderr}} {
		pipe, err := streams.NewPipe(p.w)
		if err != nil {
			return nil, fmt.Errorf("session: a stand-in for standard output: %w", err)
		}
		*p.file = pipe.File
		d.pipes = append(d.pipes, pipe)
	}
	d.vars.in, d.vars.out, d.vars.err = d.in, d.out, d.err
	return d, nil
}

func (d *stdio) close() {
	d.in.Close()
	for _, p := range d.pipes {
		p.File.Close()
	}
}

// drain waits until what compiled code wrote to the pipes has arrived.
func (d *stdio) drain() {
	for _, p := range d.pipes {
		p.Drain()
	}
}

// stream is called where a cell turns a file into an io.Reader or io.Writer.
func (d *stdio) stream(f any) any {
	switch f {
	case d.in:
		return d.stdin
	case d.out:
		return d.stdout
	case d.err:
		return d.stderr
	}
	return f
}

// writer returns what prints to f.
func (d *stdio) writer(f *os.File) io.Writer { return d.stream(f).(io.Writer) }

// install gives the cells of ctx these streams. pkg is the package os as they
// would otherwise see it.
func (d *stdio) install(ctx *ixgo.Context, pkg *ixgo.Package) *ixgo.Package {
	own := *pkg
	own.Vars = map[string]reflect.Value{}
	for name, v := range pkg.Vars {
		own.Vars[name] = v
	}
	own.Vars["Stdin"] = reflect.ValueOf(&d.vars.in)
	own.Vars["Stdout"] = reflect.ValueOf(&d.vars.out)
	own.Vars["Stderr"] = reflect.ValueOf(&d.vars.err)
	d.arguments(own.Vars)

	for name, fn := range map[string]any{
		"fmt.Print":   func(a ...any) (int, error) { return fmt.Fprint(d.writer(d.vars.out), a...) },
		"fmt.Printf":  func(f string, a ...any) (int, error) { return fmt.Fprintf(d.writer(d.vars.out), f, a...) },
		"fmt.Println": func(a ...any) (int, error) { return fmt.Fprintln(d.writer(d.vars.out), a...) },
		"fmt.Scan":    func(a ...any) (int, error) { return fmt.Fscan(d.reader(), a...) },
		"fmt.Scanf":   func(f string, a ...any) (int, error) { return fmt.Fscanf(d.reader(), f, a...) },
		"fmt.Scanln":  func(a ...any) (int, error) { return fmt.Fscanln(d.reader(), a...) },

		"(*os.File).Write":       func(f *os.File, p []byte) (int, error) { return d.writer(f).Write(p) },
		"(*os.File).WriteString": func(f *os.File, p string) (int, error) { return io.WriteString(d.writer(f), p) },
		"(*os.File).Read": func(f *os.File, p []byte) (int, error) {
			if f == d.in {
				return d.stdin.Read(p)
			}
			return f.Read(p)
		},
		"golang.org/x/term.ReadPassword": func(fd int) ([]byte, error) {
			if d.vars.in != d.in {
				return term.ReadPassword(fd)
			}
			line, err := d.m.readLine(true)
			return []byte(line), err
		},
	} {
		ctx.RegisterExternal(name, fn)
	}
	setPrintOutput(ctx, d.stderr)
	return &own
}

func (d *stdio) reader() io.Reader {
	if d.vars.in == d.in {
		return d.stdin
	}
	return d.vars.in
}

// readLine asks the user for a line, until the cell is interrupted. What the cell
// has printed is the prompt.
func (m *Machine) readLine(password bool) (string, error) {
	if m.Options.Input == nil {
		return "", io.EOF
	}
	m.out.Flush()
	type answer struct {
		line string
		err  error
	}
	cell := m.Cell()
	got := make(chan answer, 1)
	go func() {
		line, err := m.Options.Input(cell, "", password)
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-m.stopSignal():
		panic(Stopped{})
	}
}

// Print prints a text as if a cell had.
func (m *Machine) Print(cell int, s streams.Stream, text string) { m.out.Write(cell, s, []byte(text)) }

// arguments installs what cells have in the place of os.Args: the program alone.
func (d *stdio) arguments(vars map[string]reflect.Value) {
	d.args = os.Args[:1:1]
	vars["Args"] = reflect.ValueOf(&d.args)
}
