//go:build unix

package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/wire"
)

// connectionFile writes a connection file into a folder of its own, over Unix sockets if ipc is set.
func connectionFile(t *testing.T, ipc bool) (server.Connection, string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "gonmf") // t.TempDir is too long for the path of a Unix socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("GONMF_DATA_DIR", t.TempDir())
	conn := server.Connection{Transport: "ipc", IP: filepath.Join(dir, "k"), ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HBPort: 5, Key: "k", SignatureScheme: "hmac-sha256"}
	if !ipc {
		conn = kerneltest.Connection(t, "k")
	}
	raw, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "connection.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return conn, file
}

// process is a kernel as a process of its own, with a client that is connected to it.
type process struct {
	*kerneltest.Client
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process has ended
	took  time.Duration // from its start to its first answer
}

// launch starts a kernel and waits until it answers.
func launch(t *testing.T, conn server.Connection, file string) *process {
	t.Helper()
	p := &process{cmd: kernelCommand(file), ended: make(chan struct{})}
	var stderr strings.Builder
	p.cmd.Stderr = &stderr
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.cmd.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("standard error of the kernel:\n%s", stderr.String())
		}
	})
	p.Client = dialWhenUp(t, conn)
	p.Ask(p.Shell, "kernel_info_request", nil)
	p.took = time.Since(begin)
	return p
}

// dialWhenUp connects as soon as the last socket that a kernel binds is there.
func dialWhenUp(t *testing.T, conn server.Connection) *kerneltest.Client {
	t.Helper()
	within(t, 10*time.Second, "the kernel listens", func() bool { return kerneltest.Up(conn) })
	return kerneltest.Dial(t, conn)
}

func TestStart(t *testing.T) {
	for _, ipc := range []bool{false, true} {
		kerneltest.Best(t, fmt.Sprintf("from start to first answer, ipc %v", ipc), 100*time.Millisecond, func() time.Duration {
			conn, file := connectionFile(t, ipc)
			return launch(t, conn, file).took
		})
	}
}

func TestInterruptBySignal(t *testing.T) {
	conn, file := connectionFile(t, false)
	p := launch(t, conn, file)
	p.Run("count")
	for range 3 {
		id := p.Send(p.Shell, "execute_request", wire.ExecuteRequest{Code: "sleep 1m", StoreHistory: true})
		p.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
		if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		if cell := p.Finish(id); cell.Reply.Name != "Interrupted" {
			t.Fatalf("reply %+v", cell.Reply.Failure)
		}
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil { // while nothing runs
		t.Fatal(err)
	}
	if got := p.Run("count").Result(t); got != "2" {
		t.Errorf("the session did not survive: count %s", got)
	}
}

// TestShutdownLeavesNothing ends kernels in the ways in which front ends do.
func TestShutdownLeavesNothing(t *testing.T) {
	ends := map[string]func(*process){
		"message":          func(p *process) { p.Send(p.Control, "shutdown_request", wire.ShutdownRequest{}) },
		"restart":          func(p *process) { p.Send(p.Control, "shutdown_request", wire.ShutdownRequest{Restart: true}) },
		"message on shell": func(p *process) { p.Send(p.Shell, "shutdown_request", wire.ShutdownRequest{}) },
		"SIGTERM":          func(p *process) { p.cmd.Process.Signal(syscall.SIGTERM) },
	}
	for name, end := range ends {
		for _, busy := range []bool{false, true} {
			if busy && name == "message on shell" {
				continue // it would wait for the cell
			}
			t.Run(fmt.Sprintf("%s, busy %v", name, busy), func(t *testing.T) {
				conn, file := connectionFile(t, true)
				p := launch(t, conn, file)
				child, err := strconv.Atoi(p.Run("child").Result(t))
				if err != nil {
					t.Fatal(err)
				}
				if busy {
					id := p.Send(p.Shell, "execute_request", wire.ExecuteRequest{Code: "hang"})
					p.Published(func(m *wire.Message) bool { return kerneltest.ParentID(m) == id })
				}
				end(p)
				select {
				case <-p.ended:
				case <-time.After(time.Second):
					t.Fatal("the process does not end within a second")
				}
				if code := p.cmd.ProcessState.ExitCode(); code != 0 {
					t.Errorf("exit status %d", code)
				}
				if files := sockets(t, filepath.Dir(file)); len(files) > 0 {
					t.Errorf("left behind: %v", files)
				}
				// A front end that asks for a restart, or ends the kernel by a signal, may want its file again.
				kept := name == "restart" || name == "SIGTERM"
				if _, err := os.Stat(file); (err == nil) != kept {
					t.Errorf("connection file: %v", err)
				}
				// Its end has been asked for; that it comes is the system's work.
				for wait := time.Now(); proc.Alive(child); time.Sleep(5 * time.Millisecond) {
					if time.Since(wait) > 2*time.Second {
						t.Fatal("what the cell started lives on")
					}
				}
			})
		}
	}
}

// sockets lists the Unix sockets in a folder.
func sockets(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Type()&fs.ModeSocket != 0 {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestBadConnectionFiles(t *testing.T) {
	good := `"ip":"127.0.0.1","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5`
	for content, want := range map[string]string{
		"":                                     "connection file",
		"[]":                                   "connection file",
		`{}`:                                   "transport",
		`{"transport":"tcp"}`:                  "ip is missing",
		`{"transport":"tcp","ip":"127.0.0.1"}`: "a port number is needed",
		`{"transport":"carrier pigeon",` + good + `}`: `transport is "carrier pigeon"`,
	} {
		file := filepath.Join(t.TempDir(), "c.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := server.Main(t.Context(), file, ""); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "c.json") {
			t.Errorf("%q: %v", content, err)
		}
	}
	if err := server.Main(t.Context(), "/no/such/file", ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	t.Run("memory", func(t *testing.T) {
		_, file := connectionFile(t, true)
		for _, limit := range []string{"lots", "-1", "1MiB", "1%%", "8XB", "99999999999TiB"} {
			t.Setenv("GONMF_KERNEL_MEMORY", limit)
			if err := server.Main(t.Context(), file, ""); err == nil || !strings.Contains(err.Error(), "GONMF_KERNEL_MEMORY="+limit) {
				t.Errorf("%s: %v", limit, err)
			}
		}
	})
	t.Run("port in use", func(t *testing.T) {
		conn, file := connectionFile(t, false)
		launch(t, conn, file)
		if err := server.Main(t.Context(), file, ""); err == nil || !strings.Contains(err.Error(), "address already in use") {
			t.Errorf("error %v", err)
		}
	})
}
