package server

import (
	"errors"
	"strings"

	"gonmf/kernel/internal/wire"
)

// handler answers one type of request with a reply's content. An error becomes a reply with status error. A nil content
// means that there is no reply.
type handler func(k *Kernel, r *request) (content any, err error)

// onShell and onControl are the messages that the two channels understand. Those of control are answered while a cell runs.
var (
	onShell   map[string]handler
	onControl map[string]handler
)

func init() { // not initialised above, since handlers lead back to the tables
	onShell = map[string]handler{
		"kernel_info_request": (*Kernel).kernelInfo,
		"execute_request":     (*Kernel).execute,
		"complete_request":    (*Kernel).complete,
		"inspect_request":     (*Kernel).inspect,
		"is_complete_request": (*Kernel).isComplete,
		"history_request":     (*Kernel).history,
		"comm_info_request":   (*Kernel).commInfo,
		"comm_open":           (*Kernel).commOpen,
		"comm_msg":            (*Kernel).commIgnored,
		"comm_close":          (*Kernel).commIgnored,
		"connect_request":     (*Kernel).connect,
		"shutdown_request":    (*Kernel).shutdown,
	}
	onControl = map[string]handler{
		"kernel_info_request": (*Kernel).kernelInfo,
		"interrupt_request":   (*Kernel).interruptRequest,
		"shutdown_request":    (*Kernel).shutdown,
		"debug_request":       (*Kernel).debug,
		"comm_info_request":   (*Kernel).commInfo,
		"usage_request":       (*Kernel).usage,

		"create_subshell_request": (*Kernel).createSubshell,
		"delete_subshell_request": (*Kernel).deleteSubshell,
		"list_subshell_request":   (*Kernel).listSubshells,
	}
}

func (k *Kernel) serveControl() {
	for {
		r, ok := k.control.pop()
		if !ok {
			return
		}
		k.serve(r, onControl)
	}
}

// serve answers one request between a busy and an idle status.
func (k *Kernel) serve(r *request, table map[string]handler) {
	h, ok := table[r.Header.Type]
	if r.lost {
		h = (*Kernel).lostRequest
	} else if !ok {
		k.log.Printf("%s: message ignored: unknown type %q", r.via.name, r.Header.Type)
		h = func(*Kernel, *request) (any, error) { return nil, nil } // the front end learns that it is over
	}
	k.iopub.publish(r.Message, "status", wire.Status{State: "busy"})
	content, err := h(k, r)
	if errors.Is(err, wire.ErrMalformed) {
		k.log.Printf("%s: %v", r.via.name, err)
	}
	if err != nil {
		content = wire.ErrorReply{Status: wire.StatusError, Failure: *wire.NewFailure("error", err.Error())}
	}
	if name, isRequest := strings.CutSuffix(r.Header.Type, "_request"); isRequest && content != nil {
		r.send(name+"_reply", content)
	}
	k.iopub.publish(r.Message, "status", wire.Status{State: "idle"})
	if r.Header.Type == "shutdown_request" && err == nil {
		k.Stop()
	}
}
