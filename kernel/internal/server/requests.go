package server

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"unicode/utf8"

	"gonmf/kernel/internal/history"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/wire"
)

// release matches a version of Go without its patch.
var release = regexp.MustCompile(`^\d+\.\d+|.*`)

func (k *Kernel) kernelInfo(*request) (any, error) {
	version := strings.TrimPrefix(runtime.Version(), "go")
	// A front end keeps this in each notebook, and marks one as changed whose language has
	// another: a patch release is no such reason.
	language := release.FindString(version)
	return wire.KernelInfoReply{
		Status:                wire.StatusOK,
		ProtocolVersion:       wire.ProtocolVersion,
		Implementation:        "gonmf",
		ImplementationVersion: k.opt.Version,
		LanguageInfo: wire.LanguageInfo{
			Name: "go", Version: language, MIMEType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodemirrorMode: "go", NbconvertExporter: "script",
		},
		Banner:            fmt.Sprintf("gonmf %s: Go %s with NMF, DataFrames and matrices built in", k.opt.Version, version),
		SupportedFeatures: []string{"kernel subshells"},
		HelpLinks: []wire.HelpLink{
			{Text: "The Go language", URL: "https://go.dev/ref/spec"},
			{Text: "Go documentation", URL: "https://go.dev/doc/"},
			{Text: "gota: DataFrames", URL: "https://pkg.go.dev/github.com/go-gota/gota/dataframe"},
			{Text: "gonum: matrices and statistics", URL: "https://pkg.go.dev/gonum.org/v1/gonum"},
			{Text: "Expressions of frames.Where and Mutate", URL: "https://expr-lang.org/docs/language-definition"},
		},
	}, nil
}

// connect answers an obsolete question that old front ends still ask.
func (k *Kernel) connect(*request) (any, error) {
	c := k.opt.Connection
	return map[string]any{
		"status": wire.StatusOK, "shell_port": c.ShellPort, "iopub_port": c.IOPubPort, "stdin_port": c.StdinPort,
		"control_port": c.ControlPort, "hb_port": c.HBPort,
	}, nil
}

func (k *Kernel) complete(r *request) (any, error) {
	var q wire.CompleteRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	var got pipe.Completed
	if err := r.shell.call(pipe.KindComplete, pipe.Position{Code: q.Code, Pos: byteOffset(q.Code, q.CursorPos)}, &got); err != nil {
		return nil, err
	}
	reply := wire.CompleteReply{
		Status: wire.StatusOK, Matches: []string{}, Metadata: map[string]any{},
		CursorStart: runeOffset(q.Code, got.Start), CursorEnd: runeOffset(q.Code, got.End),
	}
	var types []map[string]any // understood by JupyterLab, though not yet in the protocol
	for _, m := range got.Matches {
		reply.Matches = append(reply.Matches, m.Text)
		types = append(types, map[string]any{"text": m.Text, "type": m.Type, "start": reply.CursorStart, "end": reply.CursorEnd})
	}
	if types != nil {
		reply.Metadata["_jupyter_types_experimental"] = types
	}
	return reply, nil
}

func (k *Kernel) inspect(r *request) (any, error) {
	var q wire.InspectRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	var got pipe.Inspected
	if err := r.shell.call(pipe.KindInspect, pipe.Position{Code: q.Code, Pos: byteOffset(q.Code, q.CursorPos)}, &got); err != nil {
		return nil, err
	}
	return wire.InspectReply{Status: wire.StatusOK, Found: got.Found, Data: got.Data, Metadata: map[string]any{}}, nil
}

func (k *Kernel) isComplete(r *request) (any, error) {
	var q wire.IsCompleteRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	var got pipe.Completeness
	if err := r.shell.call(pipe.KindIsComplete, pipe.Position{Code: q.Code}, &got); err != nil {
		return nil, err
	}
	return wire.IsCompleteReply{Status: got.Status, Indent: got.Indent}, nil
}

// The protocol counts code points, Go counts bytes.

func byteOffset(code string, runes int) int {
	for i := range code {
		if runes <= 0 {
			return i
		}
		runes--
	}
	return len(code)
}

func runeOffset(code string, bytes int) int {
	return utf8.RuneCountInString(code[:max(0, min(bytes, len(code)))])
}

func (k *Kernel) history(r *request) (any, error) {
	var q wire.HistoryRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	var entries []history.Entry
	switch q.HistAccessType {
	case "range":
		stop := -1
		if q.Stop != nil {
			stop = *q.Stop
		}
		entries = k.opt.History.Range(q.Session, q.Start, stop)
	case "tail":
		n := 10
		if q.N != nil {
			n = *q.N
		}
		entries = k.opt.History.Tail(n)
	case "search":
		n, pattern := -1, q.Pattern
		if q.N != nil {
			n = *q.N
		}
		if pattern == "" {
			pattern = "*"
		}
		var err error
		if entries, err = k.opt.History.Search(pattern, n, q.Unique); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%w: hist_access_type %q is none of range, tail and search", wire.ErrMalformed, q.HistAccessType)
	}
	reply := wire.HistoryReply{Status: wire.StatusOK, History: [][3]any{}}
	for _, e := range entries {
		var item any = e.In
		if q.Output {
			var out any // null: the cell had no value
			if e.Out != "" {
				out = e.Out
			}
			item = [2]any{e.In, out}
		}
		reply.History = append(reply.History, [3]any{e.Session, e.Line, item})
	}
	return reply, nil
}

// This kernel has no comms: whoever opens one learns at once that it is closed.

func (k *Kernel) commInfo(*request) (any, error) {
	return wire.CommInfoReply{Status: wire.StatusOK, Comms: map[string]map[string]string{}}, nil
}

func (k *Kernel) commOpen(r *request) (any, error) {
	var c wire.Comm
	if err := r.Decode(&c); err != nil {
		return nil, err
	}
	k.iopub.publish(r.Message, "comm_close", wire.Comm{CommID: c.CommID, Data: map[string]any{}})
	return nil, nil
}

// commIgnored takes a message to a comm that is closed already.
func (k *Kernel) commIgnored(*request) (any, error) { return nil, nil }

// shutdown tells every front end; serve stops the kernel after the reply.
func (k *Kernel) shutdown(r *request) (any, error) {
	var q wire.ShutdownRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	k.over.Store(!q.Restart)
	reply := wire.ShutdownReply{Status: wire.StatusOK, Restart: q.Restart}
	k.iopub.publish(r.Message, "shutdown_reply", reply)
	return reply, nil
}

func (k *Kernel) debug(r *request) (any, error) {
	var q wire.DebugRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	return wire.DebugReply{
		Type: "response", RequestSeq: q.Seq, Command: q.Command, Body: map[string]any{},
		Message: "this kernel has no debugger",
	}, nil
}

func (k *Kernel) interruptRequest(*request) (any, error) {
	k.interrupt()
	return wire.StatusReply{Status: wire.StatusOK}, nil
}
