package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Kind is a ZeroMQ socket type, spelled as on the wire.
type Kind string

// The socket types of a Jupyter kernel and of its clients.
const (
	Router Kind = "ROUTER"
	Dealer Kind = "DEALER"
	Pub    Kind = "PUB"
	Sub    Kind = "SUB"
	Rep    Kind = "REP"
	Req    Kind = "REQ"
)

// accepts lists which types of peer may talk to a socket.
var accepts = map[Kind][]Kind{
	Router: {Dealer, Req, Router},
	Dealer: {Router, Dealer, Rep},
	Pub:    {Sub, "XSUB"},
	Sub:    {Pub, "XPUB"},
	Rep:    {Req, Dealer},
	Req:    {Rep, Router},
}

const (
	handshakeTimeout = 10 * time.Second
	writeTimeout     = 30 * time.Second // for one chunk; a peer that takes none in this time is gone
	writeChunk       = 256 << 10
	maxQueued        = 64 << 20 // bytes waiting for one peer before Throttle waits, too
)

// ErrClosed is returned by Send once a connection has been closed by either side.
var ErrClosed = errors.New("zmtp: connection closed")

// Conn is one connection after its handshake. Send may be called from any goroutine and does not wait for the network;
// Read belongs to one goroutine.
type Conn struct {
	id      string // the peer's Identity, possibly empty
	nc      net.Conn
	br      *bufio.Reader
	mu      sync.Mutex
	changed sync.Cond // queue, queued or closed changed
	queue   [][]byte
	queued  int
	writing bool
	closed  bool
}

// Dial connects to a socket at endpoint (see Listen for its form) as one of the given kind. identity may be empty.
func Dial(ctx context.Context, kind Kind, endpoint, identity string) (*Conn, error) {
	network, address, err := parseEndpoint(endpoint)
	if err != nil {
		return nil, err
	}
	nc, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("zmtp: %w", err)
	}
	return newConn(nc, kind, identity)
}

// newConn shakes hands and starts the writer. It closes nc if that fails.
func newConn(nc net.Conn, kind Kind, identity string) (*Conn, error) {
	c := &Conn{nc: nc, br: bufio.NewReaderSize(nc, 64<<10)}
	c.changed.L = &c.mu
	if err := c.handshake(kind, identity); err != nil {
		nc.Close()
		return nil, err
	}
	go c.write()
	return c, nil
}

// handshake exchanges greetings and READY commands under the NULL mechanism.
func (c *Conn) handshake(kind Kind, identity string) error {
	if err := c.nc.SetDeadline(time.Now().Add(handshakeTimeout)); err != nil {
		return fmt.Errorf("zmtp: %w", err)
	}
	var greeting [64]byte
	greeting[0], greeting[9], greeting[10] = 0xff, 0x7f, 3
	copy(greeting[12:], "NULL")
	if _, err := c.nc.Write(greeting[:]); err != nil {
		return fmt.Errorf("zmtp: greeting: %w", err)
	}
	if err := c.readGreeting(); err != nil {
		return err
	}
	ready := appendProperty(nil, "Socket-Type", string(kind))
	ready = appendProperty(ready, "Identity", identity)
	if _, err := c.nc.Write(appendCommand(nil, "READY", ready)); err != nil {
		return fmt.Errorf("zmtp: handshake: %w", err)
	}
	_, name, data, err := readMessage(c.br)
	if err != nil {
		return fmt.Errorf("zmtp: handshake: %w", err)
	}
	if name != "READY" {
		return violation("handshake: command %q where READY was expected", name)
	}
	props, err := parseProperties(data)
	if err != nil {
		return err
	}
	if !compatible(kind, Kind(props["socket-type"])) {
		return violation("handshake: a %s socket does not talk to a %q socket", kind, props["socket-type"])
	}
	if len(props["identity"]) > 255 {
		return violation("handshake: identity of %d bytes", len(props["identity"]))
	}
	c.id = props["identity"]
	return c.nc.SetDeadline(time.Time{})
}

// readGreeting reads it in two steps, since a peer that speaks something else may never send 64 bytes.
func (c *Conn) readGreeting() error {
	head, err := c.br.Peek(11)
	if err != nil {
		return fmt.Errorf("zmtp: greeting: %w", unexpected(err))
	}
	if head[0] != 0xff || head[9]&1 == 0 || head[10] < 3 {
		return violation("the peer does not speak ZMTP 3")
	}
	greeting, err := c.br.Peek(64)
	if err != nil {
		return fmt.Errorf("zmtp: greeting: %w", unexpected(err))
	}
	mechanism := string(bytes.TrimRight(greeting[12:32], "\x00"))
	if mechanism != "NULL" {
		return violation("security mechanism %q is not supported", mechanism)
	}
	_, err = c.br.Discard(64)
	return err
}

func compatible(kind, peer Kind) bool {
	for _, k := range accepts[kind] {
		if k == peer {
			return true
		}
	}
	return false
}

// Read returns the next message. Subscriptions sent as commands come back in the older form, a message of one
// frame that starts with 1 (subscribe) or 0 (cancel). An error ends the connection.
func (c *Conn) Read() ([][]byte, error) {
	for {
		frames, command, data, err := readMessage(c.br)
		if err != nil {
			return nil, err
		}
		switch command {
		case "":
			return frames, nil
		case "SUBSCRIBE":
			return [][]byte{append([]byte{1}, data...)}, nil
		case "CANCEL":
			return [][]byte{append([]byte{0}, data...)}, nil
		case "PING":
			// Two bytes of time-to-live, then up to 16 of context that the PONG returns.
			if len(data) < 2 {
				return nil, violation("PING without a time-to-live")
			}
			if err := c.enqueue(appendCommand(nil, "PONG", data[2:])); err != nil {
				return nil, err
			}
		case "ERROR":
			return nil, violation("the peer reports %q", data)
		}
	}
}

// Send queues a message. The frames may be reused afterwards.
func (c *Conn) Send(frames ...[]byte) error { return c.enqueue(encode(frames)) }

// enqueue takes an encoded message, which must not be modified afterwards.
func (c *Conn) enqueue(msg []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.queue = append(c.queue, msg)
	c.queued += len(msg)
	c.changed.Broadcast()
	return nil
}

// write sends what is queued until the connection is closed.
func (c *Conn) write() {
	for {
		c.mu.Lock()
		for len(c.queue) == 0 && !c.closed {
			c.changed.Wait()
		}
		if c.closed {
			c.mu.Unlock()
			return
		}
		batch, size := c.queue, c.queued
		c.queue, c.writing = nil, true
		c.mu.Unlock()

		err := c.writeAll(batch)

		c.mu.Lock()
		c.queued -= size
		c.writing = false
		c.changed.Broadcast()
		c.mu.Unlock()
		if err != nil {
			c.Close()
			return
		}
	}
}

// writeAll joins small messages into chunks and cuts large ones, with a deadline for each chunk.
func (c *Conn) writeAll(batch [][]byte) error {
	var chunk []byte
	flush := func() error {
		for len(chunk) > 0 {
			n := min(len(chunk), writeChunk)
			if err := c.nc.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
				return err
			}
			if _, err := c.nc.Write(chunk[:n]); err != nil {
				return err
			}
			chunk = chunk[n:]
		}
		return nil
	}
	for _, msg := range batch {
		if len(chunk) > 0 && len(chunk)+len(msg) > writeChunk {
			if err := flush(); err != nil {
				return err
			}
		}
		if len(chunk) == 0 {
			chunk = msg[:len(msg):len(msg)] // not copied unless another follows
		} else {
			chunk = append(chunk, msg...)
		}
	}
	return flush()
}

// Drain waits until everything queued has been handed to the network, or ctx is done.
func (c *Conn) Drain(ctx context.Context) error {
	return c.wait(ctx, func() bool { return len(c.queue) == 0 && !c.writing })
}

// Throttle waits while tens of megabytes are queued, until the peer catches up or ctx is done. Whoever sends much must
// call it, or what a peer does not take piles up.
func (c *Conn) Throttle(ctx context.Context) error {
	return c.wait(ctx, func() bool { return c.queued <= maxQueued })
}

// wait waits until the queue satisfies f, or the connection is closed.
func (c *Conn) wait(ctx context.Context, f func() bool) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changed.Broadcast()
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !f() && !c.closed {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		c.changed.Wait()
	}
	return nil
}

// Close closes the connection at once; what is still queued is lost (see Drain).
func (c *Conn) Close() error {
	c.mu.Lock()
	already := c.closed
	c.closed = true
	c.queue = nil
	c.changed.Broadcast()
	c.mu.Unlock()
	if already {
		return nil
	}
	return c.nc.Close()
}
