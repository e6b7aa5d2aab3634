package stats

import (
	"os"
	"testing"
)

func check(t *testing.T, ok bool) {
	t.Helper()
	if !ok {
		t.Error("no\nand no")
	}
}

func TestHelper(t *testing.T) {
	t.Run("sub", func(t *testing.T) {
		check(t, os.Getenv("FAIL") == "")
		if os.Getenv("PANICS") != "" {
			panic("of a subtest")
		}
	})
}
