package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

type received struct {
	peer   *Peer
	frames [][]byte
}

// recorder is a Handler that hands everything to channels.
type recorder struct {
	messages chan received
	dropped  chan error
}

func newRecorder() *recorder {
	return &recorder{messages: make(chan received, 1000), dropped: make(chan error, 100)}
}

func (r *recorder) Message(p *Peer, frames [][]byte) { r.messages <- received{p, frames} }
func (r *recorder) Dropped(_ string, err error)      { r.dropped <- err }

func wait[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(5 * time.Second):
		t.Fatal("nothing arrived within 5 s")
		panic("unreachable")
	}
}

func listen(t *testing.T, kind Kind, h Handler) (*Socket, string) {
	t.Helper()
	s, err := Listen(kind, "tcp://127.0.0.1:0", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s.Close(ctx)
	})
	return s, "tcp://" + s.Addr().String()
}

func dial(t *testing.T, kind Kind, endpoint, identity string) *Conn {
	t.Helper()
	c, err := Dial(t.Context(), kind, endpoint, identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func read(t *testing.T, c *Conn) [][]byte {
	t.Helper()
	c.nc.SetReadDeadline(time.Now().Add(5 * time.Second))
	frames, err := c.Read()
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func text(frames [][]byte) string { return string(bytes.Join(frames, []byte("|"))) }

func TestRouterRoundTrip(t *testing.T) {
	rec := newRecorder()
	s, endpoint := listen(t, Router, rec)
	named := dial(t, Dealer, endpoint, "named")
	anonymous := dial(t, Dealer, endpoint, "")

	big := bytes.Repeat([]byte("x"), 3<<20)
	named.Send([]byte("a"), nil, big)
	m := wait(t, rec.messages)
	if m.peer.ID != "named" || len(m.frames) != 3 || len(m.frames[1]) != 0 || !bytes.Equal(m.frames[2], big) {
		t.Fatalf("peer %q sent %d frames", m.peer.ID, len(m.frames))
	}
	anonymous.Send([]byte("b"))
	m = wait(t, rec.messages)
	if m.peer.ID == "" || m.peer.ID[0] != 0 {
		t.Fatalf("generated identity %q does not start with a zero byte", m.peer.ID)
	}
	if err := s.SendTo(m.peer.ID, []byte("to b"), big); err != nil {
		t.Fatal(err)
	}
	if got := read(t, anonymous); string(got[0]) != "to b" || !bytes.Equal(got[1], big) {
		t.Fatalf("%d frames, first %q", len(got), got[0])
	}
	if err := s.SendTo("nobody", []byte("x")); !errors.Is(err, ErrClosed) {
		t.Fatalf("sending to an unknown peer: %v", err)
	}
}

func TestRouterKeepsOrder(t *testing.T) {
	rec := newRecorder()
	s, endpoint := listen(t, Router, rec)
	c := dial(t, Dealer, endpoint, "c")
	for i := range 500 {
		c.Send(fmt.Appendf(nil, "%d", i))
	}
	for i := range 500 {
		m := wait(t, rec.messages)
		if got := text(m.frames); got != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, got)
		}
		if err := s.SendTo("c", m.frames...); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 500 {
		if got := text(read(t, c)); got != fmt.Sprint(i) {
			t.Fatalf("reply %d is %q", i, got)
		}
	}
}

func TestReconnectTakesOverIdentity(t *testing.T) {
	rec := newRecorder()
	s, endpoint := listen(t, Router, rec)
	old := dial(t, Dealer, endpoint, "same")
	old.Send([]byte("1"))
	wait(t, rec.messages)
	fresh := dial(t, Dealer, endpoint, "same")
	fresh.Send([]byte("2"))
	wait(t, rec.messages)
	if err := s.SendTo("same", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if got := text(read(t, fresh)); got != "hello" {
		t.Fatalf("got %q", got)
	}
}

func TestPublish(t *testing.T) {
	rec := newRecorder()
	s, endpoint := listen(t, Pub, rec)
	all, some := dial(t, Sub, endpoint, ""), dial(t, Sub, endpoint, "")
	all.Send([]byte{1})
	if m := wait(t, rec.messages); text(m.frames) != "" {
		t.Fatalf("topic %q", m.frames)
	}
	// ZMTP 3.1 subscribes by command.
	some.enqueue(appendCommand(nil, "SUBSCRIBE", []byte("b")))
	if m := wait(t, rec.messages); text(m.frames) != "b" {
		t.Fatalf("topic %q", m.frames)
	}
	s.Publish([]byte("a1"), []byte("x"))
	s.Publish([]byte("b1"), []byte("y"))
	if got := text(read(t, all)); got != "a1|x" {
		t.Errorf("all: %q", got)
	}
	if got := text(read(t, all)); got != "b1|y" {
		t.Errorf("all: %q", got)
	}
	if got := text(read(t, some)); got != "b1|y" {
		t.Errorf("some: %q", got)
	}
	some.enqueue(appendCommand(nil, "CANCEL", []byte("b")))
	some.enqueue(appendCommand(nil, "SUBSCRIBE", []byte("c")))
	wait(t, rec.messages)
	s.Publish([]byte("b2"))
	s.Publish([]byte("c2"))
	if got := text(read(t, some)); got != "c2" {
		t.Errorf("after cancelling: %q", got)
	}
}

func TestPing(t *testing.T) {
	_, endpoint := listen(t, Router, newRecorder())
	c := dial(t, Dealer, endpoint, "")
	c.enqueue(appendCommand(nil, "PING", []byte("\x00\x10hello")))
	_, name, data, err := readMessage(c.br)
	if err != nil || name != "PONG" || string(data) != "hello" {
		t.Fatalf("command %q, data %q, %v", name, data, err)
	}
}

// greeted is what a well-behaved client sends before its first message.
func greeted(socketType string) []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	return appendCommand(g, "READY", appendProperty(nil, "Socket-Type", socketType))
}

func TestMalformedBytesEndOnlyTheirConnection(t *testing.T) {
	ready := greeted("DEALER")
	long := func(size uint64) []byte { return binary.BigEndian.AppendUint64([]byte{flagLong}, size) }
	cases := []struct {
		name  string
		bytes []byte
		want  string // in the error reported
	}{
		{"http", []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "does not speak ZMTP"},
		{"zmtp 2", append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1}, make([]byte, 53)...), "does not speak ZMTP"},
		{"curve", func() []byte { g := greeted("DEALER")[:64]; copy(g[12:], "CURVE"); return g }(), "CURVE"},
		{"wrong socket type", greeted("SUB"), "does not talk to"},
		{"no socket type", appendCommand(greeted("X")[:64], "READY", nil), "does not talk to"},
		{"message for READY", append(greeted("X")[:64], 0, 1, 'x'), "READY"},
		{"truncated metadata", appendCommand(greeted("X")[:64], "READY", []byte{200, 'a'}), "metadata"},
		{"metadata size overflow", appendCommand(greeted("X")[:64], "READY", append(appendProperty(nil, "a", "")[:2], 255, 255, 255, 255)), "metadata"},
		{"empty command", append(bytes.Clone(ready), flagCommand, 0), "without a name"},
		{"command name too long", append(bytes.Clone(ready), flagCommand, 2, 50, 'x'), "without a name"},
		{"command inside a message", append(bytes.Clone(ready), flagMore, 0, flagCommand, 2, 1, 'x'), "inside a message"},
		{"reserved flags", append(bytes.Clone(ready), 0xf0, 0), "reserved"},
		{"frame of 2^63 bytes", append(bytes.Clone(ready), long(1<<63)...), "at most"},
		{"frame of 2^64-1 bytes", append(bytes.Clone(ready), long(1<<64-1)...), "at most"},
		{"frames without end", append(bytes.Clone(ready), bytes.Repeat([]byte{flagMore, 0}, maxFrames+1)...), "frames"},
	}
	rec := newRecorder()
	s, endpoint := listen(t, Router, rec)
	good := dial(t, Dealer, endpoint, "good")
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			nc, err := net.Dial("tcp", s.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			nc.Write(c.bytes)
			if err := wait(t, rec.dropped); !errors.Is(err, ErrProtocol) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("reported: %v", err)
			}
			nc.SetReadDeadline(time.Now().Add(5 * time.Second))
			if _, err := io.Copy(io.Discard, nc); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("connection left open")
			}
			good.Send([]byte(c.name))
			if m := wait(t, rec.messages); text(m.frames) != c.name {
				t.Errorf("the other client sent %q", m.frames)
			}
		})
	}
}

// TestAnnouncedFrameCostsNothing sends only the header of a large frame.
func TestAnnouncedFrameCostsNothing(t *testing.T) {
	header := binary.BigEndian.AppendUint64([]byte{flagLong}, maxFrame)
	grown := testing.AllocsPerRun(1, func() {
		_, body, err := readFrame(bufio.NewReader(bytes.NewReader(header)))
		if !errors.Is(err, io.ErrUnexpectedEOF) || cap(body) > 1<<20 {
			t.Errorf("%d bytes reserved, error %v", cap(body), err)
		}
	})
	if grown > 20 {
		t.Errorf("%v allocations", grown)
	}
}

func TestSubscriberFramesThatAreNoSubscription(t *testing.T) {
	rec := newRecorder()
	_, endpoint := listen(t, Pub, rec)
	c := dial(t, Sub, endpoint, "")
	c.Send(nil)
	c.Send([]byte{7})
	c.Send([]byte{1}, []byte("two frames"))
	c.Send([]byte("\x01good"))
	if m := wait(t, rec.messages); text(m.frames) != "good" {
		t.Fatalf("got %q", m.frames)
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	endpoint := "ipc://" + path
	rec := newRecorder()

	t.Run("stale file is replaced", func(t *testing.T) {
		ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		ln.SetUnlinkOnClose(false)
		ln.Close()
		s, err := Listen(Router, endpoint, rec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Listen(Router, endpoint, rec); err == nil || !strings.Contains(err.Error(), "listening") {
			t.Errorf("binding a live socket again: %v", err)
		}
		c := dial(t, Dealer, endpoint, "c")
		c.Send([]byte("x"))
		wait(t, rec.messages)
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket's file is left behind: %v", err)
		}
	})
	t.Run("other file is kept", func(t *testing.T) {
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Listen(Router, endpoint, rec); err == nil || !strings.Contains(err.Error(), "not a socket") {
			t.Errorf("binding over a file: %v", err)
		}
	})
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	rec := newRecorder()
	s, endpoint := listen(t, Router, rec)
	c := dial(t, Dealer, endpoint, "c")
	c.Send([]byte("hi"))
	wait(t, rec.messages)
	big := bytes.Repeat([]byte("y"), 20<<20)
	if err := s.SendTo("c", big); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- s.Close(t.Context()) }()
	if got := read(t, c); !bytes.Equal(got[0], big) {
		t.Errorf("%d bytes arrived", len(got[0]))
	}
	if err := wait(t, done); err != nil {
		t.Error(err)
	}
	if err := c.Send([]byte("x")); err == nil {
		if _, err = c.Read(); err == nil {
			t.Error("the connection outlives its socket")
		}
	}
}

func TestEndpoints(t *testing.T) {
	for _, endpoint := range []string{"", "tcp", "tcp://", "udp://127.0.0.1:1", "ipc://"} {
		if _, err := Listen(Router, endpoint, newRecorder()); err == nil || !strings.Contains(err.Error(), "endpoint") {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

func FuzzReadMessage(f *testing.F) {
	f.Add(encode([][]byte{[]byte("a"), nil, bytes.Repeat([]byte("b"), 300)}))
	f.Add(appendCommand(nil, "READY", appendProperty(nil, "Socket-Type", "DEALER")))
	f.Add([]byte{flagLong, 255, 255, 255, 255, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		frames, command, props, err := readMessage(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		if command != "" {
			_, _ = parseProperties(props) // must not panic
			return
		}
		again, _, _, err := readMessage(bufio.NewReader(bytes.NewReader(encode(frames))))
		if err != nil || text(again) != text(frames) || len(again) != len(frames) {
			t.Errorf("%q became %q (%v)", frames, again, err)
		}
	})
}
