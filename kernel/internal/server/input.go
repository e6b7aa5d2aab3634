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
}

func (a *asker) set(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pending = id
}

// forget drops a question that nobody waits for any more.
func (a *asker) forget() { a.set("") }

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
		k.ask.set(m.Header.ID)
		err = k.stdin.sendTo(run.request.peer, m)
	}
	if err != nil {
		k.ask.forget()
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
