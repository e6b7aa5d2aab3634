package pyenv

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// empty is a set that needs no network.
var empty = Set{name: "empty"}

func TestPythonIsMadeOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a Python environment")
	}
	root := t.TempDir()
	var logs [3]bytes.Buffer
	var pythons [3]string
	var errs [3]error
	var wg sync.WaitGroup
	for i := range logs {
		wg.Go(func() { pythons[i], errs[i] = empty.python(t.Context(), root, &logs[i]) })
	}
	wg.Wait()
	made := 0
	for i := range logs {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		if pythons[i] != pythons[0] {
			t.Errorf("one caller got %s, another %s", pythons[0], pythons[i])
		}
		made += strings.Count(logs[i].String(), "making a Python environment")
	}
	if made != 1 {
		t.Errorf("%d callers at once made %d environments, want 1", len(logs), made)
	}
	out, err := exec.Command(pythons[0], "-c", "import sys; print(sys.prefix)").Output()
	if err != nil {
		t.Fatal(err)
	}
	got, err := filepath.EvalSymlinks(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	want, err := filepath.EvalSymlinks(filepath.Dir(filepath.Dir(pythons[0])))
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("sys.prefix is %s, want the environment in %s", got, want)
	}

	t.Run("again if it was left half made", func(t *testing.T) {
		if err := os.Remove(filepath.Join(want, "gonmf-ready")); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		if _, err := empty.python(t.Context(), root, &log); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), "making a Python environment") {
			t.Error("an environment without its mark was taken for whole")
		}
	})
}

func TestPythonThatCannotBeMade(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a Python environment")
	}
	broken := Set{"broken", "./there-is-no-such-folder\n"}
	root := t.TempDir()
	for range 2 { // the failed one must not be taken for whole
		_, err := broken.python(t.Context(), root, io.Discard)
		if err == nil {
			t.Fatal("no error for a requirement that does not exist")
		}
		if msg := err.Error(); strings.Contains(msg, "\n") || !strings.Contains(msg, "the packages of the broken environment") {
			t.Errorf("the error is not one sentence that says what was to be done: %s", msg)
		}
	}
}

func TestNoPython(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := empty.python(t.Context(), t.TempDir(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "install one") {
		t.Errorf("got %v, want an error that says what to install", err)
	}
}

func TestLockIsWaitedFor(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := lock(ctx, name); !errors.Is(err, cause) {
		t.Errorf("a lock that is taken: got %v, want %v", err, cause)
	}
	unlock()
	unlock, err = lock(ctx, name)
	if err != nil {
		t.Fatalf("a lock that was given back: %v", err)
	}
	unlock()
}

// The sets must be installable together with what they say they have.
func TestSets(t *testing.T) {
	tests := []struct {
		set     Set
		imports string
	}{
		{Numbers, "numpy, scipy, pandas, sklearn.decomposition"},
		{Jupyter, "jupyter_client, jupyter_kernel_test, nbclient, nbconvert, nbformat, ipykernel, papermill, jupyterlab, jupyter_console"},
	}
	for _, tt := range tests {
		t.Run(tt.set.name, func(t *testing.T) {
			python := tt.set.Need(t)
			if out, err := exec.Command(python, "-c", "import "+tt.imports).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
