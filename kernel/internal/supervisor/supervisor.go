// Package supervisor keeps a worker process running: it starts one, passes calls on to it, and, when it dies, says why
// and starts another.
package supervisor

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"sync"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
)

// Handler receives what the worker sends between a call and its reply. Its methods are called by one goroutine, in
// the order in which things happened in the worker.
type Handler interface {
	Output(cell int, stderr bool, text []byte)
	Event(e pipe.Event)
	// Question must arrange for Supervisor.Answer to be called, and not wait for it.
	Question(q pipe.Question)
	// Died is told when the worker ends while no call runs; otherwise the call returns the *Death.
	Died(d *Death)
}

// Options configure a Supervisor.
type Options struct {
	Command []string // the program and arguments that start a worker
	Start   func() pipe.Start
	Dir     string // where it starts; empty: here
	Handler Handler
	Log     *log.Logger
}

// Supervisor owns the worker process.
type Supervisor struct {
	opt Options

	mu      sync.Mutex
	current *process // nil: none was started, or the last has died
	closed  bool
}

// ErrClosed is returned by calls after Close, and by those that Close ended.
var ErrClosed = errors.New("the kernel is shutting down")

// New returns a supervisor. The worker starts with the first call, or earlier with Warm.
func New(opt Options) *Supervisor { return &Supervisor{opt: opt} }

// Warm starts the worker if none runs, without waiting for its session.
func (s *Supervisor) Warm() {
	if _, err := s.process(); err != nil && !errors.Is(err, ErrClosed) {
		s.opt.Log.Print(err)
	}
}

// process returns the running worker, started if necessary.
func (s *Supervisor) process() (*process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if s.current == nil {
		p, err := startProcess(s.opt.Command, s.opt.Dir, s.opt.Log)
		if err != nil {
			return nil, fmt.Errorf("the session's process does not start: %w", err)
		}
		if err := p.in.WriteJSON(pipe.KindStart, s.opt.Start()); err != nil {
			s.opt.Log.Printf("starting the session: %v", err) // its death says why
		}
		s.current = p
		go s.receive(p)
	}
	return s.current, nil
}

// Call sends a request and waits for its reply, which it decodes into reply. The end of ctx interrupts the call, before
// it has reached the worker too; how soon it returns is for the session to say. If the worker dies instead, the error is
// a *Death and the next call meets a fresh session. Several calls may be under way.
func (s *Supervisor) Call(ctx context.Context, kind pipe.Kind, request, reply any) error {
	p, err := s.process()
	if err != nil {
		return err
	}
	call, replied := p.begin()
	if call == 0 {
		<-p.dead // it died this moment; try the next one
		if p, err = s.process(); err != nil {
			return err
		}
		call, replied = p.begin()
	}
	defer p.end(call)
	if err := p.in.WriteCall(kind, call, request); errors.Is(err, pipe.ErrTooLarge) {
		return err
	} else if err != nil {
		p.kill("") // it has closed its pipe, so it is dying anyway
	}
	defer context.AfterFunc(ctx, func() {
		_ = p.in.WriteCall(pipe.KindInterrupt, call, nil) // a dead worker needs no interrupt
	})()
	select {
	case payload := <-replied:
		return decode(payload, reply)
	case <-p.dead:
	}
	select {
	case payload := <-replied: // it answered before it died
		return decode(payload, reply)
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	return p.death
}

func decode(payload []byte, reply any) error {
	if err := json.Unmarshal(payload, reply); err != nil {
		return fmt.Errorf("reply of the session: %w", err)
	}
	return nil
}

// Kill ends the worker that calls keep busy, and with it the calls.
func (s *Supervisor) Kill(reason string) {
	if p := s.busy(); p != nil {
		p.kill(reason)
	}
}

func (s *Supervisor) busy() *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || !s.current.isBusy() {
		return nil
	}
	return s.current
}

// PID returns the process id of the worker, 0 if there is none.
func (s *Supervisor) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		return 0
	}
	return s.current.cmd.Process.Pid
}

// Answer passes on what the user typed.
func (s *Supervisor) Answer(a pipe.Answer) {
	s.mu.Lock()
	p := s.current
	s.mu.Unlock()
	if p != nil {
		_ = p.in.WriteJSON(pipe.KindAnswer, a) // a dead worker needs no answer
	}
}

// Close ends the worker at once, with all processes it started, and waits until it is gone.
func (s *Supervisor) Close() {
	s.mu.Lock()
	s.closed = true
	p := s.current
	s.mu.Unlock()
	if p != nil {
		p.kill("")
		<-p.dead
	}
}

// receive takes what a worker sends until it ends, and then sees to its burial.
func (s *Supervisor) receive(p *process) {
	err := s.dispatch(p)
	if err != nil {
		p.kill(err.Error())
	}
	busy, used := p.bury()
	s.mu.Lock()
	if s.current == p {
		s.current = nil
	}
	closed := s.closed
	s.mu.Unlock()
	close(p.dead)
	if closed {
		return
	}
	s.opt.Log.Printf("%v", p.death)
	if !busy && p.ready {
		s.opt.Handler.Died(p.death)
	}
	// So that the next cell finds a session, and one is there to remove the kernel's files should that be killed. One
	// that dies while it starts is not tried again by itself.
	if used || p.ready {
		s.Warm()
	}
}

// dispatch hands frames on. It returns nil at the end of the pipe, and an error if the worker does not make sense.
func (s *Supervisor) dispatch(p *process) error {
	r := bufio.NewReaderSize(p.out, 256<<10)
	for {
		kind, payload, err := pipe.Read(r)
		if err != nil {
			return nil // whatever is wrong with the pipe: the process has died, or will be ended now
		}
		switch kind {
		case pipe.KindReady:
			p.ready = true
		case pipe.KindOutput:
			cell, stderr, text, err := pipe.DecodeOutput(payload)
			if err != nil {
				return err
			}
			s.opt.Handler.Output(cell, stderr, text)
		case pipe.KindEvent:
			var e pipe.Event
			if err := json.Unmarshal(payload, &e); err != nil {
				return fmt.Errorf("display event: %w", err)
			}
			s.opt.Handler.Event(e)
		case pipe.KindQuestion:
			var q pipe.Question
			if err := json.Unmarshal(payload, &q); err != nil {
				return fmt.Errorf("question: %w", err)
			}
			s.opt.Handler.Question(q)
		case pipe.KindChild:
			var c pipe.Child
			if err := json.Unmarshal(payload, &c); err != nil {
				return fmt.Errorf("child process: %w", err)
			}
			p.children[proc.Group(c.PID)] = !c.Ended
		case pipe.KindReply:
			call, content, err := pipe.DecodeCall(payload)
			if err != nil {
				return err
			}
			p.reply(call, content)
		default:
			return fmt.Errorf("unknown frame of kind %d", kind)
		}
	}
}
