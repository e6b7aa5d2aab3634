package streams

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A Pipe carries what compiled code writes to the cells' os.Stdout or os.Stderr.
type Pipe struct {
	File   *os.File // to write to
	to     io.Writer
	synced chan struct{}
}

// syncMark goes through the pipe to tell that everything before it has arrived.
// It is not text that anyone writes.
var syncMark = []byte("\x00\xff gonmf session sync \xff\x00")

// NewPipe returns a pipe to a writer.
func NewPipe(to io.Writer) (*Pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &Pipe{File: w, to: to, synced: make(chan struct{}, 1)}
	go p.copy(r)
	return p, nil
}

func (p *Pipe) copy(r *os.File) {
	defer r.Close()
	var held []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		held = append(held, buf[:n]...)
		for {
			i := bytes.Index(held, syncMark)
			if i < 0 {
				break
			}
			p.to.Write(held[:i])
			held = append(held[:0], held[i+len(syncMark):]...)
			p.synced <- struct{}{}
		}
		keep := partialMark(held)
		p.to.Write(held[:len(held)-keep])
		held = append(held[:0], held[len(held)-keep:]...)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
				fmt.Fprintf(p.to, "reading what the cell printed: %v\n", err)
			}
			close(p.synced)
			return
		}
	}
}

// partialMark returns how many bytes at the end of p may begin a mark.
func partialMark(p []byte) int {
	for n := min(len(syncMark)-1, len(p)); n > 0; n-- {
		if bytes.HasPrefix(syncMark, p[len(p)-n:]) {
			return n
		}
	}
	return 0
}

// Drain waits until what was written to the pipe has arrived. A cell may have
// closed its end, or handed it to a process that keeps it full: then not long.
func (p *Pipe) Drain() {
	const patience = 100 * time.Millisecond
	p.File.SetWriteDeadline(time.Now().Add(patience))
	defer p.File.SetWriteDeadline(time.Time{})
	if _, err := p.File.Write(syncMark); err != nil {
		return
	}
	select {
	case <-p.synced:
	case <-time.After(patience):
	}
}
