package server

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/supervisor"
	"gonmf/kernel/internal/wire"
)

// abortGrace is how long a failed cell's reply waits for requests that were sent before it and are still on their way:
// what arrives before the reply is sent cannot have been meant as an answer to it.
const abortGrace = 10 * time.Millisecond

// serveShell answers one request after the other. Once a cell has failed, cells that wait already are not run.
func (k *Kernel) serveShell() {
	for {
		r, ok := k.shell.pop()
		if !ok {
			return
		}
		k.serve(r, onShell)
		for _, waiting := range r.abort {
			if waiting.Header.Type == "execute_request" {
				k.abort(waiting)
			} else {
				k.serve(waiting, onShell)
			}
		}
	}
}

func (k *Kernel) abort(r *request) {
	k.iopub.publish(r.Message, "status", wire.Status{State: "busy"})
	r.send("execute_reply", wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: k.count})
	k.iopub.publish(r.Message, "status", wire.Status{State: "idle"})
}

// execute runs a cell.
func (k *Kernel) execute(r *request) (any, error) {
	q := wire.NewExecuteRequest()
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	if q.Silent {
		q.StoreHistory = false
	}
	count := k.count + 1
	if q.StoreHistory {
		k.count = count
	}
	if !q.Silent {
		k.iopub.publish(r.Message, "execute_input", wire.ExecuteInput{Code: q.Code, ExecutionCount: count})
	}
	cell := k.cells.add(&cell{request: r, silent: q.Silent, stdin: q.AllowStdin}, count, q.StoreHistory)

	payload := []map[string]any{}
	var done pipe.Executed
	var err error
	if m := help.FindStringSubmatch(q.Code); m != nil {
		var page map[string]any
		page, err = k.page(m[1])
		payload = append(payload, page)
	} else {
		err = k.call(cell, pipe.KindExecute, pipe.Execute{Cell: cell, Code: q.Code, Silent: q.Silent, Expressions: q.UserExpressions}, &done)
		k.ask.forget()
	}
	if errors.Is(err, supervisor.ErrClosed) {
		return wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: count}, nil
	}
	if err != nil {
		done = pipe.Executed{Outcome: pipe.Outcome{Failure: asFailure(err)}}
	}

	if q.StoreHistory {
		if err := k.opt.History.Append(count, q.Code, textOf(done.Value)); err != nil {
			k.log.Printf("%v; this session's history is not saved", err)
		}
	}
	if done.Failure != nil {
		return k.failed(r, q, count, done.Failure), nil
	}
	if done.Value != nil && !q.Silent {
		k.iopub.publish(r.Message, "execute_result", wire.DisplayData{Data: done.Value.Data, Metadata: done.Value.Metadata, ExecutionCount: count})
	}
	return wire.ExecuteReply{
		Status: wire.StatusOK, ExecutionCount: count, UserExpressions: expressions(done.Expressions), Payload: payload,
	}, nil
}

// help is a cell that asks what a name is, as in IPython: a name and a question mark.
var help = regexp.MustCompile(`^\s*([\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*)\s*\?\s*$`)

// page describes a name for the front end's pager.
func (k *Kernel) page(name string) (map[string]any, error) {
	var got pipe.Inspected
	if err := k.call(noCell, pipe.KindInspect, pipe.Position{Code: name, Pos: len(name)}, &got); err != nil {
		return nil, err
	}
	if !got.Found {
		return nil, fmt.Errorf("%s is not declared, so there is nothing to show", name)
	}
	return map[string]any{"source": "page", "data": got.Data, "start": 0}, nil
}

// failed reports a cell's error and gathers the cells that are not run because of it.
func (k *Kernel) failed(r *request, q wire.ExecuteRequest, count int, f *wire.Failure) wire.ExecuteReply {
	if f.Traceback == nil {
		f.Traceback = []string{}
	}
	if !q.Silent {
		k.iopub.publish(r.Message, "error", f)
	}
	if q.StopOnError {
		time.Sleep(abortGrace)
		r.abort = k.shell.takeAll()
	}
	return wire.ExecuteReply{Status: wire.StatusError, ExecutionCount: count, Failure: f}
}

func asFailure(err error) *wire.Failure {
	var d *supervisor.Death
	if errors.As(err, &d) {
		return wire.NewFailure(d.Name, d.Error())
	}
	return wire.NewFailure("error", err.Error())
}

func textOf(v *pipe.Value) string {
	if v == nil {
		return ""
	}
	text, _ := v.Data["text/plain"].(string)
	return text
}

// expressions turns outcomes into what a reply says of user_expressions.
func expressions(outcomes map[string]pipe.Outcome) map[string]any {
	results := make(map[string]any, len(outcomes))
	for name, o := range outcomes {
		switch {
		case o.Failure != nil:
			results[name] = wire.ErrorReply{Status: wire.StatusError, Failure: *o.Failure}
		case o.Value != nil:
			results[name] = wire.ExpressionResult{Status: wire.StatusOK, Data: o.Value.Data, Metadata: o.Value.Metadata}
		default:
			results[name] = wire.ExpressionResult{Status: wire.StatusOK}
		}
	}
	return results
}
