package session

import (
	"sync"
	"time"
)

const (
	outputBytes = 64 << 10              // handed over at once when this much waits
	outputDelay = 40 * time.Millisecond // or after this long
)

// output joins what cells print to larger pieces and hands them over in order.
type output struct {
	emit func(cell int, s Stream, p []byte)

	mu     sync.Mutex
	buf    []byte
	cell   int
	stream Stream
	timer  *time.Timer
	armed  bool
}

func newOutput(emit func(cell int, s Stream, p []byte)) *output {
	if emit == nil {
		emit = func(int, Stream, []byte) {}
	}
	o := &output{emit: emit}
	o.timer = time.AfterFunc(time.Hour, o.flush)
	o.timer.Stop()
	return o
}

func (o *output) write(cell int, s Stream, p []byte) {
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

// flush hands over what waits.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flushLocked()
}

func (o *output) flushLocked() {
	if o.armed {
		o.timer.Stop()
		o.armed = false
	}
	if len(o.buf) > 0 {
		o.emit(o.cell, o.stream, o.buf)
		o.buf = o.buf[:0]
	}
}
