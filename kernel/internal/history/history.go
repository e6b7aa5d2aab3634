// Package history keeps what was run in a kernel, over all its sessions.
//
// Each session that runs at least one cell has a file of its own, named by its number, to which one line of JSON is
// appended for each cell in a single write. So kernels that run at the same time do not meet, and of a cell that was
// being written when the power failed, only that cell is lost: a line that is not whole is passed over.
package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const (
	extension   = ".jsonl"
	maxSessions = 2000 // kept on disk; the oldest go first
)

// Entry is one cell that was run.
type Entry struct {
	Session int    `json:"-"`
	Line    int    `json:"line"` // its execution count
	In      string `json:"in"`
	Out     string `json:"out,omitempty"` // its value as plain text, if it had one
}

// Log is the history as one kernel sees it: its own session and all earlier ones.
type Log struct {
	dir string

	mu      sync.Mutex
	session int
	file    *os.File // nil until the first cell, and if the folder cannot be written
	own     []Entry
}

// DefaultDir is the history's folder in the user's data folder. GONMF_DATA_DIR replaces the data folder.
func DefaultDir() (string, error) {
	if dir := os.Getenv("GONMF_DATA_DIR"); dir != "" {
		return filepath.Join(dir, "history"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("history: %w (set GONMF_DATA_DIR to say where it is kept)", err)
	}
	data := filepath.Join(home, ".local", "share")
	switch {
	case runtime.GOOS == "windows" && os.Getenv("LOCALAPPDATA") != "":
		data = os.Getenv("LOCALAPPDATA")
	case runtime.GOOS == "darwin":
		data = filepath.Join(home, "Library", "Application Support")
	case filepath.IsAbs(os.Getenv("XDG_DATA_HOME")):
		data = os.Getenv("XDG_DATA_HOME")
	}
	return filepath.Join(data, "gonmf", "history"), nil
}

// Open opens the history in a folder, which is created with the first cell. An empty dir keeps this session's history
// in memory only.
func Open(dir string) *Log {
	l := &Log{dir: dir, session: 1}
	if earlier := l.sessions(); len(earlier) > 0 {
		l.session = earlier[len(earlier)-1] + 1
	}
	return l
}

// Dir returns the folder, empty if the history is kept in memory only.
func (l *Log) Dir() string { return l.dir }

// sessions lists the numbers of the sessions on disk in order. A folder that cannot be read is an empty history.
func (l *Log) sessions() []int {
	if l.dir == "" {
		return nil
	}
	files, err := os.ReadDir(l.dir)
	if err != nil {
		return nil
	}
	var numbers []int
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), extension)
		if n, err := strconv.Atoi(name); ok && err == nil && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

func (l *Log) path(session int) string {
	return filepath.Join(l.dir, fmt.Sprintf("%08d%s", session, extension))
}

// Append adds a cell. It is in the history even if the error says that it could not be saved.
func (l *Log) Append(line int, in, out string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := len(l.own) == 0
	e := Entry{Line: line, In: in, Out: out}
	l.own = append(l.own, e)
	if l.dir == "" {
		return nil
	}
	if first {
		if err := l.create(); err != nil {
			return fmt.Errorf("history: %w", err)
		}
	}
	if l.file == nil {
		return nil // reported with the first cell
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if _, err := l.file.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// create makes this session's file under a number that no other kernel has taken meanwhile.
func (l *Log) create() error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	for {
		f, err := os.OpenFile(l.path(l.session), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
		if err == nil {
			l.file = f
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		l.session++
	}
	if all := l.sessions(); len(all) > maxSessions {
		for _, n := range all[:len(all)-maxSessions] {
			_ = os.Remove(l.path(n)) // another kernel may be doing the same
		}
	}
	return nil
}

// Close closes the file.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return f.Close()
}

// read returns the cells of one session.
func (l *Log) read(session int) []Entry {
	if session == l.session {
		entries := slices.Clone(l.own)
		for i := range entries {
			entries[i].Session = session
		}
		return entries
	}
	raw, err := os.ReadFile(l.path(session))
	if err != nil {
		return nil
	}
	var entries []Entry
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, len(raw)+1)
	for lines.Scan() {
		e := Entry{Session: session}
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			entries = append(entries, e)
		}
	}
	return entries
}
