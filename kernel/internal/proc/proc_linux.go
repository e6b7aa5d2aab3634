package proc

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	// The state follows the name, which is in parentheses and may hold anything.
	i := bytes.LastIndexByte(stat, ')')
	return i >= 0 && i+2 < len(stat) && stat[i+2] == 'Z'
}

// LimitMemory makes the system refuse this process more than that many bytes of data.
func LimitMemory(bytes int64) error {
	limit := syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	const rlimitData = 2 // RLIMIT_DATA
	return os.NewSyscallError("setrlimit", syscall.Setrlimit(rlimitData, &limit))
}

// TotalMemory returns the bytes of memory that this process may hope for: the machine's, or less in a container. 0
// means unknown.
func TotalMemory() int64 {
	total := int64(math.MaxInt64)
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			var kb int64
			if n, _ := fmt.Sscanf(line, "MemTotal: %d kB", &kb); n == 1 {
				total = kb << 10
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if raw, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64); err == nil {
				total = min(total, n)
			}
		}
	}
	if total == math.MaxInt64 {
		return 0
	}
	return total
}

// Self is the path under which this program can be started again, even if its file was replaced meanwhile.
func Self() (string, error) { return "/proc/self/exe", nil }
