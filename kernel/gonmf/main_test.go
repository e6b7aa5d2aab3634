package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/kernel/internal/kernelspec"
	"gonmf/scripts/pyenv"
)

// gonmf runs a command line in this process.
func gonmf(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = run(args, streams{&out, &errs})
	return status, out.String(), errs.String()
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"unknown command", []string{"nope"}, 2, `no command "nope"`},
		{"unknown flag", []string{"install", "-nope"}, 2, "gonmf install -h lists the flags"},
		{"flag without its value", []string{"install", "--prefix"}, 2, "needs an argument"},
		{"install: argument", []string{"install", "jupyter"}, 2, `what is "jupyter"?`},
		{"install: two places", []string{"install", "-user", "-prefix", dir}, 2, "choose one"},
		{"install: bad name", []string{"install", "-prefix", dir, "-name", "a b"}, 1, `"a b" is no name`},
		{"uninstall: not installed", []string{"uninstall", "-prefix", dir}, 1, "is not installed"},
		{"run: no script", []string{"run"}, 2, "which script?"},
		{"run: missing script", []string{"run", filepath.Join(dir, "none.go")}, 2, "there is no file or folder"},
		{"run: unknown flag", []string{"run", "-nope", "study"}, 2, "-nope"},
		{"run: unknown engine", []string{"run", "-engine", "v8", "study"}, 2, "there are ixgo and yaegi"},
		{"run: nothing to watch", []string{"run", "-watch", filepath.Join(dir, "none.go")}, 2, "nothing to watch"},
		{"kernel: no connection file", []string{"kernel"}, 2, "one connection file"},
		{"kernel: missing connection file", []string{"kernel", filepath.Join(dir, "none.json")}, 1, "none.json"},
		{"build: no packages", []string{"build"}, 2, "with which packages?"},
		{"version: argument", []string{"version", "all"}, 2, `what is "all"?`},
		{"install: a program without a name", []string{"install", "-program"}, 2, "needs an argument"},
		{"completion: no shell", []string{"completion"}, 2, "for which shell?"},
		{"completion: unknown shell", []string{"completion", "tcsh"}, 2, "bash, zsh and fish"},
		{"help about an unknown command", []string{"help", "nope"}, 2, `no command "nope"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stdout, stderr := gonmf(tt.args...)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			if stdout != "" {
				t.Errorf("standard output has %q", stdout)
			}
			if !strings.Contains(stderr, tt.says) {
				t.Errorf("%q does not say %q", stderr, tt.says)
			}
			if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "gonmf") {
				t.Errorf("%q is not one line that begins with the program's name", stderr)
			}
		})
	}
}

func TestWithoutACommand(t *testing.T) {
	status, stdout, stderr := gonmf()
	if status != 2 || stdout != "" || !strings.Contains(stderr, "gonmf install") {
		t.Errorf("exit status %d, standard output %q, standard error %q; want 2 and the commands on standard error", status, stdout, stderr)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"--help"}, {"help"}} {
		status, stdout, stderr := gonmf(args...)
		if status != 0 || stderr != "" || !strings.Contains(stdout, "For example") {
			t.Errorf("gonmf %s: exit status %d, %q, %q", args, status, stdout, stderr)
		}
		for _, c := range commands {
			if listed := strings.Contains(stdout, "gonmf "+c.name+" "); listed == c.hidden {
				t.Errorf("gonmf %s: %s is listed: %v", args, c.name, listed)
			}
		}
	}
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			for _, args := range [][]string{{c.name, "-h"}, {c.name, "--help"}, {"help", c.name}} {
				status, stdout, stderr := gonmf(args...)
				if status != 0 || stderr != "" || !strings.Contains(stdout, "Usage: gonmf "+c.name) {
					t.Errorf("%s: exit status %d, %q, %q", args, status, stdout, stderr)
				}
				if !c.hidden && !strings.Contains(stdout, "For example:\n  ") {
					t.Errorf("%s: there is no example in %q", args, stdout)
				}
			}
		})
	}
}

func TestInstallAndUninstall(t *testing.T) {
	prefix := t.TempDir()
	dir := filepath.Join(prefix, "share", "jupyter", "kernels", "mine")
	status, stdout, stderr := gonmf("install", "--prefix", prefix, "-name", "mine", "-display-name", "My Go")
	if status != 0 || stderr != "" || !strings.Contains(stdout, "Installed \"My Go\" in "+dir) {
		t.Errorf("install: exit status %d, %q, %q", status, stdout, stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
		t.Error(err)
	}
	status, stdout, stderr = gonmf("uninstall", "-prefix="+prefix, "-name", "mine")
	if status != 0 || stderr != "" || !strings.Contains(stdout, "Uninstalled the kernel mine") {
		t.Errorf("uninstall: exit status %d, %q, %q", status, stdout, stderr)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the kernel is still there: %v", err)
	}
}

func TestVersions(t *testing.T) {
	var b bytes.Buffer
	if err := printVersions(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"gonmf ", "go1.", "gophernotes v0.", "github.com/go-gota/gota v0.", "gonum.org/v1/gonum v0."} {
		if !strings.Contains("\n"+b.String(), "\n"+want) {
			t.Errorf("%q is missing from\n%s", want, &b)
		}
	}
}

func TestDoctor(t *testing.T) {
	jupyter := func(t *testing.T) string {
		t.Helper()
		python := pyenv.Jupyter.Need(t)
		t.Setenv("PATH", filepath.Dir(python)+string(filepath.ListSeparator)+os.Getenv("PATH"))
		data := t.TempDir()
		t.Setenv("JUPYTER_DATA_DIR", data)
		return data
	}
	examined := func(t *testing.T) (string, error) {
		t.Helper()
		var b bytes.Buffer
		err := examine(t.Context(), &b)
		return b.String(), err
	}

	t.Run("no Jupyter", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		t.Setenv("JUPYTER_DATA_DIR", t.TempDir())
		said, err := examined(t)
		if err == nil || !strings.Contains(said, "BAD  Jupyter: there is no jupyter in PATH") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("no kernel", func(t *testing.T) {
		jupyter(t)
		said, err := examined(t)
		if err == nil || !strings.Contains(said, "install it: gonmf install") || !strings.Contains(said, "ok   Jupyter: jupyter_client 8") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	install := func(t *testing.T, data, version string) {
		t.Helper()
		k := kernelspec.Kernel{Name: "gonmf", DisplayName: "Go (gonmf)", Program: built(t), Args: ownKernel.args, Version: version}
		if _, err := kernelspec.Install(data, k); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("all in order", func(t *testing.T) {
		install(t, jupyter(t), version())
		if said, err := examined(t); err != nil || strings.Contains(said, "BAD") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("an old kernel", func(t *testing.T) {
		install(t, jupyter(t), "v0.0.1")
		if said, err := examined(t); err == nil || !strings.Contains(said, "is of gonmf v0.0.1, this is") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("a program that was cut short", func(t *testing.T) {
		data := jupyter(t)
		install(t, data, version())
		kernels, err := kernelspec.List(data)
		if err != nil || len(kernels) != 1 {
			t.Fatalf("kernels are %v, %v", kernels, err)
		}
		if err := os.Truncate(kernels[0].Program, 1000); err != nil {
			t.Fatal(err)
		}
		if said, err := examined(t); err == nil || !strings.Contains(said, "which does not run") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	for name, tt := range map[string]struct{ text, says string }{
		"a kernel.json that is none":               {"{", "kernel.json cannot be read"},
		"a kernel that starts nothing":             {`{"argv": [], "metadata": {"gonmf": {}}}`, "starts no program"},
		"a kernel that is told no connection file": {`{"argv": ["gonmf", "kernel"], "metadata": {"gonmf": {}}}`, "does not hand on the connection file"},
	} {
		t.Run(name, func(t *testing.T) {
			data := jupyter(t)
			writeFile(t, filepath.Join(data, "kernels", "gonmf", "kernel.json"), tt.text)
			if said, err := examined(t); err == nil || !strings.Contains(said, tt.says) {
				t.Errorf("got %v and\n%s", err, said)
			}
		})
	}
	t.Run("another kernel of the name", func(t *testing.T) {
		data, other := jupyter(t), t.TempDir()
		install(t, data, version())
		writeFile(t, filepath.Join(other, "kernels", "gonmf", "kernel.json"), `{"argv": ["python"], "display_name": "Other", "language": "go"}`)
		t.Setenv("JUPYTER_PATH", other)
		if said, err := examined(t); err == nil || !strings.Contains(said, "Jupyter takes the kernel in "+other) {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("a limit of memory that is none", func(t *testing.T) {
		jupyter(t)
		t.Setenv("GONMF_KERNEL_MEMORY", "much")
		if said, err := examined(t); err == nil || !strings.Contains(said, "not a size like 8GiB") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("a file in the place of the folder", func(t *testing.T) {
		file := filepath.Join(jupyter(t), "file")
		writeFile(t, file, "")
		t.Setenv("JUPYTER_DATA_DIR", file)
		if said, err := examined(t); err == nil || !strings.Contains(said, "is a file where Jupyter wants a folder") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
	t.Run("a kernel without its program", func(t *testing.T) {
		data := jupyter(t)
		install(t, data, version())
		kernels, err := kernelspec.List(data)
		if err != nil || len(kernels) != 1 {
			t.Fatalf("kernels are %v, %v", kernels, err)
		}
		if err := os.Remove(kernels[0].Program); err != nil {
			t.Fatal(err)
		}
		if said, err := examined(t); err == nil || !strings.Contains(said, "is not there or cannot be run") {
			t.Errorf("got %v and\n%s", err, said)
		}
	})
}
