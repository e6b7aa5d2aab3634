package server

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"gonmf/kernel/internal/proc"
)

// minMemory is the least limit with which a session can do anything at all.
const minMemory = 128 << 20

// MemoryLimit reads GONMF_KERNEL_MEMORY, the bytes that the session may use. Without it most of the machine's memory is
// allowed, but not all of it; 0 is no limit.
func MemoryLimit() (int64, error) {
	text := os.Getenv("GONMF_KERNEL_MEMORY")
	if text == "" {
		return proc.TotalMemory() / 5 * 4, nil
	}
	n, err := parseBytes(text)
	if err == nil && n != 0 && n < minMemory {
		err = fmt.Errorf("at least %d MiB are needed", minMemory>>20)
	}
	if err != nil {
		return 0, fmt.Errorf("GONMF_KERNEL_MEMORY=%s: %w", text, err)
	}
	return n, nil
}

var units = []struct {
	suffix string
	shift  int
}{{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"", 0}}

// parseBytes reads a size like 8GiB or a plain number of bytes, which is also how GOMEMLIMIT is written.
func parseBytes(text string) (int64, error) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > (1<<62)>>u.shift {
			break
		}
		return n << u.shift, nil
	}
	return 0, errors.New("not a size like 8GiB or 500MiB")
}
