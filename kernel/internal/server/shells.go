package server

import (
	"fmt"
	"slices"
	"sync"

	"gonmf/kernel/internal/wire"
)

// A shell answers requests in the order in which they come: the kernel's own, or a subshell, in which cells run and
// questions are answered while a cell of another one runs (JEP 91).
type shell struct {
	k       *Kernel
	queue   *queue
	stopper interrupter
}

// shells are those of a kernel, by the name that requests call them by; its own has none.
type shells struct {
	mu      sync.Mutex
	byID    map[string]*shell
	order   []string // of the subshells
	serving sync.WaitGroup
	closed  bool
}

// newShells returns the kernel's own shell, which takes requests before it is served.
func (k *Kernel) newShells() *shells {
	return &shells{byID: map[string]*shell{"": {k: k, queue: newQueue()}}}
}

// serve begins to serve a shell.
func (s *shells) serve(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if shell := s.byID[id]; !s.closed {
		s.serving.Go(shell.serve)
	}
}

// close ends all shells and forgets what waits in them.
func (s *shells) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, shell := range s.byID {
		shell.queue.close()
	}
}

func (s *shells) all() (list []*shell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shell := range s.byID {
		list = append(list, shell)
	}
	return list
}

// takeShell queues what comes on shell. VS Code sends interrupt_request there, where it
// would wait for the very cell that it is to end.
func (k *Kernel) takeShell(r *request) {
	if r.Header.Type == "interrupt_request" {
		k.control.push(r)
		return
	}
	k.shells.mu.Lock()
	s := k.shells.byID[r.Header.Subshell]
	k.shells.mu.Unlock()
	if s == nil {
		r.lost = true
		k.control.push(r) // which says so, and waits for nothing
		return
	}
	r.shell = s
	s.queue.push(r)
}

// lostRequest answers what is for a subshell that there is not.
func (k *Kernel) lostRequest(r *request) (any, error) {
	return nil, fmt.Errorf("%w: there is no subshell %q", wire.ErrMalformed, r.Header.Subshell)
}

func (k *Kernel) createSubshell(*request) (any, error) {
	id := wire.NewID()
	k.shells.mu.Lock()
	k.shells.byID[id] = &shell{k: k, queue: newQueue()}
	k.shells.order = append(k.shells.order, id)
	k.shells.mu.Unlock()
	k.shells.serve(id)
	return wire.SubshellReply{Status: wire.StatusOK, ID: id}, nil
}

// deleteSubshell ends a subshell: a cell that it runs is interrupted, and what waits in it is forgotten.
func (k *Kernel) deleteSubshell(r *request) (any, error) {
	var q wire.SubshellRequest
	if err := r.Decode(&q); err != nil {
		return nil, err
	}
	k.shells.mu.Lock()
	s := k.shells.byID[q.ID]
	if q.ID == "" || s == nil {
		k.shells.mu.Unlock()
		return nil, fmt.Errorf("%w: there is no subshell %q", wire.ErrMalformed, q.ID)
	}
	delete(k.shells.byID, q.ID)
	k.shells.order = slices.DeleteFunc(k.shells.order, func(id string) bool { return id == q.ID })
	k.shells.mu.Unlock()
	s.queue.close()
	s.interrupt()
	return wire.StatusReply{Status: wire.StatusOK}, nil
}

func (k *Kernel) listSubshells(*request) (any, error) {
	k.shells.mu.Lock()
	defer k.shells.mu.Unlock()
	return wire.SubshellListReply{Status: wire.StatusOK, IDs: append([]string{}, k.shells.order...)}, nil
}
