package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Each task is a program, in both languages.
func TestTasks(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles each")
	}
	dir := t.TempDir()
	for i, task := range tasks {
		t.Run(task.name, func(t *testing.T) {
			file := filepath.Join(dir, string(rune('a'+i))+".go")
			if err := os.WriteFile(file, []byte(task.program()), 0o666); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.CommandContext(t.Context(), "go", "vet", file).CombinedOutput(); err != nil {
				t.Errorf("%v: %s in\n%s", err, out, task.program())
			}
			if _, err := exec.LookPath("python3"); err != nil {
				t.Skip("no python3")
			}
			if out, err := exec.CommandContext(t.Context(), "python3", "-c", "import ast, sys; ast.parse(sys.argv[1])", task.script()).CombinedOutput(); err != nil {
				t.Errorf("%v: %s in\n%s", err, out, task.script())
			}
		})
	}
}

func TestMedian(t *testing.T) {
	for want, list := range map[string][]float64{"-": nil, "1": {1}, "0.25": {3, 0.25, 0.1}, "1.2": {1.234}} {
		if got := median(list); got != want {
			t.Errorf("the median of %v is %s, want %s", list, got, want)
		}
	}
	if s, err := seconds(t.Context(), []string{"go", "env", "GOROOT"}, time.Minute); err == nil {
		t.Errorf("a path is %v seconds", s)
	}
}
