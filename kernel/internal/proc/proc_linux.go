package proc

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
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
	if m, ok := HostMemory(); ok {
		total = m.Total
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

// HostMemory tells of the machine's memory; ok says whether it is known.
func HostMemory() (m Memory, ok bool) {
	raw, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return m, false
	}
	for line := range strings.Lines(string(raw)) {
		var name string
		var kb int64
		if n, _ := fmt.Sscanf(line, "%s %d kB", &name, &kb); n != 2 {
			continue
		}
		switch name {
		case "MemTotal:":
			m.Total = kb << 10
		case "MemFree:":
			m.Free = kb << 10
		case "MemAvailable:":
			m.Available = kb << 10
		}
	}
	return m, m.Total > 0
}

// UsageOf tells what a process has taken; ok says whether it is known.
func UsageOf(pid int) (u Usage, ok bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u, false
	}
	// Numbers follow the name, which is in parentheses and may hold anything: from the state on, which is field 3.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const utime, stime, rss = 14 - 3, 15 - 3, 24 - 3
	if len(fields) <= rss {
		return u, false
	}
	var n [3]int64
	for i, field := range []int{utime, stime, rss} {
		if n[i], err = strconv.ParseInt(fields[field], 10, 64); err != nil {
			return u, false
		}
	}
	const tick = time.Second / 100 // USER_HZ, as every Linux has it
	return Usage{Memory: n[2] * int64(os.Getpagesize()), CPU: time.Duration(n[0]+n[1]) * tick}, true
}

// Self is the path under which this program can be started again, even if its file was replaced meanwhile.
func Self() (string, error) { return "/proc/self/exe", nil }
