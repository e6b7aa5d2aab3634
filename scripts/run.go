// Package scripts runs Go programs without compiling them.
//
// A script is an ordinary `package main` that imports nothing but the standard
// library and what [gonmf/scripts/symbols] holds: gonmf's own packages, gota,
// gonum and gonum/plot. `go run ./scripts/study` compiles such a program, and
// [Run] hands the same source to yaegi, a Go interpreter, which starts at once and
// needs no Go installation; so does `gonmf run -engine yaegi scripts/study`.
// `gonmf run scripts/study` runs it by the engine of gonmf's kernel, which knows
// all of Go. The packages a script
// imports are compiled code in both cases, so that it is as fast where it
// matters and answers the same numbers.
//
// Yaegi v0.16.1 knows Go as of 1.20, generics included. It does not know range
// over an integer or a function, the built-in functions min, max and clear,
// the generic functions of the standard library (slices, maps), and methods as
// values of what is declared as a pointer to a compiled type (after
// var m *nmf.Model, not after m, err := nmf.Fit(...), m.Save must be called; a
// function literal may do so). A script that uses them is refused, or stopped,
// with the place where it does.
package scripts

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"time"

	"github.com/traefik/yaegi/interp"
)

// grace is how long a script that listens for interrupts may go on after the
// context of its run was cancelled. Saving what there is takes less.
const grace = 10 * time.Second

// ExitError is a script's call of os.Exit with a status other than 0.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Run interprets the script at path, a .go file or a folder that holds one
// package main, and returns when its main function does. The script sees args
// as os.Args[1:] and has the standard streams of the process.
//
// A path without a separator that is not on disk names a script that comes
// with gonmf; see [Names].
//
// The error is an [*ExitError] if the script ends itself with a status other
// than 0, and an [*Error] that tells the file, the line and its text if the
// script does not compile or panics; it wraps [fs.ErrNotExist] if there is no
// such script. A panic in a goroutine that the script has started ends the
// process, as it would end the compiled program.
//
// Cancelling ctx reaches a script as Ctrl-C reaches a program: through
// signal.Notify or signal.NotifyContext if it listens for os.Interrupt, and
// then it has ten seconds to finish; any other script is stopped at its next
// statement. A compiled function that it is in at that moment runs on in the
// background until it returns.
func Run(ctx context.Context, path string, args []string) error {
	return RunFiles(ctx, []string{path}, args)
}

// RunFiles is [Run] for a script that is several .go files.
func RunFiles(ctx context.Context, paths []string, args []string) error {
	src, err := load(paths)
	if err != nil {
		return err
	}
	h := newHost(ctx, src.name, args)
	i := interp.New(interp.Options{
		Args:         append([]string{src.name}, args...),
		Stderr:       h.trace,
		Unrestricted: true,
	})
	h.trace.noted = func() token.Pos { return noted(i) }
	if err := h.use(i); err != nil {
		return err
	}
	p, err := src.parse(i.FileSet())
	if err != nil {
		return err
	}
	p.mark()
	prog, err := compile(i, p)
	if err != nil {
		return err
	}

	// This context stops the interpreter, which then abandons the script: it
	// ends with Run, not with ctx.
	runCtx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error, 1)
	go func() {
		_, err := i.ExecuteWithContext(runCtx, prog)
		done <- err
	}()
	ended := func(err error) error { return p.explain(err, h) }
	select {
	case err := <-done:
		return ended(err)
	case code := <-h.exit:
		return exitError(code)
	case <-ctx.Done():
	}
	if h.listens.Load() {
		select {
		case err := <-done:
			return ended(err)
		case code := <-h.exit:
			return exitError(code)
		case <-time.After(grace):
		}
	}
	return fmt.Errorf("%s was stopped: %w", src.name, context.Cause(ctx))
}

func exitError(code int) error {
	if code == 0 {
		return nil
	}
	return &ExitError{Code: code}
}

// compile turns the script into yaegi's form. Yaegi panics on some of the Go
// that it does not know.
func compile(i *interp.Interpreter, p *program) (prog *interp.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = p.refuse(fmt.Sprint(r))
		}
	}()
	prog, err = i.CompileAST(p.file)
	if err != nil {
		return nil, p.refuse(err.Error())
	}
	return prog, nil
}

// explain turns what ended the script into the error of Run.
func (p *program) explain(err error, h *host) error {
	var panicked interp.Panic
	if !errors.As(err, &panicked) {
		if err != nil {
			return p.refuse(err.Error())
		}
		return nil
	}
	value := panicked.Value
	if v, ok := value.(reflect.Value); ok && v.CanInterface() {
		value = v.Interface() // what the script itself gave to panic
	}
	e := p.errorf(p.position(h.trace), "panic: %v", value)
	e.err, _ = value.(error)
	return e
}
