// Package server is the outside of the Jupyter kernel: it listens where a front end expects it, answers what it can
// itself, and has cells run by a worker process, which it restarts when it dies. History, execution counts and
// connections outlive the worker.
package server

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"gonmf/kernel/internal/history"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/supervisor"
	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/zmtp"
)

const (
	parentCheck = 250 * time.Millisecond // how often to look whether the front end lives
	linger      = 400 * time.Millisecond // for the last messages to leave at shutdown
)

// WorkerCommand is the hidden subcommand of this program that runs a worker.
const WorkerCommand = "worker"

// Options configure a Kernel.
type Options struct {
	Connection     Connection
	ConnectionFile string       // removed at the end, if no restart follows; may be empty
	Worker         []string     // the command that starts a worker
	MemoryLimit    int64        // bytes a session may use; 0 = no limit
	History        *history.Log // which the caller closes
	Parent         proc.Parent  // the front end; 0 = unknown
	Version        string       // of this program
	Log            *log.Logger
}

// Kernel is a running kernel.
type Kernel struct {
	opt     Options
	log     *log.Logger
	key     *wire.Signer
	session string // the kernel's own session id in message headers
	iopub   *broadcast
	stdin   *channel
	sockets []socket
	shells  *shells
	control *queue
	worker  *supervisor.Supervisor
	cells   cells
	ask     asker
	meter   meter

	mu     sync.Mutex
	count  int        // the execution count
	place  pipe.Place // where the session was when its last cell ended
	inputs []string   // cells that were run, by execution count

	over    atomic.Bool     // nobody will start a kernel with this connection file again
	running context.Context // done after Stop
	stop    context.CancelFunc
}

// Main runs the kernel that the subcommand `gonmf kernel` is: it serves the front end that wrote the connection file
// until that asks for a shutdown, ends, or ctx is done. SIGINT interrupts the cell that runs.
func Main(ctx context.Context, connectionFile, version string) error {
	conn, err := ReadConnection(connectionFile)
	if err != nil {
		return err
	}
	limit, err := MemoryLimit()
	if err != nil {
		return err
	}
	self, err := proc.Self()
	if err != nil {
		return fmt.Errorf("%w", err)
	}
	logger := log.New(os.Stderr, "gonmf kernel: ", log.LstdFlags)
	dir, err := history.DefaultDir()
	if err != nil {
		logger.Print(err) // and the history is kept in memory
	}
	past := history.Open(dir)
	defer past.Close()
	k, err := New(Options{
		Connection: conn, ConnectionFile: connectionFile, Worker: []string{self, WorkerCommand}, MemoryLimit: limit,
		History: past, Parent: proc.ParentFromEnv(), Version: version, Log: logger,
	})
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	go func() {
		for s := range signals {
			if s == os.Interrupt {
				k.interrupt()
			} else {
				k.Stop()
			}
		}
	}()
	return k.Run(ctx)
}

// New starts a worker and binds the sockets, so that a front end can connect. Run must follow.
func New(opt Options) (*Kernel, error) {
	key, err := wire.NewSigner(opt.Connection.Key, opt.Connection.SignatureScheme)
	if err != nil {
		return nil, fmt.Errorf("connection file: %w", err)
	}
	k := &Kernel{opt: opt, log: opt.Log, key: key, session: wire.NewID(), control: newQueue()}
	k.shells = k.newShells()
	k.running, k.stop = context.WithCancel(context.Background())
	k.worker = supervisor.New(supervisor.Options{Command: opt.Worker, Handler: k, Log: opt.Log, Start: k.startOfWorker})
	k.iopub = &broadcast{k: k}
	// Before the sockets are bound, since the worker is who removes their files if this process is killed.
	k.worker.Warm()
	if err := k.bind(); err != nil {
		k.worker.Close()
		k.closeSockets()
		return nil, err
	}
	return k, nil
}

// startOfWorker is what a worker begins with: where the one before it was, should that have died.
func (k *Kernel) startOfWorker() pipe.Start {
	start := pipe.Start{
		MemoryLimit: k.opt.MemoryLimit, Sockets: k.opt.Connection.socketFiles(), ConnectionFile: k.opt.ConnectionFile,
		Parent: k.opt.Parent.PID(), History: k.opt.History.Dir(),
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	start.Place, start.Inputs = k.place, slices.Clone(k.inputs)
	return start
}

// bind opens the five sockets of a kernel.
func (k *Kernel) bind() error {
	c := k.opt.Connection
	listen := func(kind zmtp.Kind, port int, h zmtp.Handler) (socket, error) {
		s, err := zmtp.Listen(kind, c.Endpoint(port), h)
		if err != nil {
			return nil, fmt.Errorf("%w", err)
		}
		k.sockets = append(k.sockets, s)
		return s, nil
	}
	router := func(name string, port int, take func(*request)) (*channel, error) {
		ch := &channel{name: name, k: k, take: take}
		// The socket is assigned before the kernel's queues are served, and nothing is sent before that.
		s, err := listen(zmtp.Router, port, ch)
		ch.socket = s
		return ch, err
	}
	var errs [5]error
	k.iopub.socket, errs[0] = listen(zmtp.Pub, c.IOPubPort, k.iopub)
	k.stdin, errs[1] = router("stdin", c.StdinPort, k.inputReply)
	_, errs[2] = router("control", c.ControlPort, k.control.push)
	_, errs[3] = router("shell", c.ShellPort, k.takeShell)
	_, errs[4] = listen(zmtp.Rep, c.HBPort, heartbeat{k})
	return errors.Join(errs[:]...)
}

// Run serves front ends until Stop, a shutdown_request, the end of the front end's process or of ctx.
func (k *Kernel) Run(ctx context.Context) error {
	k.iopub.publish(nil, "status", wire.Status{State: "starting"})
	var wg sync.WaitGroup
	k.shells.serve("")
	wg.Go(k.serveControl)
	select {
	case <-k.running.Done():
	case <-ctx.Done():
	case <-k.opt.Parent.Watch(parentCheck):
		k.log.Print("the front end has ended, and so does this kernel")
		k.over.Store(true)
	}
	k.Stop()
	k.removeFiles()
	k.shells.close()
	k.control.close()
	k.worker.Close()
	wg.Wait()
	k.shells.serving.Wait()
	return k.closeSockets()
}

// removeFiles removes what would be left if this process were killed while it ends, before the worker does, who would
// remove it then. Connections of sockets go on without their files.
func (k *Kernel) removeFiles() {
	files := k.opt.Connection.socketFiles()
	if k.over.Load() && k.opt.ConnectionFile != "" {
		files = append(files, k.opt.ConnectionFile)
	}
	for _, file := range files {
		_ = os.Remove(file) // gone already is as well
	}
}

// Stop makes Run return.
func (k *Kernel) Stop() { k.stop() }

func (k *Kernel) closeSockets() error {
	ctx, cancel := context.WithTimeout(context.Background(), linger)
	defer cancel()
	var errs []error
	for _, s := range k.sockets {
		errs = append(errs, s.Close(ctx))
	}
	return errors.Join(errs...)
}
