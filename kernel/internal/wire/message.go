// Package wire is the Jupyter messaging protocol as data: messages are parsed, checked and signed here, and their
// contents are typed. It knows nothing of sockets or of what a kernel does with a message.
//
// The protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html
package wire

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ProtocolVersion is the version of the messaging protocol spoken and declared.
const ProtocolVersion = "5.4"

// delimiter separates routing identities from the message proper.
const delimiter = "<IDS|MSG>"

// Parse returns an error that wraps one of these.
var (
	ErrMalformed = errors.New("malformed message")
	ErrSignature = errors.New("wrong signature")
)

// Header identifies a message.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
	Subshell string `json:"subshell_id,omitempty"` // that a request is for; empty: the kernel's own shell
}

// Message is one message, received or to be sent. The raw parts are JSON objects; a nil one is sent as {}.
type Message struct {
	Identities [][]byte // routing frames before the delimiter; the topic for iopub
	Header     Header
	RawHeader  json.RawMessage // the header as received, so that it returns unchanged as a parent
	Parent     json.RawMessage
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte
	Signature  string // as received, 32 bytes; empty without a key
}

// NewHeader returns a header with a fresh id and the current time.
func NewHeader(session, msgType string) Header {
	return Header{
		ID: NewID(), Session: session, Username: "kernel", Type: msgType, Version: ProtocolVersion,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
	}
}

// NewID returns a random identifier.
func NewID() string { return strings.ToLower(rand.Text()) }

// Parse takes a message apart and verifies its signature. Whatever the frames hold, it returns an error rather than
// a message of the wrong shape: all four JSON parts are objects, and the header has an id and a type.
func Parse(frames [][]byte, key *Signer) (*Message, error) {
	start := -1
	for i, f := range frames {
		if string(f) == delimiter {
			start = i
			break
		}
	}
	if start < 0 {
		return nil, fmt.Errorf("%w: no %s among its %d frames", ErrMalformed, delimiter, len(frames))
	}
	body := frames[start+1:]
	if len(body) < 5 {
		return nil, fmt.Errorf("%w: %d frames after %s, at least 5 are needed", ErrMalformed, len(body), delimiter)
	}
	parts := body[1:5]
	if err := key.verify(body[0], parts); err != nil {
		return nil, err
	}
	for i, name := range [...]string{"header", "parent_header", "metadata", "content"} {
		if err := checkObject(parts[i]); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrMalformed, name, err)
		}
	}
	m := &Message{
		Identities: slices.Clone(frames[:start]), RawHeader: parts[0], Parent: parts[1], Metadata: parts[2], Content: parts[3],
		Buffers: body[5:], Signature: key.digest(body[0]),
	}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return nil, fmt.Errorf("%w: header: %w", ErrMalformed, err)
	}
	if m.Header.ID == "" || m.Header.Type == "" {
		return nil, fmt.Errorf("%w: header without msg_id or msg_type", ErrMalformed)
	}
	return m, nil
}

func checkObject(part []byte) error {
	if trimmed := bytes.TrimLeft(part, " \t\r\n"); len(trimmed) == 0 || trimmed[0] != '{' {
		return errors.New("not a JSON object")
	}
	if !json.Valid(part) {
		return errors.New("not valid JSON")
	}
	return nil
}

// Decode unmarshals the content into v, which is a pointer to one of the content types of this package.
func (m *Message) Decode(v any) error {
	if err := json.Unmarshal(m.Content, v); err != nil {
		return fmt.Errorf("%w: content of %s: %w", ErrMalformed, m.Header.Type, err)
	}
	return nil
}

// Frames serialises and signs the message.
func (m *Message) Frames(key *Signer) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, fmt.Errorf("wire: header: %w", err)
	}
	parts := [][]byte{header, object(m.Parent), object(m.Metadata), object(m.Content)}
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, []byte(delimiter), key.sign(parts))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...), nil
}

func object(raw json.RawMessage) []byte {
	if raw == nil {
		return []byte("{}")
	}
	return raw
}

// New builds a message of a type with a content, in answer to parent (nil: none).
func New(session, msgType string, parent *Message, content any) (*Message, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("wire: content of %s: %w", msgType, err)
	}
	m := &Message{Header: NewHeader(session, msgType), Content: raw}
	if parent != nil {
		m.Parent = parent.RawHeader
	}
	return m, nil
}
