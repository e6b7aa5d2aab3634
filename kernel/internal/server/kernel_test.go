package server_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/proc"
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

// kernelCommand is a kernel as a process of its own.
func kernelCommand(connectionFile string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self, "kernel", connectionFile)
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // under -race programs take a second to end
	cmd.SysProcAttr = proc.ChildAttr()                         // a process group of its own, as Jupyter does
	return cmd
}

// frontEnd is a process that starts a kernel and waits.
func frontEnd(connectionFile string) {
	cmd := kernelCommand(connectionFile)
	cmd.Env = append(cmd.Env, fmt.Sprint("JPY_PARENT_PID=", os.Getpid()))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cmd.Process.Pid)
	cmd.Wait() // a kernel that was killed does not stay as a zombie
	time.Sleep(time.Hour)
}

// start runs a kernel with the test engine until the test ends.
func start(t *testing.T, change ...func(*server.Options)) *kerneltest.Kernel {
	t.Helper()
	return kerneltest.Start(t, change...)
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

// TestWorkerByHand is a user who tries the hidden command.
func TestWorkerByHand(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(self, server.WorkerCommand).CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || string(out) != "gonmf worker: this command is for the kernel's own use, see gonmf help\n" {
		t.Errorf("%v: %s", err, out)
	}
}
