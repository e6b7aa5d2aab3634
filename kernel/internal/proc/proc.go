// Package proc holds what operating systems do differently about processes: whether one lives, ending one with all
// that it started, and how much memory it may use.
package proc

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"
)

// Parent is the front end that started this kernel: its process id, or on Windows a handle for it that only this process
// can use. 0 is an unknown parent.
type Parent int

// ParentFromEnv returns what Jupyter leaves in the environment.
func ParentFromEnv() Parent {
	n, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || n <= 1 {
		return 0
	}
	return Parent(n)
}

// Watch returns a channel that is closed once the parent has ended. For an unknown parent it never closes.
func (p Parent) Watch(every time.Duration) <-chan struct{} {
	gone := make(chan struct{})
	if p != 0 {
		go func() {
			p.wait(every)
			close(gone)
		}()
	}
	return gone
}

// RemoveDeadSocket removes the file of a Unix socket on which no process listens, and says whether it is gone.
func RemoveDeadSocket(path string) bool {
	nc, err := net.Dial("unix", path)
	if err == nil {
		nc.Close()
		return false
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		err = os.Remove(path)
	}
	return err == nil || errors.Is(err, fs.ErrNotExist)
}

// ErrNoLimit is returned by LimitMemory where the system offers no such limit.
var ErrNoLimit = errors.New("this system has no limit for one process's memory")

// Memory is that of a machine, in bytes: all, what can be had without taking it from anybody, and what nothing uses,
// not even as a cache.
type Memory struct{ Total, Available, Free int64 }

// Usage is what a process has taken.
type Usage struct {
	Memory int64         // bytes that are in memory
	CPU    time.Duration // of all processors
}
