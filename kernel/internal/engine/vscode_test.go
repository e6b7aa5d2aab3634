package engine

import (
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

// TestAsVSCodeDoes plays the messages that VS Code's Jupyter extension sends to a kernel
// which it has started itself, without a Jupyter server. They are those of its source,
// https://github.com/microsoft/vscode-jupyter, src/kernels: raw/session/
// rawKernelConnection.node.ts (the start, and the interrupt by a message on shell, which
// the protocol has on control), execution/cellExecution.ts (cells), and of
// @jupyterlab/services below it. Nobody has tried it in VS Code itself.
func TestAsVSCodeDoes(t *testing.T) {
	k := kerneltest.Start(t)
	// It is ready when the answer to kernel_info_request and an idle status have come.
	id := k.Send(k.Shell, "kernel_info_request", nil)
	info := kerneltest.Decode[wire.KernelInfoReply](t, k.Reply(k.Shell))
	k.Idle(id)
	// The language of the notebook's cells, which it knows as it does that of the kernelspec.
	if l := info.LanguageInfo; l.Name != "go" || l.FileExtension != ".go" || info.Debugger {
		t.Errorf("kernel_info_reply %+v", info)
	}
	comms := kerneltest.Decode[wire.CommInfoReply](t, k.Ask(k.Shell, "comm_info_request", map[string]any{"target_name": "jupyter.widget"}))
	if comms.Status != "ok" || comms.Comms == nil {
		t.Errorf("comm_info_reply %+v", comms)
	}

	// What it asks for itself leaves no trace: no number, no input, no history.
	if quiet := k.Execute(wire.ExecuteRequest{Code: "0", Silent: true}); quiet.Reply.Status != "ok" || len(quiet.Output) > 0 {
		t.Errorf("a silent request gave %v", quiet.Types())
	}
	cell := wire.ExecuteRequest{Code: "import \"fmt\"\nfmt.Print(\"é\")\ntable := []int{1, 2}\ntable", StoreHistory: true, AllowStdin: true, StopOnError: true}
	got := k.Execute(cell)
	if got.Reply.ExecutionCount != 1 || strings.Join(got.Types(), " ") != "execute_input stream execute_result" {
		t.Errorf("the first cell is number %d and gave %v", got.Reply.ExecutionCount, got.Types())
	}

	// Suggestions and hovering.
	complete := kerneltest.Decode[wire.CompleteReply](t, k.Ask(k.Shell, "complete_request", wire.CompleteRequest{Code: "é := ta", CursorPos: 7}))
	if len(complete.Matches) == 0 || complete.Matches[0] != "table" || complete.CursorStart != 5 || complete.CursorEnd != 7 {
		t.Errorf("complete_reply %+v", complete)
	}
	inspect := kerneltest.Decode[wire.InspectReply](t, k.Ask(k.Shell, "inspect_request", wire.InspectRequest{Code: "fmt.Println", CursorPos: 8, DetailLevel: 1}))
	if text, _ := inspect.Data["text/plain"].(string); !inspect.Found || !strings.HasPrefix(text, "func Println(a ...any) (n int, err error)") {
		t.Errorf("inspect_reply %+v", inspect)
	}

	// Progress, which it changes in place by the display's id.
	cell.Code = "import \"gonmf/kernel/display\"\nbar := display.NewProgress(\"work\", 2)\nbar.Done()"
	id = ""
	for _, m := range k.Execute(cell).Output {
		switch m.Header.Type {
		case "display_data":
			id, _ = kerneltest.Decode[wire.DisplayData](t, m).Transient["display_id"].(string)
		case "update_display_data":
			if of := kerneltest.Decode[wire.DisplayData](t, m).Transient["display_id"]; id == "" || of != id {
				t.Errorf("an update of %v, shown was %q", of, id)
			}
			id = "updated"
		}
	}
	if id != "updated" {
		t.Error("the bar was not shown and changed")
	}

	// A question, in its input box.
	cell.Code = "var name string\nfmt.Scanln(&name)\nname"
	id = k.Send(k.Shell, "execute_request", cell)
	k.Answer(k.Question(), "Zoë")
	if got := k.Finish(id).Result(t); got != "Zoë" {
		t.Errorf("it was answered %q", got)
	}

	// The stop button, whose message must not wait for the cell that it is to end.
	cell.Code = "fmt.Println(\"on\")\nfor {\n}"
	id = k.Send(k.Shell, "execute_request", cell)
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "stream" && kerneltest.ParentID(m) == id })
	stop := k.Send(k.Shell, "interrupt_request", nil)
	kinds := map[string]string{}
	for range 2 {
		m := k.Reply(k.Shell)
		kinds[kerneltest.ParentID(m)] = m.Header.Type
	}
	if kinds[stop] != "interrupt_reply" || kinds[id] != "execute_reply" {
		t.Errorf("the stop button gave %v", kinds)
	}
	cell.Code = "len(table)"
	if got := k.Execute(cell).Result(t); got != "2" {
		t.Errorf("after it the variable is %q", got)
	}

	// Errors, whose traceback it shows with colours.
	cell.Code = "table[7]"
	if failed := k.Execute(cell).Reply; failed.Status != "error" || len(failed.Traceback) == 0 {
		t.Errorf("a cell that panics gave %+v", failed)
	}
	k.Ask(k.Control, "shutdown_request", wire.ShutdownRequest{})
	<-k.Ended
}
