package supervisor

import (
	"bytes"
	"log"
	"os"
	"os/exec"
	"sync"
	"time"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
)

const (
	drainTime   = time.Second // for what a dead worker's children may still hold of its pipes
	stderrBytes = 256 << 10   // kept of standard error, where a crash says its cause
	stderrLines = 50          // logged of it: a stack overflow prints hundreds, all alike
)

// process is one worker, from start to burial.
type process struct {
	cmd     *exec.Cmd
	in      *pipe.Writer
	stdin   *os.File
	out     *os.File
	stderr  *excerpt
	exited  chan struct{} // closed when the process has ended
	waitErr error         // set before exited is closed
	ready   bool          // belongs to receive
	dead    chan struct{} // closed when death is set
	death   *Death
	// children are the processes that it has told of, and whether they live. They belong to receive.
	children map[proc.Group]bool

	mu     sync.Mutex
	calls  map[uint64]chan []byte // those under way, by their number
	latest uint64                 // call
	gone   bool
	reason string // why kill was called
}

func startProcess(command []string, dir string, logger *log.Logger) (*process, error) {
	childIn, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stdout, childOut, err := os.Pipe()
	if err != nil {
		childIn.Close()
		stdin.Close()
		return nil, err
	}
	p := &process{
		cmd: exec.Command(command[0], command[1:]...), in: pipe.NewWriter(stdin), stdin: stdin, out: stdout,
		stderr: &excerpt{log: logger}, exited: make(chan struct{}), dead: make(chan struct{}),
		children: map[proc.Group]bool{}, calls: map[uint64]chan []byte{},
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = childIn, childOut, p.stderr
	p.cmd.Dir, p.cmd.WaitDelay = dir, drainTime
	p.cmd.SysProcAttr = proc.ChildAttr()
	err = p.cmd.Start()
	childIn.Close()
	childOut.Close()
	if err != nil {
		stdin.Close()
		stdout.Close()
		return nil, err
	}
	go func() {
		p.waitErr = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// begin numbers a call, from 1 on, and returns where its reply comes; 0 means that the process has gone.
func (p *process) begin() (call uint64, replied <-chan []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return 0, nil
	}
	p.latest++
	reply := make(chan []byte, 1)
	p.calls[p.latest] = reply
	return p.latest, reply
}

func (p *process) end(call uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, call)
}

// reply hands a reply to who waits for it.
func (p *process) reply(call uint64, content []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if replied := p.calls[call]; replied != nil {
		delete(p.calls, call) // whatever else comes is not its reply
		replied <- content
	}
}

func (p *process) isBusy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.calls) > 0
}

// kill ends the process; the reason, if any, becomes the cause of its death.
func (p *process) kill(reason string) {
	p.mu.Lock()
	if p.reason == "" {
		p.reason = reason
	}
	p.mu.Unlock()
	proc.KillTree(p.cmd.Process)
}

// bury waits for the end of a process whose pipe has ended, and finds the cause. It says whether a call was running, and
// whether any ever was.
func (p *process) bury() (busy, used bool) {
	p.stdin.Close() // tells a worker that still lives to end
	for group, live := range p.children {
		if live {
			group.Kill()
		}
	}
	select {
	case <-p.exited:
	case <-time.After(drainTime):
	}
	proc.KillTree(p.cmd.Process) // with what it has left behind
	<-p.exited
	p.out.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	p.death = newDeath(p.reason, p.stderr.text(), p.waitErr)
	return len(p.calls) > 0, p.latest > 0
}

// excerpt logs what is written to it, line by line, and keeps the last of it.
type excerpt struct {
	log *log.Logger

	mu   sync.Mutex
	last []byte
	line []byte // that is not complete yet
	n    int    // lines so far
}

func (e *excerpt) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.last = append(e.last, p...)
	if over := len(e.last) - stderrBytes; over > 0 {
		e.last = append(e.last[:0], e.last[over:]...)
	}
	e.line = append(e.line, p...)
	for {
		line, rest, ok := bytes.Cut(e.line, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		if e.n++; e.n <= stderrLines {
			e.log.Printf("session: %s", line)
		} else if e.n == stderrLines+1 {
			e.log.Print("session: (more of it is not logged)")
		}
		e.line = append(e.line[:0], rest...)
	}
}

func (e *excerpt) text() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return string(e.last)
}
