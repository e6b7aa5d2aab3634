package session

import (
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
)

// The tests of the language in Go's distribution, as cells.
func TestGoDistribution(t *testing.T) {
	kerneltest.GoTests(t, 0, kerneltest.Reasons(t, "testdata/not-for-cells.txt"), func(t *testing.T, file, want string) {
		if got := cells(t, file, "whole", 2*time.Minute); got != want {
			t.Error(difference(got, want))
		}
	})
}
