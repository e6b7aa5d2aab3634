package server_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/history"
	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/wire"
)

func TestKernelInfo(t *testing.T) {
	k := start(t)
	for _, conn := range []string{"shell", "control"} {
		to := k.Shell
		if conn == "control" {
			to = k.Control
		}
		m := k.Ask(to, "kernel_info_request", nil)
		info := kerneltest.Decode[wire.KernelInfoReply](t, m)
		l := info.LanguageInfo
		if info.Status != "ok" || info.ProtocolVersion != "5.4" || info.Implementation != "gonmf" || !strings.Contains(info.Banner, "gonmf") ||
			info.SupportedFeatures == nil || l.Name != "go" || l.MIMEType != "text/x-go" || l.FileExtension != ".go" ||
			l.CodemirrorMode != "go" || l.PygmentsLexer != "go" || !strings.HasPrefix(l.Version, "1.") {
			t.Errorf("%s: %+v", conn, info)
		}
		if m.Header.Version != "5.4" || m.Header.Session == "" {
			t.Errorf("%s: header %+v", conn, m.Header)
		}
	}
}

func TestControlAnswersWhileBusy(t *testing.T) {
	k := start(t)
	k.Run("value 1")
	id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "sleep 30s", StoreHistory: true})
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
	kerneltest.Best(t, "kernel_info on control while a cell runs", 10*time.Millisecond, func() time.Duration {
		begin := time.Now()
		k.Ask(k.Control, "kernel_info_request", nil)
		return time.Since(begin)
	})
	if err := k.Beat(); err != nil {
		t.Errorf("heartbeat: %v", err)
	}
	k.Ask(k.Control, "interrupt_request", nil)
	if cell := k.Finish(id); cell.Reply.Name != "Interrupted" {
		t.Errorf("reply %+v", cell.Reply)
	}
}

// Who sees that a cell runs can stop it, however soon; and an interrupt that comes as the cell ends does not stop the next.
func TestInterruptAtOnce(t *testing.T) {
	k := start(t)
	for range 100 {
		id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "sleep 30s"})
		k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
		k.Ask(k.Control, "interrupt_request", nil)
		if cell := k.Finish(id); cell.Reply.Name != "Interrupted" {
			t.Fatalf("reply %+v", cell.Reply)
		}
		id = k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "sleep 1us"})
		k.Ask(k.Control, "interrupt_request", nil)
		k.Finish(id)
		if cell := k.Run("value 1"); cell.Reply.Status != "ok" {
			t.Fatalf("the cell after: %+v", cell.Reply)
		}
	}
}

func TestCompletionAndInspection(t *testing.T) {
	k := start(t)
	// Positions count code points: the é before the word is two bytes.
	reply := kerneltest.Decode[wire.CompleteReply](t, k.Ask(k.Shell, "complete_request", wire.CompleteRequest{Code: "é pri", CursorPos: 5}))
	if !reflect.DeepEqual(reply.Matches, []string{"print"}) || reply.CursorStart != 2 || reply.CursorEnd != 5 || reply.Status != "ok" {
		t.Errorf("%+v", reply)
	}
	if types, _ := json.Marshal(reply.Metadata); !strings.Contains(string(types), `"type":"function"`) {
		t.Errorf("metadata %s", types)
	}
	for _, pos := range []int{-1, 1000} {
		reply := kerneltest.Decode[wire.CompleteReply](t, k.Ask(k.Shell, "complete_request", wire.CompleteRequest{Code: "xyz", CursorPos: pos}))
		if reply.Matches == nil || reply.Status != "ok" {
			t.Errorf("position %d: %+v", pos, reply)
		}
	}
	found := kerneltest.Decode[wire.InspectReply](t, k.Ask(k.Shell, "inspect_request", wire.InspectRequest{Code: "print", CursorPos: 3}))
	if !found.Found || found.Data["text/plain"] != "command print at 3" {
		t.Errorf("%+v", found)
	}
	missing := k.Ask(k.Shell, "inspect_request", wire.InspectRequest{Code: "nope", CursorPos: 3})
	if string(missing.Content) != `{"status":"ok","found":false,"data":{},"metadata":{}}` {
		t.Errorf("%s", missing.Content)
	}
	for code, want := range map[string]wire.IsCompleteReply{"x": {Status: "complete"}, `x\`: {Status: "incomplete", Indent: "  "}} {
		if got := kerneltest.Decode[wire.IsCompleteReply](t, k.Ask(k.Shell, "is_complete_request", wire.IsCompleteRequest{Code: code})); got != want {
			t.Errorf("%q: %+v", code, got)
		}
	}
}

func TestHistory(t *testing.T) {
	dir := t.TempDir()
	earlier := history.Open(dir)
	if err := earlier.Append(1, "value old", "old"); err != nil {
		t.Fatal(err)
	}
	earlier.Close()
	k := start(t, func(o *server.Options) { o.History = history.Open(dir) })
	k.Run("value 1")
	k.Run("print x")
	k.Run("value 1")
	cases := []struct{ name, request, want string }{
		{"tail", `{"hist_access_type":"tail","n":2}`, `[[2,2,"print x"],[2,3,"value 1"]]`},
		{"tail over sessions", `{"hist_access_type":"tail","n":4,"output":true}`,
			`[[1,1,["value old","old"]],[2,1,["value 1","1"]],[2,2,["print x",null]],[2,3,["value 1","1"]]]`},
		{"range", `{"hist_access_type":"range","session":0,"start":1,"stop":3}`, `[[0,1,"value 1"],[0,2,"print x"]]`},
		{"range without stop", `{"hist_access_type":"range","session":0,"start":2,"stop":null}`, `[[0,2,"print x"],[0,3,"value 1"]]`},
		{"range of the session before", `{"hist_access_type":"range","session":-1,"start":0}`, `[[1,1,"value old"]]`},
		{"search", `{"hist_access_type":"search","pattern":"value*","n":10}`, `[[1,1,"value old"],[2,1,"value 1"],[2,3,"value 1"]]`},
		{"search unique", `{"hist_access_type":"search","pattern":"value*","n":10,"unique":true}`, `[[1,1,"value old"],[2,3,"value 1"]]`},
		{"nothing", `{"hist_access_type":"search","pattern":"zzz"}`, `[]`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := k.Ask(k.Shell, "history_request", json.RawMessage(c.request))
			var reply struct {
				Status  string
				History json.RawMessage
			}
			if err := m.Decode(&reply); err != nil || reply.Status != "ok" || string(reply.History) != c.want {
				t.Errorf("got  %s\nwant %s (%v)", reply.History, c.want, err)
			}
		})
	}
	bad := kerneltest.Decode[wire.ErrorReply](t, k.Ask(k.Shell, "history_request", json.RawMessage(`{"hist_access_type":"x"}`)))
	if bad.Status != "error" || !strings.Contains(bad.Value, "range, tail and search") {
		t.Errorf("%+v", bad)
	}
}

func TestComms(t *testing.T) {
	k := start(t)
	info := k.Ask(k.Shell, "comm_info_request", nil)
	if string(info.Content) != `{"status":"ok","comms":{}}` {
		t.Errorf("%s", info.Content)
	}
	id := k.Send(k.Shell, "comm_open", wire.Comm{CommID: "c1", TargetName: "unknown", Data: map[string]any{}})
	closed := k.Published(func(m *wire.Message) bool { return m.Header.Type == "comm_close" })
	if c := kerneltest.Decode[wire.Comm](t, closed); c.CommID != "c1" || c.Data == nil || kerneltest.ParentID(closed) != id {
		t.Errorf("%+v", c)
	}
	k.Idle(k.Send(k.Shell, "comm_msg", wire.Comm{CommID: "c1"}))
}

func TestDebuggerIsRefused(t *testing.T) {
	k := start(t)
	m := k.Ask(k.Control, "debug_request", json.RawMessage(`{"type":"request","seq":7,"command":"initialize","arguments":{}}`))
	reply := kerneltest.Decode[wire.DebugReply](t, m)
	if m.Header.Type != "debug_reply" || reply.Success || reply.RequestSeq != 7 || reply.Command != "initialize" || !strings.Contains(reply.Message, "debugger") {
		t.Errorf("%s %+v", m.Header.Type, reply)
	}
}

func TestConnect(t *testing.T) {
	k := start(t)
	reply := kerneltest.Decode[map[string]any](t, k.Ask(k.Shell, "connect_request", nil))
	if reply["shell_port"] != float64(k.Connection.ShellPort) {
		t.Errorf("%v", reply)
	}
}

func TestShutdown(t *testing.T) {
	for _, busy := range []bool{false, true} {
		k := start(t)
		if busy {
			id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "hang"})
			k.Published(func(m *wire.Message) bool { return m.Header.Type == "status" && kerneltest.ParentID(m) == id })
		}
		begin := time.Now()
		reply := kerneltest.Decode[wire.ShutdownReply](t, k.Ask(k.Control, "shutdown_request", wire.ShutdownRequest{Restart: true}))
		if reply.Status != "ok" || !reply.Restart {
			t.Errorf("busy %v: %+v", busy, reply)
		}
		k.Published(func(m *wire.Message) bool { return m.Header.Type == "shutdown_reply" })
		select {
		case <-k.Ended:
		case <-time.After(kerneltest.Timeout):
			t.Fatal("the kernel does not end")
		}
		if d := time.Since(begin); d > time.Second && d > time.Duration(float64(time.Second)*kerneltest.Busy()) {
			t.Errorf("busy %v: shutting down took %v", busy, d)
		}
	}
}

func TestSignatures(t *testing.T) {
	t.Run("unsigned", func(t *testing.T) {
		k := start(t, func(o *server.Options) { o.Connection.Key = "" })
		if got := k.Run("value 1").Result(t); got != "1" {
			t.Errorf("result %q", got)
		}
	})
	t.Run("unknown scheme", func(t *testing.T) {
		conn := kerneltest.Connection(t, "k")
		conn.SignatureScheme = "hmac-md5"
		if _, err := server.New(server.Options{Connection: conn}); err == nil || !strings.Contains(err.Error(), "hmac-sha256") {
			t.Errorf("error %v", err)
		}
	})
}

// TestUnknownMessages sends what nobody knows: the kernel is busy and idle again, and has nothing to say.
func TestUnknownMessages(t *testing.T) {
	k := start(t)
	id := k.Send(k.Shell, "nonsense_request", nil)
	k.Idle(id)
	if cell := k.Run("value 1"); cell.Reply.Status != "ok" { // Run fails if another reply comes first
		t.Errorf("afterwards %+v", cell.Reply)
	}
	k.Idle(k.Send(k.Control, "nonsense", nil))
}

// TestEmptyCells runs cells without a word, which have no number.
func TestEmptyCells(t *testing.T) {
	k := start(t)
	first := k.Run("value 1").Reply.ExecutionCount
	for _, code := range []string{"", " \n\t\n"} {
		cell := k.Run(code)
		if cell.Reply.Status != "ok" || cell.Reply.ExecutionCount != first {
			t.Errorf("%q: %+v, want count %d", code, cell.Reply, first)
		}
		if types := cell.Types(); !reflect.DeepEqual(types, []string{"execute_input"}) {
			t.Errorf("%q publishes %v", code, types)
		}
	}
	if next := k.Run("value 2").Reply.ExecutionCount; next != first+1 {
		t.Errorf("the cell after it has the number %d, want %d", next, first+1)
	}
}

// TestRepeatedMessage sends a signed cell twice, as somebody who listens can: it runs once.
func TestRepeatedMessage(t *testing.T) {
	k := start(t)
	first := k.Run("value 1").Reply.ExecutionCount
	q := wire.NewExecuteRequest()
	q.Code = "value 2"
	k.Finish(k.SendTwice(k.Shell, "execute_request", q))
	if next := k.Run("value 2").Reply.ExecutionCount; next != first+2 {
		t.Errorf("the cell after it has the number %d, want %d", next, first+2)
	}
}
