package server_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/wire"
)

func TestSessionThatDies(t *testing.T) {
	cases := []struct{ name, code, errName, cause string }{
		{"stack overflow", "overflow", "StackOverflow", "calls itself without end"},
		{"concurrent map writes", "maps", "ConcurrentMapAccess", "guard the map"},
		{"exit", "exit", "SessionDied", "os.Exit(3)"},
	}
	k := start(t)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			k.Run("count")
			cell := k.Run("print before\n" + c.code)
			if cell.Reply.Status != "error" || cell.Reply.Name != c.errName || !strings.Contains(cell.Reply.Value, c.cause) ||
				!strings.Contains(cell.Reply.Value, "history and files are kept") {
				t.Errorf("reply %+v", cell.Reply.Failure)
			}
			if got := cell.Text(t, "stdout"); got != "before\n" {
				t.Errorf("of the output before its death %q is left", got)
			}
			if got := k.Run("count").Result(t); got != "1" {
				t.Errorf("the next cell does not run in a fresh session: count %s", got)
			}
			if got := k.Run("count").Reply.ExecutionCount; got != 4*(i+1) {
				t.Errorf("execution count %d", got)
			}
		})
	}
	reply := kerneltest.Decode[wire.HistoryReply](t, k.Ask(k.Shell, "history_request", map[string]any{"hist_access_type": "tail", "n": 100}))
	if len(reply.History) != 4*len(cases) {
		t.Errorf("%d cells in the history", len(reply.History))
	}
}

func TestSessionThatDiesWhileIdle(t *testing.T) {
	k := start(t)
	cell := k.Run("pid")
	pid, err := strconv.Atoi(cell.Result(t))
	if err != nil {
		t.Fatal(err)
	}
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
	m := k.Published(func(m *wire.Message) bool { return m.Header.Type == "stream" })
	if text := kerneltest.Decode[wire.Stream](t, m).Text; !strings.Contains(text, "killed") || kerneltest.ParentID(m) != cell.ID {
		t.Errorf("%q", text)
	}
	if got := k.Run("count").Result(t); got != "1" {
		t.Errorf("result %q", got)
	}
}

func TestMemoryLimit(t *testing.T) {
	if runtime.GOOS == "windows" && testing.Short() {
		t.Skip("slow")
	}
	k := start(t, func(o *server.Options) { o.MemoryLimit = 256 << 20 })
	k.Run("count")
	cell := k.Run("hog release")
	if cell.Reply.Status != "error" || cell.Reply.Name != "OutOfMemory" || !strings.Contains(cell.Reply.Value, "256 MiB") {
		t.Errorf("reply %+v", cell.Reply.Failure)
	}
	if got := k.Run("count").Result(t); got != "2" {
		t.Errorf("the session of a cell that gave its memory back is gone: count %s", got)
	}
	cell = k.Run("hog")
	if cell.Reply.Name != "OutOfMemory" {
		t.Errorf("reply %+v", cell.Reply.Failure)
	}
	within(t, kerneltest.Timeout, "a session that keeps its memory is replaced", func() bool { return k.Run("count").Result(t) == "1" })
}

func TestInterruptThatIsIgnored(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 3 s")
	}
	k := start(t)
	id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "hang"})
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "status" && kerneltest.ParentID(m) == id })
	k.Ask(k.Control, "interrupt_request", nil)
	k.Ask(k.Control, "interrupt_request", nil) // impatience alone ends nothing
	k.Published(func(m *wire.Message) bool {
		return m.Header.Type == "stream" && strings.Contains(kerneltest.Decode[wire.Stream](t, m).Text, "Interrupt it again")
	})
	k.Ask(k.Control, "interrupt_request", nil)
	if cell := k.Finish(id); cell.Reply.Status != "error" || !strings.Contains(cell.Reply.Value, "did not stop") {
		t.Errorf("reply %+v", cell.Reply)
	}
	if got := k.Run("count").Result(t); got != "1" {
		t.Errorf("result %q", got)
	}
}
