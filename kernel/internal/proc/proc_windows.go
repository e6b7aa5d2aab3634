package proc

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

const numericParent = false

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
