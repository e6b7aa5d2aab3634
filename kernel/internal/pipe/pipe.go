// Package pipe is what the kernel and its worker process say to each other: length-prefixed frames with typed
// payloads over a pair of pipes. The worker answers each call of the kernel's with one Reply, and several may be under
// way; output, display events and questions come in between, in the order in which they happened.
package pipe

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"gonmf/kernel/internal/outlet"
	"gonmf/kernel/internal/wire"
)

// Kind says what a frame's payload is.
type Kind byte

// Kinds of frames. From Start to Answer they go to the worker, from Ready on they come from it.
const (
	KindStart      Kind = iota + 1 // Start: the first frame
	KindExecute                    // Call: Execute
	KindComplete                   // Call: Position
	KindInspect                    // Call: Position
	KindIsComplete                 // Call: Position
	KindInterrupt                  // Call: nothing; ends the call of its number
	KindAnswer                     // Answer to the last Question
	KindReady                      // the session is up
	KindOutput                     // EncodeOutput
	KindEvent                      // Event
	KindQuestion                   // Question
	KindReply                      // Call: what it replies with
	KindChild                      // Child
)

// Payloads sent to the worker.
type (
	// Start configures the worker.
	Start struct {
		MemoryLimit int64 `json:"memory_limit"` // bytes; 0 = none
		// What cells show ends in a terminal or a file, where nothing can be changed any more.
		Plain bool `json:"plain,omitempty"`
		// What to remove if the kernel is killed: its Unix sockets, and the connection file if Parent, the
		// process id of the front end, has gone, too. Parent 0 is unknown.
		Sockets        []string `json:"sockets"`
		ConnectionFile string   `json:"connection_file"`
		Parent         int      `json:"parent"`
		// What the session before this one has left, if it died.
		Place
		Inputs []string `json:"inputs"` // the cells that were run, by execution count
		// History is the folder of the history, empty if there is none.
		History string `json:"history"`
	}
	// Place is where a session works.
	Place struct {
		Dir string             `json:"dir"` // the current directory; empty = where the kernel was started
		Env map[string]*string `json:"env"` // variables that cells have set or, nil, removed
	}
	// Execute runs a cell.
	Execute struct {
		Cell        int               `json:"cell"`
		Code        string            `json:"code"`
		Silent      bool              `json:"silent"`
		Expressions map[string]string `json:"expressions"` // evaluated after the cell, by name
	}
	// Position is a place in a piece of code, in bytes.
	Position struct {
		Code string `json:"code"`
		Pos  int    `json:"pos"`
	}
	// Answer is what the user typed; Err says why there is nothing.
	Answer struct {
		Text string `json:"text"`
		Err  string `json:"err,omitempty"`
	}
)

// Payloads sent by the worker.
type (
	// Event is a display event and the cell it belongs to.
	Event struct {
		Cell int `json:"cell"`
		outlet.Event
	}
	// Question asks the user for a line.
	Question struct {
		Cell     int    `json:"cell"`
		Prompt   string `json:"prompt"`
		Password bool   `json:"password"`
	}
	// Value is a rendered value.
	Value struct {
		Data     wire.Bundle `json:"data"`
		Metadata wire.Bundle `json:"metadata"`
	}
	// Outcome is a value or an error.
	Outcome struct {
		Value   *Value        `json:"value,omitempty"`
		Failure *wire.Failure `json:"failure,omitempty"`
	}
	// Executed replies to Execute. It has neither value nor failure if the cell has no value to show.
	Executed struct {
		Outcome
		Expressions map[string]Outcome `json:"expressions"`
		Report
	}
	// Report is what a cell brought about beside output and a value.
	Report struct {
		Payload []map[string]any `json:"payload,omitempty"` // for the front end, see wire.ExecuteReply
		Place   *Place           `json:"place,omitempty"`   // nil if it has not changed
	}
	// Child is a process that the session has started in a group of its own, to be ended with the session.
	Child struct {
		PID   int  `json:"pid"`
		Ended bool `json:"ended"`
	}
	// Completed replies to KindComplete: what may replace the bytes from Start to End.
	Completed struct {
		Matches []Match `json:"matches"`
		Start   int     `json:"start"`
		End     int     `json:"end"`
	}
	// Match is one completion.
	Match struct {
		Text string `json:"text"`
		Type string `json:"type"` // function, type, variable, ...; may be empty
	}
	// Inspected replies to KindInspect.
	Inspected struct {
		Found bool        `json:"found"`
		Data  wire.Bundle `json:"data"`
	}
	// Completeness replies to KindIsComplete, see wire.IsCompleteReply.
	Completeness struct {
		Status string `json:"status"`
		Indent string `json:"indent"`
	}
)

// MaxPayload bounds a frame; a value that renders to more is refused where it is rendered.
const MaxPayload = 256 << 20

// ErrTooLarge is wrapped by Write's error for a payload above MaxPayload.
var ErrTooLarge = errors.New("too large to be sent to the notebook")

// Writer writes frames; it may be used from several goroutines.
type Writer struct {
	mu sync.Mutex
	w  io.Writer
}

// NewWriter returns a Writer on w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write sends a frame with raw bytes as its payload.
func (w *Writer) Write(kind Kind, payload []byte) error {
	if len(payload) > MaxPayload {
		return fmt.Errorf("%d MB: %w", len(payload)>>20, ErrTooLarge)
	}
	buf := make([]byte, 5, 5+len(payload))
	binary.BigEndian.PutUint32(buf, uint32(len(payload)))
	buf[4] = byte(kind)
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.w.Write(append(buf, payload...))
	return err
}

// WriteJSON sends a frame with v as its payload.
func (w *Writer) WriteJSON(kind Kind, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.Write(kind, payload)
}

// WriteCall sends a frame that belongs to a call, with its number before v.
func (w *Writer) WriteCall(kind Kind, call uint64, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.Write(kind, append(binary.BigEndian.AppendUint64(nil, call), payload...))
}

// DecodeCall takes the payload of a frame that belongs to a call apart.
func DecodeCall(payload []byte) (call uint64, content []byte, err error) {
	if len(payload) < 8 {
		return 0, nil, errors.New("truncated frame of a call")
	}
	return binary.BigEndian.Uint64(payload), payload[8:], nil
}

// Read reads one frame.
func Read(r *bufio.Reader) (Kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > MaxPayload {
		return 0, nil, fmt.Errorf("frame of %d bytes", size)
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, fmt.Errorf("truncated frame: %w", err)
	}
	return Kind(head[4]), payload, nil
}

// EncodeOutput packs text that a cell wrote, since it is too much for JSON at times.
func EncodeOutput(cell int, stderr bool, text []byte) []byte {
	buf := make([]byte, 9, 9+len(text))
	binary.BigEndian.PutUint64(buf, uint64(cell))
	if stderr {
		buf[8] = 1
	}
	return append(buf, text...)
}

// DecodeOutput is the inverse of EncodeOutput.
func DecodeOutput(payload []byte) (cell int, stderr bool, text []byte, err error) {
	if len(payload) < 9 {
		return 0, false, nil, errors.New("truncated output frame")
	}
	return int(binary.BigEndian.Uint64(payload)), payload[8] == 1, payload[9:], nil
}
