package engine

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/pyenv"
)

// TestConformance lets Jupyter's own clients and tests judge a kernel that runs as a process of its own.
func TestConformance(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	spec, err := json.Marshal(map[string]any{
		"argv": []string{self, "kernel", "{connection_file}"}, "display_name": "test", "language": "go", "interrupt_mode": "message",
	})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "kernels", "gonmf-test")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "kernel.json"), spec, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "conformance.py"))
	cmd.Env = append(os.Environ(), "KERNEL=gonmf-test", "JUPYTER_PATH="+dir, "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"),
		"IPYTHONDIR="+filepath.Join(dir, "ipython"), "GONMF_DATA_DIR="+filepath.Join(dir, "data"), "PYTHONIOENCODING=utf-8")
	out, err := cmd.CombinedOutput() // to which the kernels add what they log
	if err != nil || strings.Contains(string(out), "skipped") || !strings.Contains(string(out), "\nOK") {
		t.Errorf("%v\n%s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "runtime", "*"))
	if err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}
