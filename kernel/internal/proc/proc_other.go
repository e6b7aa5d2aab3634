//go:build !linux

package proc

import "os"

// LimitMemory makes the system refuse this process more than that many bytes of data.
func LimitMemory(int64) error { return ErrNoLimit }

// TotalMemory returns the bytes of memory that this process may hope for. 0 means unknown.
func TotalMemory() int64 { return 0 }

// Self is the path under which this program can be started again.
func Self() (string, error) { return os.Executable() }
