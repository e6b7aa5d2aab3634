//go:build unix

package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Ctrl-C goes to the script, not to the interpreter around it.
func TestRunInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	program := built(t)
	tests := []struct {
		name, main string
		ends       func(syscall.WaitStatus) bool
	}{
		{
			name: "a script that listens ends as it likes",
			main: `ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fmt.Println("started")
	<-ctx.Done()
	os.Exit(9)`,
			ends: func(s syscall.WaitStatus) bool { return s.Exited() && s.ExitStatus() == 9 },
		},
		{
			name: "any other is ended",
			main: `_, _ = context.Background(), signal.Notify
	fmt.Println("started")
	for os.Getpid() > 0 {
	}`,
			ends: func(s syscall.WaitStatus) bool { return s.Signaled() && s.Signal() == syscall.SIGINT },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			script := filepath.Join(t.TempDir(), "main.go")
			text := "package main\n\nimport (\n\t\"context\"\n\t\"fmt\"\n\t\"os\"\n\t\"os/signal\"\n)\n\nfunc main() {\n\t" + tt.main + "\n}\n"
			if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, "run", script)
			cmd.Stderr = os.Stderr
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "started\n" {
				t.Errorf("the script printed %q, %v", line, err)
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || !tt.ends(exit.Sys().(syscall.WaitStatus)) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}
