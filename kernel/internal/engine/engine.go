// Package engine is the interpreter as the kernel's worker drives it: a session with gonmf's packages, gota, gonum and
// package display to import.
package engine

//go:generate go run github.com/traefik/yaegi/cmd/yaegi extract -name engine gonmf/kernel/display

import (
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"gonmf/frames/files"
	"gonmf/kernel/display"
	"gonmf/kernel/internal/magic"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/worker"
	"gonmf/scripts/progress"
	"gonmf/scripts/symbols"
)

// Symbols are the packages that only a kernel has, in the form of package symbols. The generated file beside this one
// fills it.
var Symbols = map[string]map[string]reflect.Value{}

// Sources are the packages that `gonmf build` has added as source: see [session.Options].
var Sources = map[string]map[string]string{}

// prelude runs before the first cell: gophernotes' notebooks use display and Display without importing them.
const prelude = `
import "gonmf/kernel/display"

var Display = display.Show
`

// Program returns the Go program that does what cells do, run in order: see [session.Session.Program].
func Program(pages []session.Page) ([]byte, error) {
	s, err := session.New(session.Options{Packages: packages(), Sources: Sources})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	s.SetAutoImport(true) // as the cells have it
	before := []session.Page{{Code: `import "gonmf/kernel/display"`}}
	if slices.ContainsFunc(pages, func(p session.Page) bool { return usesDisplay.MatchString(p.Code) }) {
		before[0].Code = prelude
	}
	return s.Program(append(before, pages...), "gonmf/kernel/display", "Result")
}

// usesDisplay finds what may be the function that the prelude declares.
var usesDisplay = regexp.MustCompile(`\bDisplay\(`)

// Worker runs a worker with the interpreter on standard input and output. It is what the hidden subcommand
// server.WorkerCommand is for, and does not return.
func Worker() { worker.Main(newEngine) }

// engine is a worker.Engine, by its session's Cell and Flush a worker.Printer, and a worker.Reporter.
type engine struct {
	*session.Session
	commands *magic.Commands
}

var (
	_ worker.Printer  = engine{}
	_ worker.Reporter = engine{}
)

func newEngine(start pipe.Start, h worker.Hooks) (worker.Engine, error) {
	s, err := session.New(session.Options{
		Packages:    packages(),
		Sources:     Sources,
		Input:       h.Input,
		FileColumns: columnsOf,
		Show:        magic.Show,
		Output: func(cell int, stream session.Stream, p []byte) {
			h.Output(cell, stream == session.Stderr, p)
		},
		Async: func(cell int, err *session.Error) {
			h.Output(cell, true, []byte(strings.Join(err.Traceback, "\n")+"\n"))
		},
	})
	if err != nil {
		return nil, err
	}
	s.TakeProcess()
	self, err := proc.Self()
	if err != nil {
		return nil, err
	}
	e := engine{s, magic.New(magic.Options{
		Session: s, Output: h.Output, Input: h.Input, Child: h.Child, Program: self, History: start.History,
	}, start.Place)}
	// Package log is compiled, and would write to the standard error of the process.
	log.SetOutput(cellWriter{e, h, true})
	if start.Plain {
		progress.Notebook = cellWriter{e, h, false}
	} else {
		progress.InPlace = showInPlace
	}
	if _, err := e.Eval(context.Background(), 0, prelude); err != nil {
		return nil, fmt.Errorf("prelude: %w", err)
	}
	s.SetAutoImport(true)
	for cell, src := range start.Inputs {
		s.SetInput(cell, src)
	}
	return e, nil
}

// columnsOf returns the columns of a table in a file for completion, which may not take long.
func columnsOf(file string) []string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	names, _ := files.Names(ctx, file) // what is no table has none
	return names
}

// showInPlace shows lines of progress, each in place of the one before. That a notebook has gone is no reason to end
// what makes progress.
func showInPlace() func(line string) {
	id, show := display.NewID(), display.ShowAs
	return func(line string) {
		_ = show(id, line)
		show = display.Update
	}
}

// packages are those that cells can import beside the standard library.
func packages() map[string]map[string]reflect.Value {
	all := maps.Clone(symbols.Symbols)
	maps.Copy(all, Symbols)
	maps.DeleteFunc(all, func(key string, _ map[string]reflect.Value) bool { return Sources[path.Dir(key)] != nil })
	return all
}

// cellWriter writes to the running cell what compiled packages print.
type cellWriter struct {
	e      engine
	h      worker.Hooks
	stderr bool
}

func (c cellWriter) Write(p []byte) (int, error) {
	c.e.Flush()
	c.h.Output(c.e.Cell(), c.stderr, p)
	return len(p), nil
}

// Eval implements worker.Engine.
func (e engine) Eval(ctx context.Context, cell int, code string) ([]any, error) {
	e.SetInput(cell, code)
	return values(e.Session.Eval(ctx, cell, code, e.commands.Parse(code)...))
}

// Expression implements worker.Engine.
func (e engine) Expression(ctx context.Context, expr string) ([]any, error) {
	return values(e.Session.Expression(ctx, expr))
}

// Complete implements worker.Engine.
func (e engine) Complete(code string, pos int) pipe.Completed {
	if c, ok := e.commands.Complete(code, pos); ok {
		return c
	}
	text := source.Blank(code, e.commands.Parse(code))
	got := session.AddImport(text, e.Session.Complete(text, pos))
	c := pipe.Completed{Start: got.Start, End: got.End}
	for _, m := range got.Matches {
		c.Matches = append(c.Matches, pipe.Match{Text: m.Text, Type: string(m.Kind)})
	}
	return c
}

// Inspect implements worker.Engine.
func (e engine) Inspect(code string, pos int) pipe.Inspected {
	if text, ok := e.commands.Inspect(code, pos); ok {
		return pipe.Inspected{Found: true, Data: wire.Bundle{"text/plain": text}}
	}
	help, ok := e.Session.Inspect(source.Blank(code, e.commands.Parse(code)), pos)
	if !ok {
		return pipe.Inspected{}
	}
	return pipe.Inspected{Found: true, Data: wire.Bundle{"text/plain": help.Text()}}
}

// Report implements worker.Reporter.
func (e engine) Report() pipe.Report { return e.commands.Report() }

// IsComplete implements worker.Engine.
func (e engine) IsComplete(code string) pipe.Completeness {
	if c, ok := e.commands.IsComplete(code); ok {
		return c
	}
	status, indent := e.Session.IsComplete(source.Blank(code, e.commands.Parse(code)))
	return pipe.Completeness{Status: status, Indent: indent}
}

func values(r session.Result, err error) ([]any, error) {
	var e *session.Error
	if errors.As(err, &e) {
		return nil, &wire.Failure{Name: e.Name, Value: e.Value, Traceback: e.Traceback}
	}
	if err != nil || !r.Has {
		return nil, err
	}
	return r.Values, nil
}
