//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMB returns the most memory that a finished process had.
func peakMB(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / (1 << 20) // in bytes there
	}
	return float64(usage.Maxrss) / (1 << 10)
}
