package streams

import (
	"sync"
	"time"
)

// A Stream is one of the two streams that a cell can print on.
type Stream int

// The streams.
const (
	Stdout Stream = iota
	Stderr
)

const (
	outputBytes = 64 << 10              // handed over at once when this much waits
	outputDelay = 40 * time.Millisecond // or after this long
)

// An Output joins what cells print to larger pieces and hands them over in order.
type Output struct {
	emit func(cell int, s Stream, p []byte)

	mu     sync.Mutex
	buf    []byte
	cell   int
	stream Stream
	timer  *time.Timer
	armed  bool
}

// NewOutput returns an Output that hands over to emit, which is never called twice at once
// and may keep nothing of p.
func NewOutput(emit func(cell int, s Stream, p []byte)) *Output {
	if emit == nil {
		emit = func(int, Stream, []byte) {}
	}
	o := &Output{emit: emit}
	o.timer = time.AfterFunc(time.Hour, o.Flush)
	o.timer.Stop()
	return o
}

// Write takes what a cell has printed on a stream.
func (o *Output) Write(cell int, s Stream, p []byte) {
	if len(p) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if cell != o.cell || s != o.stream {
		o.flushLocked()
		o.cell, o.stream = cell, s
	}
	o.buf = append(o.buf, p...)
	if len(o.buf) >= outputBytes {
		o.flushLocked()
	} else if !o.armed {
		o.armed = true
		o.timer.Reset(outputDelay)
	}
}

// Flush hands over what waits.
func (o *Output) Flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
}

func (o *Output) flushLocked() {
	if o.armed {
		o.timer.Stop()
		o.armed = false
	}
	if len(o.buf) > 0 {
		o.emit(o.cell, o.stream, o.buf)
		o.buf = o.buf[:0]
	}
}
