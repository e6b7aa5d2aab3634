package proc

import (
	"os"
	"os/exec"
	"strconv"
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

// Group is a process and all that it started.
type Group int

// Interrupt ends the group: there is no Ctrl-C for a process without a console.
func (g Group) Interrupt() { g.Kill() }

// Kill ends the group.
func (g Group) Kill() {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(int(g))).Run() // gone already is as well
}

// Alive says whether the first process of the group lives.
func (g Group) Alive() bool { return Alive(int(g)) }

// CPUTime returns the processor time that this process has used.
func CPUTime() (user, system time.Duration) {
	var created, exited, kernel, own windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &own); err != nil {
		return 0, 0
	}
	since := func(f windows.Filetime) time.Duration { // in units of 100 ns
		return time.Duration(int64(f.HighDateTime)<<32|int64(f.LowDateTime)) * 100
	}
	return since(own), since(kernel)
}

// EndSelf ends this process.
func EndSelf(code int) { os.Exit(code) }

// Private returns f: handles of standard files are not inherited unless asked for.
func Private(f *os.File) (*os.File, error) { return f, nil }
