package session

import "gonmf/kernel/internal/session/streams"

// A Stream is one of the two streams that a cell can print on.
type Stream = streams.Stream

// The streams.
const (
	Stdout = streams.Stdout
	Stderr = streams.Stderr
)
