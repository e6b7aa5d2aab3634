//go:build unix

package proc

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// PID returns the parent's process id, 0 if it is unknown.
func (p Parent) PID() int { return int(p) }

// wait looks from time to time whether the parent lives. A direct parent is watched by Getppid, which cannot be fooled by
// another process that is given the same id.
func (p Parent) wait(every time.Duration) {
	pid := p.PID()
	direct := os.Getppid() == pid
	for direct && os.Getppid() == pid || !direct && Alive(pid) {
		time.Sleep(every)
	}
}

// Alive says whether a process exists and is not merely waiting to be reaped.
func Alive(pid int) bool {
	return syscall.Kill(pid, 0) != syscall.ESRCH && !zombie(pid)
}

// ChildAttr puts a child into a process group of its own. That it ends with its parent is up to the child, which sees
// its pipe close: a signal on the parent's death would come before the child can clean up.
func ChildAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// KillTree ends a process that was started with ChildAttr, and all that it started.
func KillTree(p *os.Process) {
	// Either fails if there is nothing left to kill.
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	_ = p.Kill()
}

// Group is a process that was started with ChildAttr, by its id, and all that it started.
type Group int

// Interrupt asks the group to end, as Ctrl-C does.
func (g Group) Interrupt() { _ = syscall.Kill(-int(g), syscall.SIGINT) } // gone already is as well

// Kill ends the group.
func (g Group) Kill() { _ = syscall.Kill(-int(g), syscall.SIGKILL) }

// Alive says whether anything of the group is left.
func (g Group) Alive() bool { return syscall.Kill(-int(g), 0) != syscall.ESRCH }

// CPUTime returns the processor time that this process has used.
func CPUTime() (user, system time.Duration) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}

// EndSelf ends this process with all that it started. It is for a process that was started with ChildAttr.
func EndSelf(code int) {
	if pid := os.Getpid(); pid == syscall.Getpgrp() {
		_ = syscall.Kill(-pid, syscall.SIGKILL) // does not return
	}
	os.Exit(code)
}

// Private returns a duplicate of f that processes started from here do not inherit, and makes f itself read and
// write nothing. What uses the standard descriptors from then on cannot get at the duplicate.
func Private(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	if err := unix.Dup2(int(null.Fd()), int(f.Fd())); err != nil {
		return nil, os.NewSyscallError("dup2", err)
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}
