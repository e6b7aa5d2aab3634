// Package outlet connects package display, which cells call, with the process that runs the cells. It exists so
// that display has no exported function for it: a program that is not a kernel has no outlet, and display then
// prints plain text instead.
package outlet

import (
	"errors"
	"sync/atomic"
)

// Op is what an Event does to a cell's output.
type Op string

// Operations.
const (
	Show   Op = "show"   // adds an output; with an ID it can be updated later
	Update Op = "update" // replaces the outputs that were shown under ID
	Clear  Op = "clear"  // removes a cell's outputs; with Wait only when the next one comes
)

// Event is one change to a cell's output.
type Event struct {
	Op       Op             `json:"op"`
	ID       string         `json:"id,omitempty"`
	Data     map[string]any `json:"data,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
	Wait     bool           `json:"wait,omitempty"`
}

// ErrNone is returned by Send in a program that is not a kernel.
var ErrNone = errors.New("no notebook is connected")

var sink atomic.Pointer[func(Event) error]

// Connect makes f receive all events from now on; nil disconnects. f may be called from several goroutines at once.
func Connect(f func(Event) error) {
	if f == nil {
		sink.Store(nil)
		return
	}
	sink.Store(&f)
}

// Connected says whether Send would deliver.
func Connected() bool { return sink.Load() != nil }

// Send delivers an event.
func Send(e Event) error {
	f := sink.Load()
	if f == nil {
		return ErrNone
	}
	return (*f)(e)
}
