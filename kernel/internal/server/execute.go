package server

import (
	"errors"
	"strings"
	"time"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/supervisor"
	"gonmf/kernel/internal/wire"
)

// abortGrace is how long a failed cell's reply waits for requests that were sent before it and are still on their way:
// what arrives before the reply is sent cannot have been meant as an answer to it.
const abortGrace = 10 * time.Millisecond

// serve answers one request after the other. Once a cell has failed, cells that wait already are not run.
func (s *shell) serve() {
	k := s.k
	for {
		r, ok := s.queue.pop()
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
	r.send("execute_reply", wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: k.executed()})
	k.iopub.publish(r.Message, "status", wire.Status{State: "idle"})
}

// execute runs a cell.
func (k *Kernel) execute(r *request) (any, error) {
	q := wire.NewExecuteRequest()
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	r.Parent, r.Metadata, r.Content, r.Buffers = nil, nil, nil, nil // the run is remembered for long
	if q.Silent {
		q.StoreHistory = false
	}
	empty := strings.TrimSpace(q.Code) == "" && len(q.UserExpressions) == 0
	count := k.number(q.StoreHistory && !empty)
	if empty { // is no cell, and has no number
		if !q.Silent {
			k.iopub.publish(r.Message, "execute_input", wire.ExecuteInput{Code: q.Code, ExecutionCount: count})
		}
		return wire.ExecuteReply{
			Status: wire.StatusOK, ExecutionCount: count - 1, UserExpressions: expressions(nil), Payload: payloads(pipe.Executed{}),
		}, nil
	}
	cell := k.cells.add(&cell{request: r, silent: q.Silent, stdin: q.AllowStdin}, count, q.StoreHistory)
	ctx := r.shell.stopper.begin(cell) // before anybody can see that the cell runs, and stop it
	if !q.Silent {
		k.iopub.publish(r.Message, "execute_input", wire.ExecuteInput{Code: q.Code, ExecutionCount: count})
	}

	if q.StoreHistory {
		k.noteInput(count, q.Code)
	}
	var done pipe.Executed
	err := k.worker.Call(ctx, pipe.KindExecute, pipe.Execute{Cell: cell, Code: q.Code, Silent: q.Silent, Expressions: q.UserExpressions}, &done)
	r.shell.stopper.end()
	k.ask.forget(cell)
	if errors.Is(err, supervisor.ErrClosed) {
		return wire.ExecuteReply{Status: wire.StatusAborted, ExecutionCount: count}, nil
	}
	if err != nil {
		done = pipe.Executed{Outcome: pipe.Outcome{Failure: asFailure(err)}}
	}

	k.notePlace(done.Place)
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
		Status: wire.StatusOK, ExecutionCount: count, UserExpressions: expressions(done.Expressions), Payload: payloads(done),
	}, nil
}

func payloads(done pipe.Executed) []map[string]any {
	if done.Payload == nil {
		return []map[string]any{} // the protocol wants a list
	}
	return done.Payload
}

// number returns the execution count of the next cell, and says whether that is taken.
func (k *Kernel) number(taken bool) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	count := k.count + 1
	if taken {
		k.count = count
	}
	return count
}

// executed returns the execution count of the last cell.
func (k *Kernel) executed() int { return k.number(false) - 1 }

// noteInput remembers a cell for the session that follows should this one die.
func (k *Kernel) noteInput(count int, code string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.inputs) <= count {
		k.inputs = append(k.inputs, "")
	}
	k.inputs[count] = code
}

// notePlace remembers where the session is, if that has changed.
func (k *Kernel) notePlace(p *pipe.Place) {
	if p != nil {
		k.mu.Lock()
		k.place = *p
		k.mu.Unlock()
	}
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
		r.abort = r.shell.queue.takeAll()
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
