package streams

import (
	"bufio"
	"sync"
)

// Stdin reads the lines that the user types. It has the methods that fmt.Fscan
// wants, so that no rune is lost between two scans.
type Stdin struct {
	mu  sync.Mutex
	buf *bufio.Reader
}

// NewStdin returns one that asks for lines by a function, which returns them without their
// newlines.
func NewStdin(ask func() (string, error)) *Stdin {
	return &Stdin{buf: bufio.NewReader(&lines{ask: ask})}
}

// Read implements io.Reader.
func (r *Stdin) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Read(p)
}

// ReadRune implements io.RuneReader.
func (r *Stdin) ReadRune() (rune, int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.ReadRune()
}

// UnreadRune implements io.RuneScanner.
func (r *Stdin) UnreadRune() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.UnreadRune()
}

// lines asks for a line whenever there is nothing left of the last one.
type lines struct {
	ask  func() (string, error)
	rest []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.ask()
		if err != nil {
			return 0, err
		}
		l.rest = []byte(line + "\n")
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
