// Package worker is the process in which cells run: the child of the kernel that holds the session and renders its
// values. It may die at any time, by a stack overflow or for want of memory; the kernel then reports the cause and
// starts another.
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"gonmf/kernel/internal/outlet"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
)

// ErrInterrupted is the cause of a cell's context when the user interrupts it.
var ErrInterrupted = errors.New("interrupted")

// A worker that lost its kernel looks every lookEvery whether the front end has gone, too: for lastLook at least, and
// lastLooks times, since on a busy machine any time may pass between two.
const lastLooks, lookEvery, lastLook = 50, 20 * time.Millisecond, time.Second

// stderr is the standard error of the process, which the kernel reads: its log, and where it looks for the cause of a
// worker's death. Once there is a session, os.Stderr is the cells'.
var stderr = os.Stderr

type worker struct {
	engine  Engine
	ready   chan struct{} // closed when there is an engine
	failed  chan error    // of serve
	out     *pipe.Writer
	output  *coalescer
	answers chan pipe.Answer
	groups  groups
	asking  sync.Mutex // one question at a time

	mu       sync.Mutex
	cell     int                     // that began last
	ctx      context.Context         // of the call that began last
	contexts map[int]context.Context // of the cells that run
	calls    map[uint64]call         // under way
}

// call is one request of the kernel's with the context that an interrupt ends.
type call struct {
	number  uint64
	kind    pipe.Kind
	payload []byte
	ctx     context.Context
	cancel  context.CancelCauseFunc
}

// Main runs a worker on standard input and output until the kernel closes them. It does not return.
func Main(newEngine func(pipe.Start, Hooks) (Engine, error)) {
	err := run(newEngine)
	if errors.Is(err, errNoKernel) {
		fmt.Fprintln(stderr, err)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintf(stderr, "fatal error: %v\n", err)
		proc.EndSelf(1)
	}
	select {} // the kernel has gone, and read is cleaning up before it ends the process
}

// errCall is wrapped by the error of a call that makes no sense, as only another version of the kernel would make it.
var errCall = errors.New("a call that this worker does not know")

// errNoKernel is for users who find the command and try it.
var errNoKernel = errors.New("gonmf worker: this command is for the kernel's own use, see gonmf help")

// run serves the kernel until that has gone, which is no error.
func run(newEngine func(pipe.Start, Hooks) (Engine, error)) error {
	stdin, err := proc.Private(os.Stdin)
	if err != nil {
		return fmt.Errorf("worker: standard input: %w", err)
	}
	stdout, err := proc.Private(os.Stdout)
	if err != nil {
		return fmt.Errorf("worker: standard output: %w", err)
	}

	os.Stdout = stderr // the kernel's log, for what nobody expects to be printed

	w := &worker{out: pipe.NewWriter(stdout), ready: make(chan struct{}), failed: make(chan error), answers: make(chan pipe.Answer, 1), contexts: map[int]context.Context{}, calls: map[uint64]call{}}
	w.output = &coalescer{send: func(cell int, stderr bool, text []byte) {
		// If the pipe is gone, so is the kernel, and the reader ends this process.
		_ = w.out.Write(pipe.KindOutput, pipe.EncodeOutput(cell, stderr, text))
	}}
	in := bufio.NewReaderSize(stdin, 64<<10)
	start, err := readStart(in)
	if err != nil {
		return err
	}
	// What an interrupt means is for the kernel to decide; and when that has gone, there is something left to do.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGHUP, syscall.SIGPIPE)
	if start.MemoryLimit > 0 {
		limitMemory(start.MemoryLimit, w.interruptAll)
	}
	settle(start.Place)
	go w.read(in, start)

	w.engine, err = newEngine(start, Hooks{Output: w.output.write, Input: w.input, Child: w.child})
	if err != nil {
		return fmt.Errorf("worker: the session does not start: %w", err)
	}
	outlet.Connect(w.event)
	err = w.out.Write(pipe.KindReady, nil)
	if err == nil {
		close(w.ready)
		err = <-w.failed
	}
	if errors.Is(err, errCall) {
		return err
	}
	return nil
}

// settle goes where the session before this one was.
func settle(p pipe.Place) {
	for name, value := range p.Env {
		var err error
		if value == nil {
			err = os.Unsetenv(name)
		} else {
			err = os.Setenv(name, *value)
		}
		if err != nil {
			fmt.Fprintf(stderr, "worker: %s: %v\n", name, err)
		}
	}
	if p.Dir != "" {
		if err := os.Chdir(p.Dir); err != nil {
			fmt.Fprintf(stderr, "worker: %v\n", err)
		}
	}
}

func readStart(in *bufio.Reader) (pipe.Start, error) {
	var start pipe.Start
	kind, payload, err := pipe.Read(in)
	if err != nil || kind != pipe.KindStart {
		return start, errNoKernel
	}
	if err := json.Unmarshal(payload, &start); err != nil {
		return start, fmt.Errorf("worker: %w", err)
	}
	return start, nil
}

// read takes frames from the kernel until it closes the pipe, and then ends the process: by then nobody waits for
// anything that still runs.
func (w *worker) read(in *bufio.Reader, start pipe.Start) {
	for {
		kind, payload, err := pipe.Read(in)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				fmt.Fprintf(stderr, "worker: reading from the kernel: %v\n", err)
			}
			w.groups.kill()
			w.interruptAll(ErrInterrupted) // what runs would take the processor and the memory that the rest needs
			cleanUp(start)
			proc.EndSelf(0)
		}
		switch kind {
		case pipe.KindInterrupt:
			if number, _, err := pipe.DecodeCall(payload); err == nil {
				w.interrupt(number, ErrInterrupted)
			}
		case pipe.KindAnswer:
			var a pipe.Answer
			if err := json.Unmarshal(payload, &a); err != nil {
				a.Err = err.Error()
			}
			select {
			case w.answers <- a:
			default: // an answer that nobody waits for is there already
			}
		default:
			// The context exists from here on, so that an interrupt right behind the call finds it.
			number, content, err := pipe.DecodeCall(payload)
			if err != nil {
				fmt.Fprintf(stderr, "worker: reading from the kernel: %v\n", err)
				continue
			}
			ctx, cancel := context.WithCancelCause(context.Background())
			c := call{number, kind, content, ctx, cancel}
			w.mu.Lock()
			w.ctx, w.calls[number] = ctx, c
			w.mu.Unlock()
			go func() {
				<-w.ready
				if err := w.serve(c); err != nil {
					w.failed <- err
				}
			}()
		}
	}
}

// interrupt ends a call, if it is under way.
func (w *worker) interrupt(number uint64, cause error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.calls[number]; ok {
		c.cancel(cause)
	}
}

func (w *worker) interruptAll(cause error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		c.cancel(cause)
	}
}

// forget ends the context of a call that is over.
func (w *worker) forget(c call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.calls, c.number)
	c.cancel(nil)
}

// input asks the user for a line on behalf of a cell.
func (w *worker) input(cell int, prompt string, password bool) (string, error) {
	w.asking.Lock()
	defer w.asking.Unlock()
	w.mu.Lock()
	ctx, runs := w.contexts[cell]
	if !runs { // a goroutine that it has left behind asks
		ctx = w.ctx
	}
	w.mu.Unlock()
	select {
	case <-w.answers: // to a question that was interrupted
	default:
	}
	w.output.flush()
	if err := w.out.WriteJSON(pipe.KindQuestion, pipe.Question{Cell: cell, Prompt: prompt, Password: password}); err != nil {
		return "", err
	}
	select {
	case a := <-w.answers:
		if a.Err != "" {
			return "", errors.New(a.Err)
		}
		return a.Text, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// event sends what package display shows.
func (w *worker) event(e outlet.Event) error {
	w.mu.Lock()
	cell := w.cell
	w.mu.Unlock()
	if p, ok := w.engine.(Printer); ok {
		cell = p.Cell()
		p.Flush()
	}
	w.output.flush()
	return w.out.WriteJSON(pipe.KindEvent, pipe.Event{Cell: cell, Event: e})
}

// cleanUp removes what a killed kernel leaves behind: Unix sockets that nobody listens on any more, and, if the front
// end has gone, too, the connection file. It looks more than once, since a process does not die all at once and the
// front end may die after the kernel, and not for long, since both may live, or others have taken their place.
func cleanUp(start pipe.Start) {
	sockets, done := start.Sockets, start.Parent == 0 || start.ConnectionFile == ""
	begin := time.Now()
	for look := 0; look < lastLooks || time.Since(begin) < lastLook; look++ {
		sockets = slices.DeleteFunc(sockets, proc.RemoveDeadSocket)
		if !done && !proc.Alive(start.Parent) {
			_ = os.Remove(start.ConnectionFile) // gone already is as well
			done = true
		}
		if done && len(sockets) == 0 {
			return
		}
		time.Sleep(lookEvery)
	}
}
