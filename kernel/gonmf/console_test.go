//go:build unix

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"gonmf/scripts/pyenv"
)

// TestConsole uses jupyter console as people do; what is typed, and what comes,
// is in testdata/console.py. It needs a pseudo-terminal, which Python has on Unix.
func TestConsole(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "console.py"), "gonmf")
	cmd.Env = append(installed(t), "GONMF_DATA_DIR="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
