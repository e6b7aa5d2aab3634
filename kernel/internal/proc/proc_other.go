//go:build !linux

package proc

import "os"

// LimitMemory makes the system refuse this process more than that many bytes of data.
func LimitMemory(int64) error { return ErrNoLimit }

// TotalMemory returns the bytes of memory that this process may hope for. 0 means unknown.
func TotalMemory() int64 { return 0 }

// HostMemory tells of the machine's memory; ok says whether it is known.
func HostMemory() (m Memory, ok bool) { return m, false }

// UsageOf tells what a process has taken; ok says whether it is known.
func UsageOf(int) (u Usage, ok bool) { return u, false }

// Self is the path under which this program can be started again.
func Self() (string, error) { return os.Executable() }
