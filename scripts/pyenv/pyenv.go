// Package pyenv makes the Python environments that tests and benchmarks
// compare gonmf with: scikit-learn for the numbers, Jupyter for the kernel.
//
// An environment is a venv below the user's cache folder, gonmf/python there,
// made when it is first needed and kept. Its name carries a hash of the pinned
// packages and of the Python it stands on, so that a change of either makes a
// new one; the old ones may be deleted at any time. Nothing outside that
// folder is touched.
package pyenv

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Set is a set of pinned Python packages.
type Set struct {
	name         string
	requirements string // as in a requirements.txt
}

var (
	//go:embed numbers.txt
	numbers string
	//go:embed jupyter.txt
	jupyter string
	//go:embed tables.txt
	tables string

	// Numbers has numpy, scipy, pandas and scikit-learn.
	Numbers = Set{"numbers", numbers}
	// Jupyter has jupyter_client, jupyterlab and what drives notebooks.
	Jupyter = Set{"jupyter", jupyter}
	// Tables has pandas, pyarrow, polars and fastparquet, which read and write
	// files of tables.
	Tables = Set{"tables", tables}
)

// Python returns the interpreter of an environment with the packages of s. If
// there is none yet it makes one, which takes up to a minute and the network,
// and says so on standard error. Processes that want the same environment at
// the same time wait for the one that makes it.
//
// The error is one sentence that says what to do.
func (s Set) Python(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("pyenv: there is no place for a Python environment: %w", err)
	}
	return s.python(ctx, filepath.Join(cache, "gonmf", "python"), os.Stderr)
}

// python does it in the folder root and reports progress to log.
func (s Set) python(ctx context.Context, root string, log io.Writer) (string, error) {
	base, err := findPython(ctx)
	if err != nil {
		return "", err
	}
	hash := sha256.Sum256([]byte(base.version + "\n" + base.path + "\n" + s.requirements))
	dir := filepath.Join(root, fmt.Sprintf("%s-%x", s.name, hash[:6]))
	python := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(dir, "Scripts", "python.exe")
	}
	// The last file to be written: with it the environment is whole.
	ready := filepath.Join(dir, "gonmf-ready")
	if exists(ready) {
		return python, nil
	}

	if err := os.MkdirAll(root, 0o777); err != nil {
		return "", fmt.Errorf("pyenv: %w", err)
	}
	unlock, err := lock(ctx, dir+".lock")
	if err != nil {
		return "", fmt.Errorf("pyenv: waiting for another process to make %s: %w", dir, err)
	}
	defer unlock()
	if exists(ready) {
		return python, nil
	}
	// A venv holds its own path, so it is made where it will stay, and anew
	// if an earlier attempt did not come to its end.
	fmt.Fprintf(log, "pyenv: making a Python environment (%s) in %s, once\n", s.name, dir)
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("pyenv: %w", err)
	}
	if err := run(ctx, base.command, append(base.args, "-m", "venv", dir)...); err != nil {
		return "", fmt.Errorf("pyenv: %s cannot make a virtual environment, install its venv module (python3-venv on Debian): %w", base.path, err)
	}
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, []byte(s.requirements), 0o666); err != nil {
		return "", fmt.Errorf("pyenv: %w", err)
	}
	if err := run(ctx, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", list); err != nil {
		return "", fmt.Errorf("pyenv: pip cannot install the packages of the %s environment, see that this machine reaches a Python package index, or test with -short: %w", s.name, err)
	}
	if err := os.WriteFile(ready, nil, 0o666); err != nil {
		return "", fmt.Errorf("pyenv: %w", err)
	}
	return python, nil
}

// interpreter is a Python found on the machine.
type interpreter struct {
	command string
	args    []string
	version string
	path    string
}

// findPython looks for Python 3.11 or later, which the packages need.
func findPython(ctx context.Context) (interpreter, error) {
	const ask = "import sys; assert sys.version_info >= (3, 11); print(*sys.version_info[:3], sep='.'); print(sys.executable)"
	for _, command := range [][]string{{"python3"}, {"python"}, {"py", "-3"}} {
		out, err := exec.CommandContext(ctx, command[0], append(command[1:], "-c", ask)...).Output()
		if err != nil {
			if ctx.Err() != nil {
				return interpreter{}, fmt.Errorf("pyenv: looking for Python: %w", context.Cause(ctx))
			}
			continue
		}
		version, path, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return interpreter{command[0], command[1:], strings.TrimSpace(version), strings.TrimSpace(path)}, nil
	}
	return interpreter{}, errors.New("pyenv: there is no Python 3.11 or later: install one that runs as python3, python or py, or test with -short")
}

// run runs a command without the settings of another Python environment. Its
// error ends with the last line that the command wrote.
func run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	for _, v := range os.Environ() {
		switch key, _, _ := strings.Cut(v, "="); key {
		case "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return cmp.Or(context.Cause(ctx), fmt.Errorf("%w: %s", err, bytes.TrimSpace(lines[len(lines)-1])))
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
