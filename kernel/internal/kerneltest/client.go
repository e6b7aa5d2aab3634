package kerneltest

import (
	"encoding/json"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/zmtp"
)

// Timeout is how long a client waits for any message before the test fails.
const Timeout = 20 * time.Second

// Connection returns a connection over free TCP ports of this machine.
func Connection(t testing.TB, key string) server.Connection {
	t.Helper()
	c := server.Connection{Transport: "tcp", IP: "127.0.0.1", Key: key, SignatureScheme: "hmac-sha256"}
	var held []net.Listener // all at once, or the same port is given twice
	for _, port := range []*int{&c.ShellPort, &c.IOPubPort, &c.StdinPort, &c.ControlPort, &c.HBPort} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*port = ln.Addr().(*net.TCPAddr).Port
		held = append(held, ln)
	}
	for _, ln := range held {
		ln.Close()
	}
	return c
}

// Client is a front end.
type Client struct {
	t       testing.TB
	key     *wire.Signer
	session string

	Shell, Control, Stdin, HB *zmtp.Conn
	iopub                     *zmtp.Conn
	replies                   map[*zmtp.Conn]chan *wire.Message
	requests                  chan *wire.Message // on stdin

	mu        sync.Mutex
	published []*wire.Message
	byParent  map[string][]*wire.Message
	idle      map[string]bool // requests that are finished
	changed   chan struct{}   // closed and replaced when published grows
}

// Dial connects to a kernel and waits until it hears what that publishes.
func Dial(t testing.TB, c server.Connection) *Client {
	t.Helper()
	key, err := wire.NewSigner(c.Key, c.SignatureScheme)
	if err != nil {
		t.Fatal(err)
	}
	client := &Client{
		t: t, key: key, session: wire.NewID(), changed: make(chan struct{}), requests: make(chan *wire.Message, 100),
		replies: make(map[*zmtp.Conn]chan *wire.Message), byParent: make(map[string][]*wire.Message), idle: make(map[string]bool),
	}
	dial := func(kind zmtp.Kind, port int) *zmtp.Conn {
		conn, err := zmtp.Dial(t.Context(), kind, c.Endpoint(port), client.session)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	client.Shell, client.Control = dial(zmtp.Dealer, c.ShellPort), dial(zmtp.Dealer, c.ControlPort)
	client.Stdin, client.HB = dial(zmtp.Dealer, c.StdinPort), dial(zmtp.Req, c.HBPort)
	client.iopub = dial(zmtp.Sub, c.IOPubPort)
	for _, conn := range []*zmtp.Conn{client.Shell, client.Control} {
		ch := make(chan *wire.Message, 10_000)
		client.replies[conn] = ch
		go client.read(conn, func(m *wire.Message) { ch <- m })
	}
	go client.read(client.Stdin, func(m *wire.Message) { client.requests <- m })
	go client.read(client.iopub, client.publish)
	if err := client.iopub.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	client.Published(func(m *wire.Message) bool { return m.Header.Type == "iopub_welcome" })
	return client
}

func (c *Client) read(conn *zmtp.Conn, take func(*wire.Message)) {
	for {
		frames, err := conn.Read()
		if err != nil {
			return // the kernel or the test has ended
		}
		m, err := wire.Parse(frames, c.key)
		if err != nil {
			c.t.Errorf("the kernel sent %q: %v", frames, err)
			return
		}
		take(m)
	}
}

func (c *Client) publish(m *wire.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.published = append(c.published, m)
	parent := ParentID(m)
	var status wire.Status
	if m.Header.Type != "status" {
		c.byParent[parent] = append(c.byParent[parent], m)
	} else if err := m.Decode(&status); err == nil && status.State == "idle" {
		c.idle[parent] = true
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

// ParentID returns the id of the message that m is a consequence of.
func ParentID(m *wire.Message) string {
	var h wire.Header
	if err := json.Unmarshal(m.Parent, &h); err != nil {
		return ""
	}
	return h.ID
}

// Decode returns a message's content.
func Decode[T any](t testing.TB, m *wire.Message) T {
	t.Helper()
	var content T
	if err := m.Decode(&content); err != nil {
		t.Fatal(err)
	}
	return content
}

// await waits until f, which is called with the mutex held whenever something was published, returns true.
func (c *Client) await(what string, f func() bool) {
	c.t.Helper()
	timeout := time.After(Timeout)
	for {
		c.mu.Lock()
		done, changed, n := f(), c.changed, len(c.published)
		c.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			c.t.Fatalf("%s was not published; %d other messages were", what, n)
		}
	}
}

// Published waits for a published message that satisfies f, among those since the client has connected.
func (c *Client) Published(f func(*wire.Message) bool) *wire.Message {
	c.t.Helper()
	var found *wire.Message
	seen := 0
	c.await("the message waited for", func() bool {
		for ; seen < len(c.published) && found == nil; seen++ {
			if f(c.published[seen]) {
				found = c.published[seen]
			}
		}
		return found != nil
	})
	return found
}

// Of returns what was published as a consequence of a request, other than its status.
func (c *Client) Of(id string) []*wire.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.byParent[id])
}

// Send sends a message over a connection and returns its id. A content of nil is an empty object.
func (c *Client) Send(conn *zmtp.Conn, msgType string, content any) string {
	c.t.Helper()
	return c.send(conn, "", msgType, content, 1)
}

// SendTwice sends a message and then the very same once more.
func (c *Client) SendTwice(conn *zmtp.Conn, msgType string, content any) string {
	c.t.Helper()
	return c.send(conn, "", msgType, content, 2)
}

// SendSub sends a message to a subshell.
func (c *Client) SendSub(subshell, msgType string, content any) string {
	c.t.Helper()
	return c.send(c.Shell, subshell, msgType, content, 1)
}

func (c *Client) send(conn *zmtp.Conn, subshell, msgType string, content any, times int) string {
	c.t.Helper()
	if content == nil {
		content = struct{}{}
	}
	m, err := wire.New(c.session, msgType, nil, content)
	if err != nil {
		c.t.Fatal(err)
	}
	m.Header.Subshell = subshell
	frames, err := m.Frames(c.key)
	for range times {
		if err == nil {
			err = conn.Send(frames...)
		}
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return m.Header.ID
}

// Reply waits for the next reply on a connection.
func (c *Client) Reply(conn *zmtp.Conn) *wire.Message {
	c.t.Helper()
	select {
	case m := <-c.replies[conn]:
		return m
	case <-time.After(Timeout):
		c.t.Fatal("no reply")
		return nil
	}
}

// Ask sends a request and waits for its reply, which must be the next one on that connection.
func (c *Client) Ask(conn *zmtp.Conn, msgType string, content any) *wire.Message {
	c.t.Helper()
	id := c.Send(conn, msgType, content)
	m := c.Reply(conn)
	if ParentID(m) != id {
		c.t.Fatalf("%s: the reply is a %s to another request", msgType, m.Header.Type)
	}
	return m
}

// Question waits for an input_request.
func (c *Client) Question() *wire.Message {
	c.t.Helper()
	select {
	case m := <-c.requests:
		return m
	case <-time.After(Timeout):
		c.t.Fatal("no input_request")
		return nil
	}
}

// Answer answers a question.
func (c *Client) Answer(question *wire.Message, text string) {
	c.t.Helper()
	m, err := wire.New(c.session, "input_reply", question, wire.InputReply{Value: text})
	if err != nil {
		c.t.Fatal(err)
	}
	frames, err := m.Frames(c.key)
	if err == nil {
		err = c.Stdin.Send(frames...)
	}
	if err != nil {
		c.t.Fatal(err)
	}
}

// Cell is a cell that has been run.
type Cell struct {
	ID     string
	Reply  wire.ExecuteReply
	Output []*wire.Message // published for it, other than status
}

// Run runs a cell with the protocol's defaults and waits until the kernel is idle again.
func (c *Client) Run(code string) Cell {
	c.t.Helper()
	q := wire.NewExecuteRequest()
	q.Code = code
	return c.Execute(q)
}

// Execute runs a cell and waits until the kernel is idle again.
func (c *Client) Execute(q wire.ExecuteRequest) Cell {
	c.t.Helper()
	id := c.Send(c.Shell, "execute_request", q)
	return c.Finish(id)
}

// Finish waits for the reply to an execute_request and for the idle status.
func (c *Client) Finish(id string) Cell {
	c.t.Helper()
	m := c.Reply(c.Shell)
	if ParentID(m) != id {
		c.t.Fatalf("the reply %s %s is to another request", m.Header.Type, m.Content)
	}
	c.Idle(id)
	return Cell{ID: id, Reply: Decode[wire.ExecuteReply](c.t, m), Output: c.Of(id)}
}

// Idle waits until a request is finished.
func (c *Client) Idle(id string) {
	c.t.Helper()
	c.await("the idle status", func() bool { return c.idle[id] })
}

// IsIdle says whether a request is finished.
func (c *Client) IsIdle(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.idle[id]
}

// Text joins what a cell wrote to a stream.
func (cell Cell) Text(t testing.TB, name string) string {
	t.Helper()
	text := ""
	for _, m := range cell.Output {
		if m.Header.Type == "stream" {
			if s := Decode[wire.Stream](t, m); s.Name == name {
				text += s.Text
			}
		}
	}
	return text
}

// Types lists the types of what was published for a cell.
func (cell Cell) Types() []string {
	var types []string
	for _, m := range cell.Output {
		types = append(types, m.Header.Type)
	}
	return types
}

// Result returns the plain text of a cell's value.
func (cell Cell) Result(t testing.TB) string {
	t.Helper()
	for _, m := range cell.Output {
		if m.Header.Type == "execute_result" {
			text, _ := Decode[wire.DisplayData](t, m).Data["text/plain"].(string)
			return text
		}
	}
	return ""
}

// Beat sends a heartbeat and waits for its echo.
func (c *Client) Beat() error {
	if err := c.HB.Send(nil, []byte("ping")); err != nil {
		return err
	}
	frames, err := c.HB.Read()
	if err == nil && (len(frames) != 2 || string(frames[1]) != "ping") {
		err = errors.New("the heartbeat comes back changed")
	}
	return err
}

// Up says whether a kernel listens on all its sockets.
func Up(c server.Connection) bool {
	for _, port := range []int{c.ShellPort, c.IOPubPort, c.StdinPort, c.ControlPort, c.HBPort} {
		network, address, _ := strings.Cut(c.Endpoint(port), "://")
		if network == "ipc" {
			network = "unix"
		}
		conn, err := net.Dial(network, address)
		if err != nil {
			return false
		}
		conn.Close()
	}
	return true
}
