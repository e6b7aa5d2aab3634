package session

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sync"
	"time"

	"github.com/goplus/ixgo"
	"golang.org/x/term"
)

// stdio is what cells see as os.Stdin, os.Stdout and os.Stderr: variables of the
// session's own, so that those of the process stay what they are.
//
// Each holds an *os.File, as it must. Where that is used as an io.Writer or
// io.Reader, and in direct calls of its methods, the session's stream takes its
// place, which knows the cell of the goroutine that writes. What compiled code
// writes to the *os.File itself goes through a pipe and is taken for output of
// the latest cell.
type stdio struct {
	s   *Session
	in  *os.File // what the cells' os.Stdin is unless they set it; the same for out and err
	out *os.File
	err *os.File

	vars struct{ in, out, err *os.File } // the variables
	args []string                        // the cells' os.Args

	stdin          *stdin
	stdout, stderr *streamWriter
	pipes          []*pipe
}

// streamWriter is a stream of the cell that writes.
type streamWriter struct {
	s      *Session
	stream Stream
}

func (w *streamWriter) Write(p []byte) (int, error) {
	w.s.out.write(w.s.cellOf(), w.stream, p)
	return len(p), nil
}

func (w *streamWriter) WriteString(p string) (int, error) { return w.Write([]byte(p)) }

func newStdio(s *Session) (*stdio, error) {
	d := &stdio{s: s, stdout: &streamWriter{s, Stdout}, stderr: &streamWriter{s, Stderr}}
	d.stdin = &stdin{s: s}
	d.stdin.buf = bufio.NewReader(&lines{s: s})
	var err error
	if d.in, err = os.Open(os.DevNull); err != nil {
		return nil, fmt.Errorf("session: a stand-in for standard input: %w", err)
	}
	for _, p := range []struct {
		file **os.File
		w    *streamWriter
	}{{&d.out, d.stdout}, {&d.err, d.stderr}} {
		pipe, err := newPipe(p.w)
		if err != nil {
			return nil, fmt.Errorf("session: a stand-in for standard output: %w", err)
		}
		*p.file = pipe.w
		d.pipes = append(d.pipes, pipe)
	}
	d.vars.in, d.vars.out, d.vars.err = d.in, d.out, d.err
	return d, nil
}

func (d *stdio) close() {
	d.in.Close()
	for _, p := range d.pipes {
		p.w.Close()
	}
}

// drain waits until what compiled code wrote to the pipes has arrived.
func (d *stdio) drain() {
	for _, p := range d.pipes {
		p.drain()
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
			line, err := d.s.readLine(true)
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

// stdin reads the lines that the user types. It has the methods that fmt.Fscan
// wants, so that no rune is lost between two scans.
type stdin struct {
	s   *Session
	mu  sync.Mutex
	buf *bufio.Reader
}

func (r *stdin) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Read(p)
}

func (r *stdin) ReadRune() (rune, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.ReadRune()
}

func (r *stdin) UnreadRune() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.UnreadRune()
}

// lines asks for a line whenever there is nothing left of the last one.
type lines struct {
	s    *Session
	rest []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.s.readLine(false)
		if err != nil {
			return 0, err
		}
		l.rest = []byte(line + "\n")
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// readLine asks the user for a line, until the cell is interrupted. What the cell
// has printed is the prompt.
func (s *Session) readLine(password bool) (string, error) {
	if s.opt.Input == nil {
		return "", io.EOF
	}
	s.out.flush()
	type answer struct {
		line string
		err  error
	}
	cell := s.cellOf()
	got := make(chan answer, 1)
	go func() {
		line, err := s.opt.Input(cell, "", password)
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		return a.line, a.err
	case <-s.stopSignal():
		panic(stopped{})
	}
}

// A pipe carries what compiled code writes to the cells' os.Stdout or os.Stderr.
type pipe struct {
	w      *os.File
	to     io.Writer
	synced chan struct{}
}

// syncMark goes through the pipe to tell that everything before it has arrived.
// It is not text that anyone writes.
var syncMark = []byte("\x00\xff gonmf session sync \xff\x00")

func newPipe(to io.Writer) (*pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &pipe{w: w, to: to, synced: make(chan struct{}, 1)}
	go p.copy(r)
	return p, nil
}

func (p *pipe) copy(r *os.File) {
	defer r.Close()
	var held []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		held = append(held, buf[:n]...)
		for {
			i := bytes.Index(held, syncMark)
			if i < 0 {
				break
			}
			p.to.Write(held[:i])
			held = append(held[:0], held[i+len(syncMark):]...)
			p.synced <- struct{}{}
		}
		keep := partialMark(held)
		p.to.Write(held[:len(held)-keep])
		held = append(held[:0], held[len(held)-keep:]...)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				fmt.Fprintf(p.to, "reading what the cell printed: %v\n", err)
			}
			close(p.synced)
			return
		}
	}
}

// partialMark returns how many bytes at the end of p may begin a mark.
func partialMark(p []byte) int {
	for n := min(len(syncMark)-1, len(p)); n > 0; n-- {
		if bytes.HasPrefix(syncMark, p[len(p)-n:]) {
			return n
		}
	}
	return 0
}

// drain waits until what was written to the pipe has arrived. A cell may have
// closed its end, or handed it to a process that keeps it full: then not long.
func (p *pipe) drain() {
	const patience = 100 * time.Millisecond
	p.w.SetWriteDeadline(time.Now().Add(patience))
	defer p.w.SetWriteDeadline(time.Time{})
	if _, err := p.w.Write(syncMark); err != nil {
		return
	}
	select {
	case <-p.synced:
	case <-time.After(patience):
	}
}
