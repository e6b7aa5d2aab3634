package kerneltest

import (
	"bytes"
	"context"
	"log"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gonmf/kernel/internal/history"
	"gonmf/kernel/internal/server"
)

// Log is what a kernel logs, to be read while it is written.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Kernel is a kernel in the process of the test, with a client that is connected to it.
type Kernel struct {
	*Client
	Connection server.Connection
	Log        *Log
	Ended      chan struct{} // closed when Run has returned
}

// Start runs a kernel until the test ends. Its worker is the binary of the test, whose TestMain must see to that.
func Start(t testing.TB, change ...func(*server.Options)) *Kernel {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	k := &Kernel{Log: new(Log), Ended: make(chan struct{})}
	past := history.Open(filepath.Join(t.TempDir(), "history"))
	opt := server.Options{
		Connection: Connection(t, "the key"), Worker: []string{self, server.WorkerCommand}, History: past, Version: "test",
		Log: log.New(k.Log, "", 0),
	}
	for _, f := range change {
		f(&opt)
	}
	k.Connection = opt.Connection
	srv, err := server.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(k.Ended)
		if err := srv.Run(ctx); err != nil {
			t.Errorf("the kernel ended: %v", err)
		}
		past.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-k.Ended:
		case <-time.After(5 * time.Second):
			t.Error("the kernel does not end")
		}
		if t.Failed() {
			t.Logf("log of the kernel:\n%s", k.Log)
		}
	})
	k.Client = Dial(t, k.Connection)
	return k
}

// Best holds the shortest of a few runs of f to a limit, and to more on a machine that has other things to do: see [Busy].
// It stops at the first run that is within the limit.
func Best(t testing.TB, what string, limit time.Duration, f func() time.Duration) {
	t.Helper()
	shortest := f()
	for range 4 {
		if shortest <= limit {
			break
		}
		shortest = min(shortest, f())
	}
	if shortest > limit {
		limit = time.Duration(float64(limit) * Busy())
	}
	if shortest > limit {
		t.Errorf("%s: %v, the limit is %v", what, shortest, limit)
	} else {
		t.Logf("%s: %v", what, shortest)
	}
}
