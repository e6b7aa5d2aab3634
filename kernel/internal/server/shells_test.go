package server_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

// While a cell runs, subshells answer: JEP 91.
func TestSubshells(t *testing.T) {
	k := start(t)
	info := kerneltest.Decode[wire.KernelInfoReply](t, k.Ask(k.Control, "kernel_info_request", nil))
	if !slices.Contains(info.SupportedFeatures, "kernel subshells") {
		t.Errorf("features %q", info.SupportedFeatures)
	}
	create := func() string {
		r := kerneltest.Decode[wire.SubshellReply](t, k.Ask(k.Control, "create_subshell_request", nil))
		if r.Status != "ok" || r.ID == "" {
			t.Fatalf("%+v", r)
		}
		return r.ID
	}
	list := func() []string {
		return kerneltest.Decode[wire.SubshellListReply](t, k.Ask(k.Control, "list_subshell_request", nil)).IDs
	}
	if ids := list(); ids == nil || len(ids) != 0 {
		t.Errorf("subshells at the start: %v", ids)
	}
	one, two := create(), create()
	if ids := list(); !slices.Equal(ids, []string{one, two}) {
		t.Errorf("subshells %v, want %v", ids, []string{one, two})
	}

	run := func(subshell, code string) string {
		q := wire.NewExecuteRequest()
		q.Code = code
		return k.SendSub(subshell, "execute_request", q)
	}
	begun := func(id string) {
		k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
	}
	long := run("", "sleep 60s")
	begun(long)
	sub := run(one, "sleep 60s")
	begun(sub)
	cell := k.Finish(run(two, "value seven"))
	if cell.Reply.Status != "ok" || cell.Reply.ExecutionCount != 3 {
		t.Errorf("a cell of a subshell: %+v", cell.Reply)
	}
	id := k.SendSub(two, "complete_request", wire.CompleteRequest{Code: "pri", CursorPos: 3})
	if m := k.Reply(k.Shell); kerneltest.ParentID(m) != id || m.Header.Type != "complete_reply" || !strings.Contains(string(m.Content), `"print"`) {
		t.Errorf("completion in a subshell: %s %s", m.Header.Type, m.Content)
	}
	// A question of one cell does not come between another's.
	q := wire.NewExecuteRequest()
	q.Code, q.AllowStdin = "ask name", true
	asking := k.SendSub(two, "execute_request", q)
	k.Answer(k.Question(), "Ada")
	if cell := k.Finish(asking); cell.Reply.Status != "ok" {
		t.Errorf("a question in a subshell: %+v", cell.Reply)
	}
	// A failure aborts what waits in its own shell only.
	fails, waits := run(two, "fail x"), run(two, "value 8")
	if cell := k.Finish(fails); cell.Reply.Name != "Failure" {
		t.Errorf("%+v", cell.Reply)
	}
	if cell := k.Finish(waits); cell.Reply.Status != "aborted" {
		t.Errorf("%+v", cell.Reply)
	}

	// Deleting a subshell ends its cell; the stop button ends the others.
	if r := kerneltest.Decode[wire.StatusReply](t, k.Ask(k.Control, "delete_subshell_request", wire.SubshellRequest{ID: one})); r.Status != "ok" {
		t.Errorf("%+v", r)
	}
	if cell := k.Finish(sub); cell.Reply.Name != "Interrupted" {
		t.Errorf("the cell of a subshell that was deleted: %+v", cell.Reply)
	}
	k.Ask(k.Control, "interrupt_request", nil)
	if cell := k.Finish(long); cell.Reply.Name != "Interrupted" {
		t.Errorf("%+v", cell.Reply)
	}
	if ids := list(); !slices.Equal(ids, []string{two}) {
		t.Errorf("subshells %v, want %v", ids, []string{two})
	}
	for _, id := range []string{one, "", "nope"} {
		r := kerneltest.Decode[wire.ErrorReply](t, k.Ask(k.Control, "delete_subshell_request", wire.SubshellRequest{ID: id}))
		if r.Status != "error" || !strings.Contains(r.Value, "there is no subshell") {
			t.Errorf("deleting %q: %+v", id, r)
		}
	}
	if cell := k.Finish(run(one, "value 1")); cell.Reply.Status != "error" || !strings.Contains(cell.Reply.Value, "there is no subshell") {
		t.Errorf("a cell for a subshell that was deleted: %+v", cell.Reply)
	}
	if cell := k.Run("value 9"); cell.Reply.Status != "ok" {
		t.Errorf("%+v", cell.Reply)
	}
}

// All cells that run learn of the end of their session.
func TestSessionDiesUnderSubshells(t *testing.T) {
	k := start(t)
	sub := kerneltest.Decode[wire.SubshellReply](t, k.Ask(k.Control, "create_subshell_request", nil)).ID
	q := wire.NewExecuteRequest()
	q.Code = "sleep 60s"
	waits := k.SendSub(sub, "execute_request", q)
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == waits })
	q.Code = "exit"
	dies := k.Send(k.Shell, "execute_request", q)
	replies := map[string]*wire.Message{}
	for range 2 {
		m := k.Reply(k.Shell)
		replies[kerneltest.ParentID(m)] = m
	}
	for _, id := range []string{waits, dies} {
		if m := replies[id]; m == nil || !strings.Contains(string(m.Content), "os.Exit(3)") {
			t.Errorf("reply %v", replies)
		}
		k.Idle(id)
	}
	if cell := k.Run("value 1"); cell.Reply.Status != "ok" {
		t.Errorf("%+v", cell.Reply)
	}
}

func TestUsage(t *testing.T) {
	k := start(t)
	k.Run("value 1")
	k.Ask(k.Control, "usage_request", nil)
	m := k.Ask(k.Control, "usage_request", nil)
	u := kerneltest.Decode[wire.UsageReply](t, m)
	if m.Header.Type != "usage_reply" || u.Status != "ok" || u.PID == 0 || u.Processors != runtime.NumCPU() {
		t.Errorf("%s: %+v", m.Header.Type, u)
	}
	if runtime.GOOS != "linux" {
		return
	}
	if h := u.HostMemory; u.Memory < 10<<20 || u.CPU == nil || *u.CPU < 0 || h == nil || h.Used <= 0 || h.Percent <= 0 || h.Percent >= 100 || h.Total < h.Available {
		t.Errorf("%+v, %+v", u, u.HostMemory)
	}
}
