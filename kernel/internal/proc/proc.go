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

// ParentFromEnv returns the process id of the front end that started this kernel, which Jupyter leaves in the
// environment, or 0. On Windows the variable holds a handle instead and is not used.
func ParentFromEnv() int {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid <= 1 || !numericParent {
		return 0
	}
	return pid
}

// WatchParent returns a channel that is closed once the process with that id has ended. A direct parent is watched by
// Getppid, which cannot be fooled by another process that is given the same id. With pid 0 it never closes.
func WatchParent(pid int, every time.Duration) <-chan struct{} {
	gone := make(chan struct{})
	if pid == 0 {
		return gone
	}
	direct := os.Getppid() == pid
	go func() {
		defer close(gone)
		for {
			if direct && os.Getppid() != pid || !direct && !Alive(pid) {
				return
			}
			time.Sleep(every)
		}
	}()
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
