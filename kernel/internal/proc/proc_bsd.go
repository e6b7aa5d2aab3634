//go:build unix && !linux

package proc

import "syscall"

// ChildAttr puts a child into a process group of its own. That it ends with its parent is up to the child.
func ChildAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func zombie(int) bool { return false }
