package session

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What a user types is anything at all: it must be answered, and soon.

// fuzzSeeds are what the fuzzers begin with.
func fuzzSeeds(f *testing.F) (seeds []string) {
	text, err := os.ReadFile(filepath.FromSlash("source/testdata/seeds.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		seed, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			f.Fatalf("%s: %v", line, err)
		}
		seeds = append(seeds, seed)
	}
	return seeds
}

func quickly(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan bool)
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s takes longer than 10 s", what)
	}
}

// fuzzSession is shared by the inputs of one fuzz worker; none of them may change
// what it answers to the others.
func fuzzSession(f *testing.F) *Session {
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	if _, err := s.Eval(f.Context(), 1, "import \"fmt\"\ntype T struct{ A int; b []T }\nfunc (t T) M() T { return t }\nx, a, m := 1, []T{{A: 1}}, map[string]T{}\nfunc f(n int) T { return T{} }"); err != nil {
		f.Fatal(err)
	}
	return s
}

func FuzzComplete(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s, len(s))
		f.Add(s, len(s)/2)
	}
	s := fuzzSession(f)
	f.Fuzz(func(t *testing.T, src string, pos int) {
		quickly(t, "completion", func() {
			c := s.Complete(src, pos)
			if c.Start < 0 || c.Start > c.End || c.End > len(src) {
				t.Errorf("completion replaces [%d, %d) of %d bytes", c.Start, c.End, len(src))
			}
			for _, m := range c.Matches {
				if m.Text == "" || strings.Contains(m.Text, "·") || strings.Contains(m.Text, "gonmf__here") {
					t.Errorf("completion offers %q", m.Text)
				}
			}
		})
	})
}

func FuzzInspect(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s, len(s))
		f.Add(s, len(s)/2)
	}
	s := fuzzSession(f)
	f.Fuzz(func(t *testing.T, src string, pos int) {
		quickly(t, "inspection", func() {
			if h, ok := s.Inspect(src, pos); ok && (h.Name == "" || h.Signature == "" || strings.Contains(h.Signature, "·")) {
				t.Errorf("help is %+v", h)
			}
		})
		quickly(t, "the check for completeness", func() {
			switch status, _ := s.IsComplete(src); status {
			case "complete", "incomplete", "invalid":
			default:
				t.Errorf("status %q", status)
			}
		})
	})
}

// FuzzCompile compiles cells without running them: a fuzzer would soon write a
// cell that removes files.
func FuzzCompile(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	for _, c := range languageCases {
		for _, s := range c.steps {
			f.Add(s.src)
		}
	}
	s := fuzzSession(f)
	f.Fuzz(func(t *testing.T, src string) {
		quickly(t, "compilation", func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			u, err := s.compile(2, src, nil)
			if err != nil {
				if err.Value == "" || len(err.Traceback) == 0 || strings.Contains(err.Error(), "·") && !strings.Contains(src, "·") {
					t.Errorf("the message for %q is %q", src, err)
				}
				return
			}
			if s.roomForMethods(u) != nil {
				return // a process has room for only so many types
			}
			if _, err := s.build(u); err != nil {
				t.Logf("%q: %v", src, err)
			} else {
				s.discard(u)
			}
		})
	})
}
