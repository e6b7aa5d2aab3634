package machine

import (
	"os"
	"runtime"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/stack"
)

// A program that is alone in its process is run as Go runs it: nothing stands between it
// and the process but what tells a panic with the program's own lines.

// installAlone gives it what ixgo would keep from it.
func (m *Machine) installAlone(ctx *ixgo.Context) {
	for name, fn := range map[string]any{
		"os.Exit":              os.Exit,
		"runtime.Goexit":       runtime.Goexit,
		"runtime.GC":           runtime.GC,
		"time.AfterFunc":       m.afterFunc,
		"context.AfterFunc":    m.contextAfterFunc,
		"(*sync.WaitGroup).Go": m.waitGroupGo,
	} {
		ctx.RegisterExternal(name, fn)
	}
	setPrintOutput(ctx, os.Stderr)
}

// RunAlone initializes the program and calls its main function, in the calling goroutine.
// It returns what that panicked with, or nil.
func (m *Machine) RunAlone(p *Program) (e any) {
	defer func() {
		if r := recover(); r != nil {
			e = r
		}
	}()
	m.interps.add(p.in)
	for _, name := range []string{"init", "main"} {
		if _, err := p.in.RunFunc(name); err != nil {
			return err
		}
	}
	return nil
}

// Text writes a panic as Go's runtime does.
func (m *Machine) Text(e any) string {
	if err, ok := AsGo(e).(error); ok {
		e = err
	}
	return ixgo.PanicError{Value: e}.Error()
}

// stops says whether the cells of a session can be stopped, and print to it.
func (e *editor) stops() bool { return !e.natives.m.Options.Alone }

// checkpoints returns what ends a goroutine that was told to stop, where one can be.
func (e *editor) checkpoints(b *ssa.BasicBlock) []ssa.Instruction {
	if !e.stops() {
		return nil
	}
	return []ssa.Instruction{e.checkpoint(b)}
}

// ReplaceTesting lets the tests of a program be told with their lines: see the room stack.
func (m *Machine) ReplaceTesting(failed func(name string, e any)) {
	stack.ReplaceTesting(m.ixgo, failed)
}
