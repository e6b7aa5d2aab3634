//go:build unix

package server_test

import (
	"strconv"
	"testing"
	"time"

	"gonmf/kernel/internal/proc"
)

func TestProcessesOfACellEndWithItsSession(t *testing.T) {
	k := start(t)
	pid, err := strconv.Atoi(k.Run("child").Result(t))
	if err != nil {
		t.Fatal(err)
	}
	if !proc.Alive(pid) {
		t.Fatal("the process is not there")
	}
	k.Run("overflow")
	within(t, 5*time.Second, "the process ends", func() bool { return !proc.Alive(pid) })
}
