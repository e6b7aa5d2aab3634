// Package kerneltest helps to test the kernel: a client that speaks the protocol, and an engine in place of the
// interpreter whose cells do what tests need, like crashing.
package kerneltest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"gonmf/kernel/display"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/worker"
)

// Worker runs a worker with the test engine. It does not return.
func Worker() {
	worker.Main(func(_ pipe.Start, h worker.Hooks) (worker.Engine, error) { return &engine{hooks: h}, nil })
}

// engine runs commands, one a line: a word and its argument. The value of a cell is that of its last line.
type engine struct {
	hooks worker.Hooks
	count int // of "count"
	kept  [][]byte
}

// commands are the words. Each returns the values of its line.
var commands = map[string]func(e *engine, ctx context.Context, cell int, arg string) ([]any, error){
	"value": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) { return []any{arg}, nil },
	"count": func(e *engine, _ context.Context, _ int, _ string) ([]any, error) {
		e.count++
		return []any{e.count}, nil
	},
	"html": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) {
		return []any{display.HTML(arg)}, nil
	},
	"nan": func(*engine, context.Context, int, string) ([]any, error) { return []any{unmarshalable}, nil },
	"print": func(e *engine, _ context.Context, cell int, arg string) ([]any, error) {
		e.hooks.Output(cell, false, []byte(arg+"\n"))
		return nil, nil
	},
	"eprint": func(e *engine, _ context.Context, cell int, arg string) ([]any, error) {
		e.hooks.Output(cell, true, []byte(arg+"\n"))
		return nil, nil
	},
	"flood": func(e *engine, ctx context.Context, cell int, arg string) ([]any, error) {
		n, err := strconv.Atoi(arg)
		line := []byte(strings.Repeat("é", 49) + ".\n")
		for ; n > 0 && ctx.Err() == nil; n -= len(line) {
			e.hooks.Output(cell, false, line)
		}
		return nil, err
	},
	"later": func(e *engine, _ context.Context, cell int, arg string) ([]any, error) {
		go func() {
			time.Sleep(100 * time.Millisecond)
			e.hooks.Output(cell, false, []byte(arg))
		}()
		return nil, nil
	},
	"ask": func(e *engine, _ context.Context, cell int, arg string) ([]any, error) {
		text, err := e.hooks.Input(cell, arg, false)
		return []any{text}, err
	},
	"password": func(e *engine, _ context.Context, cell int, arg string) ([]any, error) {
		text, err := e.hooks.Input(cell, arg, true)
		return []any{text}, err
	},
	"show": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) { return nil, display.Show(arg) },
	"showas": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) {
		return nil, display.ShowAs("id", arg)
	},
	"update": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) {
		return nil, display.Update("id", arg)
	},
	"clear": func(*engine, context.Context, int, string) ([]any, error) { return nil, display.Clear(true) },
	"fail": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) {
		return nil, &wire.Failure{Name: "Failure", Value: arg, Traceback: []string{"trace of " + arg}}
	},
	"sleep": func(_ *engine, ctx context.Context, _ int, arg string) ([]any, error) {
		d, err := time.ParseDuration(arg)
		select {
		case <-time.After(d):
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
		return nil, err
	},
	"hang":  func(*engine, context.Context, int, string) ([]any, error) { select {} },
	"panic": func(_ *engine, _ context.Context, _ int, arg string) ([]any, error) { panic(arg) },
	"exit":  func(*engine, context.Context, int, string) ([]any, error) { os.Exit(3); return nil, nil },
	"overflow": func(*engine, context.Context, int, string) ([]any, error) {
		debug.SetMaxStack(8 << 20)
		return []any{recurse(0)}, nil
	},
	"maps": func(*engine, context.Context, int, string) ([]any, error) {
		m := map[int]int{}
		for range 4 {
			go func() {
				for i := 0; ; i++ {
					m[i%100]++
				}
			}()
		}
		select {}
	},
	// hog keeps memory until it is interrupted, and then gives it back if told to.
	"hog": func(e *engine, ctx context.Context, _ int, arg string) ([]any, error) {
		for ctx.Err() == nil {
			block := make([]byte, 4<<20)
			for i := 0; i < len(block); i += 4096 {
				block[i] = 1
			}
			e.kept = append(e.kept, block)
		}
		if arg == "release" {
			e.kept = nil
		}
		return nil, context.Cause(ctx)
	},
	// child leaves a process behind, and shows its id.
	"child": func(*engine, context.Context, int, string) ([]any, error) {
		cmd := exec.Command("sleep", "600")
		err := cmd.Start()
		if err != nil {
			return nil, err
		}
		return []any{cmd.Process.Pid}, nil
	},
	"pid": func(*engine, context.Context, int, string) ([]any, error) { return []any{os.Getpid()}, nil },
}

// unmarshalable has no JSON.
var unmarshalable = display.MIME(display.MIMEMap{"application/json": func() {}}, nil)

//lint:ignore SA5007 it is there to overflow the stack
func recurse(n int) int { return recurse(n+1) + 1 }

// Eval implements worker.Engine.
func (e *engine) Eval(ctx context.Context, cell int, code string) (values []any, err error) {
	for line := range strings.Lines(code) {
		word, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		if word == "" {
			continue
		}
		f, ok := commands[word]
		if !ok {
			return nil, fmt.Errorf("unknown command %q", word)
		}
		if values, err = f(e, ctx, cell, arg); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// Expression implements worker.Engine.
func (e *engine) Expression(ctx context.Context, expr string) ([]any, error) {
	return e.Eval(ctx, 0, expr)
}

// Complete implements worker.Engine: it knows the commands.
func (e *engine) Complete(code string, pos int) pipe.Completed {
	start := strings.LastIndexAny(code[:pos], " \n") + 1
	c := pipe.Completed{Start: start, End: pos}
	for word := range commands {
		if strings.HasPrefix(word, code[start:pos]) {
			c.Matches = append(c.Matches, pipe.Match{Text: word, Type: "function"})
		}
	}
	return c
}

// Inspect implements worker.Engine.
func (e *engine) Inspect(code string, pos int) pipe.Inspected {
	if commands[code] == nil {
		return pipe.Inspected{}
	}
	return pipe.Inspected{Found: true, Data: wire.Bundle{"text/plain": fmt.Sprintf("command %s at %d", code, pos)}}
}

// IsComplete implements worker.Engine.
func (e *engine) IsComplete(code string) pipe.Completeness {
	if strings.HasSuffix(code, "\\") {
		return pipe.Completeness{Status: "incomplete", Indent: "  "}
	}
	return pipe.Completeness{Status: "complete"}
}
