package gophernotes

import (
	"bytes"
	"context"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The kernel itself is tried with Jupyter in the tests of kernel/gonmf.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gophernotes")
	}
	// What a user may have set for other builds.
	for key, value := range map[string]string{
		"GOFLAGS": "-mod=vendor", "GOWORK": filepath.Join(t.TempDir(), "none"), "GOOS": "plan9", "GOARCH": "mips", "CGO_ENABLED": "1", "GO111MODULE": "off",
	} {
		t.Setenv(key, value)
	}
	dir := t.TempDir()
	var said bytes.Buffer
	program, err := Build(t.Context(), dir, &said)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(program) != dir {
		t.Errorf("built %s, want a file in %s", program, dir)
	}
	if !strings.Contains(said.String(), Version) || !strings.Contains(said.String(), "Building") {
		t.Errorf("on its way it said %q", said.String())
	}
	// It has nothing to connect to, and says so instead of panicking at start.
	out, err := exec.CommandContext(t.Context(), program, filepath.Join(dir, "none.json")).CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || !strings.Contains(string(out), "none.json") || strings.Contains(string(out), "panic") {
		t.Errorf("started without a connection file: %v\n%s", err, out)
	}
}

func TestBuildThatFailsLeavesNothing(t *testing.T) {
	t.Run("cancelled", func(t *testing.T) {
		dir, cause := t.TempDir(), errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if _, err := Build(ctx, dir, io.Discard); !errors.Is(err, cause) {
			t.Errorf("got %v, want an error that wraps the cause", err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("left are %v, %v", left, err)
		}
	})
	t.Run("no Go", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if _, err := Build(t.Context(), t.TempDir(), io.Discard); err == nil || !strings.Contains(err.Error(), "install it") {
			t.Errorf("got %v, want an error that says what to install", err)
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if testing.Short() {
			t.Skip("fetches gophernotes")
		}
		_, err := Build(t.Context(), filepath.Join(t.TempDir(), "none"), io.Discard)
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v, want an error about the folder", err)
		}
	})
}

// The linked file is compiled in another module only, so here at least its
// syntax.
func TestLinkedFileParses(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "symbols.go", link, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if f.Name.Name != "imports" {
		t.Errorf("it is of package %s, want imports", f.Name.Name)
	}
}
