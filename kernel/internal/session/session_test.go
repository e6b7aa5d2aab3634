package session

import (
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

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t}
	s, err := New(Options{
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
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	b.Session = s
	return b
}

// printed returns and forgets what was printed.
func (b *bench) printed() string {
	b.out.flush()
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.text.String()
	b.text.Reset()
	return text
}
