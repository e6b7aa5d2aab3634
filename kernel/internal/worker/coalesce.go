package worker

import (
	"sync"
	"time"
	"unicode/utf8"
)

// Output that follows other output closely waits for more of it until there is this much, or this long. A front end
// handles a few large messages far better than many small ones, and nobody sees a delay this short.
const (
	coalesceBytes = 1 << 20
	coalesceDelay = 25 * time.Millisecond
)

// coalescer joins what a cell writes piece by piece.
type coalescer struct {
	send func(cell int, stderr bool, text []byte)

	mu     sync.Mutex
	buf    []byte
	cell   int
	stderr bool
	timer  *time.Timer // nil while nothing waits
	sent   time.Time   // when output was last sent
}

// write adds text. Output of another cell or stream first pushes out what waits, so that order is kept.
func (c *coalescer) write(cell int, stderr bool, text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cell != c.cell || stderr != c.stderr {
		c.flushLocked(len(c.buf))
		c.cell, c.stderr = cell, stderr
	}
	for len(text) > 0 {
		n := min(len(text), coalesceBytes-len(c.buf))
		c.buf = append(c.buf, text[:n]...)
		text = text[n:]
		if len(c.buf) == coalesceBytes {
			c.flushLocked(wholeRunes(c.buf))
		}
	}
	if time.Since(c.sent) > coalesceDelay {
		// The first for a while is not held back: should it be a crash's last words, they are out.
		c.flushLocked(wholeRunes(c.buf))
	}
	if len(c.buf) > 0 && c.timer == nil {
		c.timer = time.AfterFunc(coalesceDelay, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.flushLocked(wholeRunes(c.buf))
		})
	}
}

// flush sends all that waits. It must precede every other message, so that order is kept.
func (c *coalescer) flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flushLocked(len(c.buf))
}

func (c *coalescer) flushLocked(n int) {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if n == 0 {
		return
	}
	c.send(c.cell, c.stderr, c.buf[:n])
	c.sent = time.Now()
	c.buf = append(c.buf[:0], c.buf[n:]...)
}

// wholeRunes returns how much of p can be sent without cutting a UTF-8 sequence that has only begun to arrive.
func wholeRunes(p []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(p); i++ {
		if tail := p[len(p)-i:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return len(p)
			}
			return len(p) - i
		}
	}
	return len(p)
}
