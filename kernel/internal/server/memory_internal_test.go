package server

import (
	"math"
	"testing"
)

func TestSizes(t *testing.T) {
	const total = 16 << 30
	for _, tt := range []struct {
		text string
		want int64 // -1: an error
	}{
		{"0", 0},
		{"536870912", 512 << 20},
		{"536870912B", 512 << 20},
		{"500KiB", 500 << 10}, {"500KB", 500_000}, {"500kb", 500_000},
		{"512MiB", 512 << 20}, {"500MB", 500_000_000}, {"500 MB", 500_000_000}, {"512m", 512 << 20},
		{"8GiB", 8 << 30}, {"8gib", 8 << 30}, {"8GB", 8_000_000_000}, {"8G", 8 << 30}, {"1.5GiB", 3 << 29},
		{"2TiB", 2 << 40}, {"2TB", 2_000_000_000_000},
		{"50%", 8 << 30}, {" 12.5 % ", 2 << 30}, {"100%", total},
		{"0.0000000001%", 1}, {"0.1B", 1}, {"0GiB", 0}, {"0.0", 0},
		{"0%", -1}, {"101%", -1}, {"%", -1}, {"-5%", -1}, {"50%%", -1},
		{"", -1}, {"GiB", -1}, {"much", -1}, {"-1", -1}, {"+1", -1}, {"1e9", -1}, {"Inf", -1}, {"NaN", -1}, {"0x10", -1},
		{"8GiBs", -1}, {"8 Gi", -1}, {"1.", -1}, {".5GB", -1}, {"9999999TiB", -1}, {"99999999999999999999", -1},
	} {
		got, err := parseBytes(tt.text, total)
		if err != nil {
			got = -1
		}
		if got != tt.want {
			t.Errorf("%q is %d (%v), want %d", tt.text, got, err, tt.want)
		}
	}
	if n, err := parseBytes("100%", math.MaxInt64); err != nil || n <= 0 {
		t.Errorf("all of a memory without bounds is %d (%v)", n, err)
	}
	if n, err := parseBytes("50%", 0); err == nil {
		t.Errorf("half of an unknown memory is %d", n)
	}
}
