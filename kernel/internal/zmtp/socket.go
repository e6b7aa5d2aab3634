// Package zmtp is the part of the ZeroMQ Message Transport Protocol that a Jupyter kernel needs: ROUTER, PUB and
// REP sockets that listen, and the client's end of each. It speaks ZMTP 3.0 with the NULL mechanism over TCP and
// Unix sockets, so it talks to libzmq 4 and later.
//
// Whatever a peer sends, at worst its own connection is closed and the reason reported. Frames are bounded in size and
// number, and are read as they arrive.
//
// The protocol: https://rfc.zeromq.org/spec/23/
package zmtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const acceptPause = 100 * time.Millisecond // after a failed accept

// Handler receives what arrives at a socket. Its methods are called from the goroutine of the connection
// concerned: in order for one peer, concurrently for several.
type Handler interface {
	// Message takes a message from a peer. For a PUB socket it is a new subscription's topic, in one frame.
	Message(peer *Peer, frames [][]byte)
	// Dropped is told of a connection that was closed because of what the peer sent.
	Dropped(remote string, err error)
}

// Peer is one connected client of a Socket.
type Peer struct {
	*Conn
	// ID addresses the peer in Socket.SendTo: its own identity, or a generated one that starts with a zero byte.
	ID string

	mu     sync.Mutex
	topics map[string]bool
}

// Socket is a listening ROUTER, PUB or REP socket.
type Socket struct {
	kind    Kind
	ln      net.Listener
	handler Handler

	mu     sync.Mutex
	peers  map[string]*Peer
	raw    map[net.Conn]struct{} // connections that still shake hands
	nextID uint32
	closed bool
	wg     sync.WaitGroup
}

// Listen binds a socket. An endpoint is "tcp://host:port", where port 0 picks a free one, or "ipc://path". A
// Unix socket file that a dead process left at path is replaced; one that answers is an error.
func Listen(kind Kind, endpoint string, handler Handler) (*Socket, error) {
	network, address, err := parseEndpoint(endpoint)
	if err != nil {
		return nil, err
	}
	s := &Socket{kind: kind, handler: handler, peers: make(map[string]*Peer), raw: make(map[net.Conn]struct{})}
	if network == "unix" {
		if err := removeStale(address); err != nil {
			return nil, err
		}
	}
	s.ln, err = net.Listen(network, address)
	if err != nil {
		return nil, fmt.Errorf("zmtp: %w", err)
	}
	s.wg.Add(1)
	go s.accept()
	return s, nil
}

func parseEndpoint(endpoint string) (network, address string, err error) {
	scheme, rest, _ := strings.Cut(endpoint, "://")
	switch {
	case scheme == "tcp" && rest != "":
		return "tcp", rest, nil
	case scheme == "ipc" && rest != "":
		return "unix", rest, nil
	}
	return "", "", fmt.Errorf("zmtp: endpoint %q is neither tcp://host:port nor ipc://path", endpoint)
}

func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("zmtp: %w", err)
	}
	if info.Mode()&fs.ModeSocket == 0 {
		return fmt.Errorf("zmtp: %s exists and is not a socket", path)
	}
	if nc, err := net.Dial("unix", path); err == nil {
		nc.Close()
		return fmt.Errorf("zmtp: %s: another process is listening there", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("zmtp: %w", err)
	}
	return nil
}

// Addr returns the address bound, useful after port 0.
func (s *Socket) Addr() net.Addr { return s.ln.Addr() }

func (s *Socket) accept() {
	defer s.wg.Done()
	for {
		nc, err := s.ln.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			// Out of file descriptors, most likely: better in a moment.
			s.handler.Dropped(s.ln.Addr().String(), fmt.Errorf("zmtp: accept: %w", err))
			time.Sleep(acceptPause)
			continue
		}
		s.mu.Lock()
		if s.closed {
			s.mu.Unlock()
			nc.Close()
			return
		}
		s.raw[nc] = struct{}{}
		s.wg.Add(1)
		s.mu.Unlock()
		go s.serve(nc)
	}
}

// serve runs one connection from handshake to end.
func (s *Socket) serve(nc net.Conn) {
	defer s.wg.Done()
	remote := nc.RemoteAddr().String()
	conn, err := newConn(nc, s.kind, "")
	p := s.register(nc, conn)
	if p == nil {
		if errors.Is(err, ErrProtocol) {
			s.handler.Dropped(remote, err)
		}
		return
	}
	err = s.receive(p)
	s.mu.Lock()
	if s.peers[p.ID] == p {
		delete(s.peers, p.ID)
	}
	s.mu.Unlock()
	p.Close()
	if errors.Is(err, ErrProtocol) {
		s.handler.Dropped(remote, err)
	}
}

// register makes a connection that shook hands a peer. It returns nil if conn is nil or the socket was closed meanwhile.
func (s *Socket) register(nc net.Conn, conn *Conn) *Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.raw, nc)
	if conn == nil {
		return nil
	}
	if s.closed {
		conn.Close()
		return nil
	}
	p := &Peer{Conn: conn, ID: conn.id, topics: make(map[string]bool)}
	if p.ID == "" || p.ID[0] == 0 {
		s.nextID++
		p.ID = "\x00" + strconv.FormatUint(uint64(s.nextID), 10)
	}
	// A client that reconnects under its identity takes over from a connection that may not know yet that it is dead.
	if old := s.peers[p.ID]; old != nil {
		old.Close()
	}
	s.peers[p.ID] = p
	return p
}

func (s *Socket) receive(p *Peer) error {
	for {
		frames, err := p.Read()
		if err != nil {
			return err
		}
		if s.kind != Pub {
			s.handler.Message(p, frames)
			continue
		}
		// A publisher receives nothing but subscriptions, and ignores everything else.
		if len(frames) != 1 || len(frames[0]) == 0 || frames[0][0] > 1 {
			continue
		}
		topic := frames[0][1:]
		p.mu.Lock()
		if frames[0][0] == 1 {
			// What the handler answers comes before all that is published
			// to the topic, and nothing is published in between.
			s.handler.Message(p, [][]byte{topic})
			p.topics[string(topic)] = true
		} else {
			delete(p.topics, string(topic))
		}
		p.mu.Unlock()
	}
}

// SendTo sends a message to the peer with that ID. A peer that has gone is an error wrapping ErrClosed.
func (s *Socket) SendTo(id string, frames ...[]byte) error {
	s.mu.Lock()
	p := s.peers[id]
	s.mu.Unlock()
	if p == nil {
		return fmt.Errorf("peer %q: %w", id, ErrClosed)
	}
	return p.Send(frames...)
}

// Publish sends a message to every peer that subscribed to a prefix of its first frame. It does not wait for the network.
func (s *Socket) Publish(frames ...[]byte) {
	msg := encode(frames)
	for _, p := range s.list() {
		if p.subscribed(frames[0]) {
			_ = p.enqueue(msg) // a subscriber that has gone is no concern of the publisher's
		}
	}
}

// Throttle waits for peers that are tens of megabytes behind, see Conn.Throttle.
func (s *Socket) Throttle(ctx context.Context) {
	for _, p := range s.list() {
		_ = p.Throttle(ctx) // the caller knows that ctx is done
	}
}

func (s *Socket) list() []*Peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.peers))
}

func (p *Peer) subscribed(topic []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := range p.topics {
		if bytes.HasPrefix(topic, []byte(t)) {
			return true
		}
	}
	return false
}

// Close stops listening, gives queued messages until ctx is done to leave, closes every connection and removes
// the Unix socket's file.
func (s *Socket) Close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	err := s.ln.Close() // removes the file of a Unix socket, too
	peers := s.peers
	s.peers = make(map[string]*Peer)
	for nc := range s.raw {
		nc.Close()
	}
	s.mu.Unlock()
	for _, p := range peers {
		_ = p.Drain(ctx) // the time is up; what is left is lost
		p.Close()
	}
	s.wg.Wait()
	return err
}
