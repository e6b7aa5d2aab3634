package session

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// A bench is a session under test and what it has printed.
type bench struct {
	*Session
	t    *testing.T
	cell int

	mu    sync.Mutex
	text  strings.Builder
	async []string
}

func newBench(t *testing.T, packages ...map[string]map[string]reflect.Value) *bench {
	t.Helper()
	b := &bench{t: t}
	opt := Options{
		Output: func(cell int, st Stream, p []byte) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.text.Write(p)
		},
		Async: func(cell int, err *Error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.async = append(b.async, err.Error())
		},
	}
	if len(packages) > 0 {
		opt.Packages = packages[0]
	}
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	b.Session = s
	return b
}

// printed returns and forgets what was printed.
func (b *bench) printed() string {
	b.Flush()
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.text.String()
	b.text.Reset()
	return text
}

// run runs a cell and returns all that came of it in one text: what it printed,
// then "=> " and its values or "! " and the name and first line of its error.
func (b *bench) run(src string) string {
	b.t.Helper()
	return b.runContext(b.t.Context(), src)
}

func (b *bench) runContext(ctx context.Context, src string) string {
	b.t.Helper()
	b.cell++
	res, err := b.Eval(ctx, b.cell, src)
	text := b.printed()
	if res.Has {
		text += "=> " + values(res)
	}
	if err != nil {
		text += "! " + b.failure(err)
	}
	return text
}

func values(res Result) string {
	var parts []string
	for _, v := range res.Values {
		parts = append(parts, fmt.Sprint(v))
	}
	return strings.Join(parts, ", ")
}

// failure returns the name and first line of a cell's error.
func (b *bench) failure(err error) string {
	b.t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		b.t.Fatalf("Eval returned a %T, not an *Error: %v", err, err)
	}
	return e.Name + ": " + e.Value
}

// want runs a cell and compares what came of it.
func (b *bench) want(src, want string) {
	b.t.Helper()
	if got := b.run(src); got != want {
		b.t.Errorf("In [%d]:\n%s\ngot  %q\nwant %q", b.cell, src, got, want)
	}
}
