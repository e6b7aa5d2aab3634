package supervisor

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestCauseOfDeath(t *testing.T) {
	cases := []struct{ name, reason, crash, wantName, wantCause string }{
		{"killed on purpose", "asked for", "fatal error: x", "Killed", "asked for"},
		{"stack overflow", "", "runtime: goroutine stack exceeds 1000000000-byte limit\nfatal error: stack overflow\n", "StackOverflow", "stack overflow: a function calls itself without end"},
		{"maps", "", "noise\nfatal error: concurrent map writes\n\ngoroutine 5", "ConcurrentMapAccess", "concurrent map writes: guard the map with a sync.Mutex"},
		{"map read and write", "", "fatal error: concurrent map read and map write\n", "ConcurrentMapAccess", "concurrent map read and map write: guard the map with a sync.Mutex"},
		{"limit", "", "fatal error: out of memory: the cell needed more than the 1.0 GiB\n", "OutOfMemory", "out of memory: the cell needed more than the 1.0 GiB"},
		{"system", "", "fatal error: runtime: out of memory\n", "OutOfMemory", "GONMF_KERNEL_MEMORY"},
		{"mmap", "", "fatal error: runtime: cannot allocate memory\n", "OutOfMemory", "GONMF_KERNEL_MEMORY"},
		{"other fatal error", "", "fatal error: unexpected signal during runtime execution\n[signal", "FatalError", "unexpected signal during runtime execution"},
		{"panic", "", "panic: oh no\n\ngoroutine 1", "Panic", "oh no"},
		{"signal", "", "SIGQUIT: quit\nPC=0x1", "Signal", "SIGQUIT: quit"},
		{"silence", "", "", "SessionDied", "without a word"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDeath(c.reason, c.crash, nil)
			if d.Name != c.wantName || !strings.Contains(d.Cause, c.wantCause) {
				t.Errorf("got %+v", *d)
			}
			if !strings.HasSuffix(d.Error(), "history and files are kept") {
				t.Errorf("the message is %q", d)
			}
		})
	}
}

func TestCommandThatIsNoWorker(t *testing.T) {
	s := New(Options{Command: []string{"/no/such/program"}})
	if err := s.Call(t.Context(), 1, nil, nil); err == nil || !strings.Contains(err.Error(), "does not start") || !errors.Is(err, exec.ErrNotFound) && !strings.Contains(err.Error(), "no such") {
		t.Errorf("error %v", err)
	}
	s.Close()
	if err := s.Call(t.Context(), 1, nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
