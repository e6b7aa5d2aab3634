package server

import (
	"encoding/json"
	"sync"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/wire"
)

// asker remembers the question that waits for the user.
type asker struct {
	mu      sync.Mutex
	pending string // message id of the input_request, empty if there is none
	cell    int    // that asks
}

func (a *asker) set(id string, cell int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending, a.cell = id, cell
}

// forget drops a question of a cell that waits for it no more.
func (a *asker) forget(cell int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cell == cell {
		a.pending = ""
	}
}

// take says whether a reply to the message with that id answers the question. Some front ends leave the id out.
func (a *asker) take(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pending == "" || id != "" && id != a.pending {
		return false
	}
	a.pending = ""
	return true
}

// Question implements supervisor.Handler: it goes to the front end that runs the cell.
func (k *Kernel) Question(q pipe.Question) {
	run := k.cells.find(q.Cell)
	if run == nil || !run.stdin {
		k.worker.Answer(pipe.Answer{Err: "this front end does not take input"})
		return
	}
	m, err := wire.New(k.session, "input_request", run.request.Message, wire.InputRequest{Prompt: q.Prompt, Password: q.Password})
	if err == nil {
		m.Identities = run.request.Identities
		k.ask.set(m.Header.ID, q.Cell)
		err = k.stdin.sendTo(run.request.peer, m)
	}
	if err != nil {
		k.ask.forget(q.Cell)
		k.worker.Answer(pipe.Answer{Err: "the front end cannot be asked: " + err.Error()})
	}
}

// inputReply takes the messages of the stdin channel.
func (k *Kernel) inputReply(r *request) {
	if r.Header.Type != "input_reply" {
		k.log.Printf("stdin: message ignored: unknown type %q", r.Header.Type)
		return
	}
	var reply wire.InputReply
	if err := r.Decode(&reply); err != nil {
		k.log.Printf("stdin: %v", err)
		return
	}
	var parent wire.Header
	if err := json.Unmarshal(r.Parent, &parent); err != nil {
		k.log.Printf("stdin: %v: parent_header: %v", wire.ErrMalformed, err)
		return
	}
	if !k.ask.take(parent.ID) {
		k.log.Print("stdin: message ignored: it answers no question")
		return
	}
	k.worker.Answer(pipe.Answer{Text: reply.Value})
}
