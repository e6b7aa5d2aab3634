package server_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gonmf/kernel/internal/history"
	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/server"
)

// TestMain makes the test's own binary the worker that the kernels under test start, and a kernel and a front end that
// tests may kill.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case server.WorkerCommand:
			kerneltest.Worker()
		case "frontend":
			frontEnd(os.Args[2])
		case "kernel":
			if err := server.Main(context.Background(), os.Args[2], "test"); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// kernel is a kernel in this process, with a worker of its own.
type kernel struct {
	*kerneltest.Client
	conn  server.Connection
	log   *lockedBuffer
	ended chan struct{} // closed when Run has returned
}

// start runs a kernel until the test ends.
func start(t *testing.T, change ...func(*server.Options)) *kernel {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	k := &kernel{conn: kerneltest.Connection(t, "the key"), log: new(lockedBuffer), ended: make(chan struct{})}
	past := history.Open(filepath.Join(t.TempDir(), "history"))
	opt := server.Options{
		Connection: k.conn, Worker: []string{self, server.WorkerCommand}, History: past, Version: "test",
		Log: log.New(k.log, "", 0),
	}
	for _, f := range change {
		f(&opt)
	}
	k.conn = opt.Connection
	srv, err := server.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(k.ended)
		if err := srv.Run(ctx); err != nil {
			t.Errorf("the kernel ended: %v", err)
		}
		past.Close()
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case <-k.ended:
		case <-time.After(5 * time.Second):
			t.Error("the kernel does not end")
		}
		if t.Failed() {
			t.Logf("log of the kernel:\n%s", k.log)
		}
	})
	k.Client = kerneltest.Dial(t, k.conn)
	return k
}

// within waits until f is true.
func within(t *testing.T, d time.Duration, what string, f func() bool) {
	t.Helper()
	for begin := time.Now(); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > d {
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}
