package server

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/zmtp"
)

// socket is what the kernel needs of a ZeroMQ socket.
type socket interface {
	SendTo(peer string, frames ...[]byte) error
	Publish(frames ...[]byte)
	Throttle(ctx context.Context)
	Close(ctx context.Context) error
}

// request is a message from a front end and the way back to it.
type request struct {
	*wire.Message
	via   *channel
	peer  string
	shell *shell     // that it is for; nil on other channels
	lost  bool       // it is for a subshell that there is not
	abort []*request // set when the request has failed: what waited behind it
}

// channel is one of the kernel's sockets with the messages that arrive there.
type channel struct {
	name   string
	k      *Kernel
	socket socket
	take   func(*request) // called for each sound message, in order for one front end
	seen   signatures
}

// signatures are the last ones that came: whoever listens could otherwise send a signed message once more, and have its
// cell run again.
type signatures struct {
	mu   sync.Mutex
	at   map[string]bool
	last []string // a ring
	next int
}

// maxSignatures is how many are remembered, as many as ipykernel does.
const maxSignatures = 1 << 16

// again remembers a signature and says whether it was here before. Messages without one are never the same.
func (s *signatures) again(signature string) bool {
	if signature == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at[signature] {
		return true
	}
	if s.at == nil {
		s.at = map[string]bool{}
	}
	s.at[signature] = true
	if len(s.last) < maxSignatures {
		s.last = append(s.last, signature)
		return false
	}
	delete(s.at, s.last[s.next])
	s.last[s.next] = signature
	s.next = (s.next + 1) % maxSignatures
	return false
}

// Message implements zmtp.Handler. A message that is no good is reported and forgotten: whoever sent it cannot be told,
// since nothing in it can be relied on.
func (c *channel) Message(peer *zmtp.Peer, frames [][]byte) {
	m, err := wire.Parse(frames, c.k.key)
	if err != nil {
		c.k.log.Printf("%s: message ignored: %v", c.name, err)
		return
	}
	if c.seen.again(m.Signature) {
		c.k.log.Printf("%s: message ignored: %s came before", c.name, m.Header.Type)
		return
	}
	c.take(&request{Message: m, via: c, peer: peer.ID})
}

// Dropped implements zmtp.Handler.
func (c *channel) Dropped(remote string, err error) {
	c.k.log.Printf("%s: connection from %q ended: %v", c.name, remote, err)
}

// send answers a request.
func (r *request) send(msgType string, content any) {
	m, err := wire.New(r.via.k.session, msgType, r.Message, content)
	if err == nil {
		m.Identities = r.Identities
		err = r.via.sendTo(r.peer, m)
	}
	if err != nil && !errors.Is(err, zmtp.ErrClosed) { // a front end that has gone needs no reply
		r.via.k.log.Printf("%s: %s not sent: %v", r.via.name, msgType, err)
	}
}

func (c *channel) sendTo(peer string, m *wire.Message) error {
	frames, err := m.Frames(c.k.key)
	if err != nil {
		return err
	}
	if err := c.socket.SendTo(peer, frames...); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return nil
}

// heartbeat returns what it is sent.
type heartbeat struct{ k *Kernel }

// Message implements zmtp.Handler.
func (heartbeat) Message(peer *zmtp.Peer, frames [][]byte) {
	_ = peer.Send(frames...) // a front end that has gone needs no echo
}

// Dropped implements zmtp.Handler.
func (h heartbeat) Dropped(remote string, err error) {
	h.k.log.Printf("heartbeat: connection from %q ended: %v", remote, err)
}

// broadcast is the iopub channel.
type broadcast struct {
	k      *Kernel
	socket socket
}

// Message implements zmtp.Handler: a new subscriber is welcomed, and thereby knows that it misses nothing from now on.
func (b *broadcast) Message(peer *zmtp.Peer, frames [][]byte) {
	m, err := wire.New(b.k.session, "iopub_welcome", nil, wire.Welcome{Subscription: string(frames[0])})
	if err != nil {
		b.k.log.Printf("iopub: %v", err)
		return
	}
	m.Identities = [][]byte{frames[0]}
	raw, err := m.Frames(b.k.key)
	if err != nil {
		b.k.log.Printf("iopub: %v", err)
		return
	}
	_ = peer.Send(raw...) // a subscriber that has gone again needs no welcome
}

// Dropped implements zmtp.Handler.
func (b *broadcast) Dropped(remote string, err error) {
	b.k.log.Printf("iopub: connection from %q ended: %v", remote, err)
}

// publish tells every front end, as a consequence of parent (nil: of nothing in particular).
func (b *broadcast) publish(parent *wire.Message, msgType string, content any) {
	m, err := wire.New(b.k.session, msgType, parent, content)
	if err == nil {
		m.Identities = [][]byte{[]byte(msgType)}
		var frames [][]byte
		if frames, err = m.Frames(b.k.key); err == nil {
			b.socket.Publish(frames...)
			return
		}
	}
	b.k.log.Printf("iopub: %s not sent: %v", msgType, err)
}
