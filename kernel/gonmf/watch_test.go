package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWatch(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self := built(t)
	dir := t.TempDir()
	script, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "out")
	// Each version says which it is and then does not end by itself.
	write := func(version string) {
		t.Helper()
		text := "package main\n\nimport \"os\"\n\nfunc main() {\n\tos.WriteFile(os.Args[1], []byte(\"" + version + "\"), 0o644)\n\tselect {}\n}\n"
		if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("it took too long"))
	defer cancel()
	appears := func(version string) {
		t.Helper()
		for got := ""; got != version; time.Sleep(10 * time.Millisecond) {
			if ctx.Err() != nil {
				t.Fatalf("the script last was %q, never %q", got, version)
			}
			b, err := os.ReadFile(out)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			got = string(b)
		}
	}

	write("first")
	var said bytes.Buffer
	done := make(chan error)
	stopped, stop := context.WithCancelCause(ctx)
	go func() { done <- watch(stopped, self, nil, []string{script}, []string{out}, &said) }()
	appears("first")
	write("the second")
	appears("the second")
	write("and the third")
	appears("and the third")
	enough := errors.New("enough")
	stop(enough)
	if err := <-done; !errors.Is(err, enough) {
		t.Errorf("it ended with %v", err)
	}
	if n := strings.Count(said.String(), "has changed"); n != 2 {
		t.Errorf("it said %q, want two changes", said.String())
	}
}
