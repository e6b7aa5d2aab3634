package server

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"gonmf/kernel/internal/proc"
)

// minMemory is the least limit with which a session can do anything at all.
const minMemory = 128 << 20

// MemoryLimit reads GONMF_KERNEL_MEMORY, the bytes that the session may use, or how much of the machine's memory. Without
// it most of that is allowed, but not all of it; 0 is no limit.
func MemoryLimit() (int64, error) {
	text := os.Getenv("GONMF_KERNEL_MEMORY")
	if text == "" {
		return proc.TotalMemory() / 5 * 4, nil
	}
	n, err := parseBytes(text, proc.TotalMemory())
	if err == nil && n != 0 && n < minMemory {
		err = fmt.Errorf("at least %d MiB are needed", minMemory>>20)
	}
	if err != nil {
		return 0, fmt.Errorf("GONMF_KERNEL_MEMORY=%s: %w", text, err)
	}
	return n, nil
}

var units = []struct {
	suffix string // in small letters
	bytes  float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"tib", 1 << 40},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"tb", 1e12},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"t", 1 << 40}, // as Docker and JupyterHub write them
	{"b", 1}, {"", 1},
}

// parseBytes reads a size: 8GiB, 8GB, 1.5 GB, 50% of total, or a plain number of bytes, which is also how GOMEMLIMIT is
// written.
func parseBytes(text string, total int64) (int64, error) {
	const most = 1 << 62
	// Less than a byte is not nothing, which would be no limit.
	whole := func(n float64) int64 { return int64(max(1, min(n, most))) }
	text = strings.ToLower(strings.TrimSpace(text))
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		n, err := parseNumber(percent)
		switch {
		case err != nil:
			return 0, err
		case n == 0 || n > 100:
			return 0, errors.New("from 1% to 100% can be used, and 0 is no limit")
		case total <= 0:
			return 0, errors.New("it is not known here how much memory there is: say a size like 8GiB")
		}
		return whole(n / 100 * float64(total)), nil
	}
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := parseNumber(number)
		if err != nil {
			return 0, err
		}
		switch n *= u.bytes; {
		case n > most:
			return 0, errNoSize
		case n == 0:
			return 0, nil
		}
		return whole(n), nil
	}
	return 0, errNoSize
}

var (
	errNoSize = errors.New("not a size like 8GiB, 500MB or 50%")
	decimal   = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
)

// parseNumber reads a number that is written in digits: no sign, no exponent, no infinity.
func parseNumber(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if !decimal.MatchString(text) {
		return 0, errNoSize
	}
	return strconv.ParseFloat(text, 64)
}
