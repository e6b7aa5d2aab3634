package proc

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// PID returns 0, as the parent is known by a handle only.
func (p Parent) PID() int { return 0 }

func (p Parent) wait(time.Duration) {
	if _, err := windows.WaitForSingleObject(windows.Handle(p), windows.INFINITE); err != nil {
		select {} // the handle is not one: the parent is unknown after all
	}
}

const stillActive = 259

// Alive says whether a process exists.
func Alive(pid int) bool {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return false
	}
	defer windows.CloseHandle(h)
	var code uint32
	return windows.GetExitCodeProcess(h, &code) == nil && code == stillActive
}

// ChildAttr keeps a console's Ctrl-C from a child.
func ChildAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// KillTree ends a process.
func KillTree(p *os.Process) { _ = p.Kill() }

// EndSelf ends this process.
func EndSelf(code int) { os.Exit(code) }

// Private returns f: handles of standard files are not inherited unless asked for.
func Private(f *os.File) (*os.File, error) { return f, nil }
