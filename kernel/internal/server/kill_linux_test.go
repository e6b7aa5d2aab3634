package server_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/wire"
)

var kills = flag.Int("kills", 6, "how many rounds of TestKill to run")

// TestKill kills front ends and kernels in the middle of whatever they do, and looks for what is left of them.
func TestKill(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Fatal("/proc is not mounted: mount it, for the test looks there for what is left behind")
	}
	codes := []string{"sleep 1m", "hang", "flood 1000000000", "child\nhang", "value 1", "hog", "ask name?"}
	for round := range *kills {
		seed := uint64(round)
		if *kills > 6 {
			seed = rand.Uint64()
		}
		rnd := rand.New(rand.NewPCG(seed, 0))
		code := codes[rnd.IntN(len(codes))]
		victims := []string{"front end", "kernel", "both"}[rnd.IntN(3)]
		t.Run(fmt.Sprintf("%s in %q, seed %d", victims, strings.ReplaceAll(code, "\n", ";"), seed), func(t *testing.T) {
			mark := "GONMF_TEST_MARK=" + wire.NewID()
			t.Setenv("GONMF_KERNEL_MEMORY", "256MiB")
			conn, file := connectionFile(t, true)
			front, kernel := startFrontEnd(t, file, mark)
			client := dialWhenUp(t, conn)
			client.Send(client.Shell, "execute_request", wire.ExecuteRequest{Code: code, AllowStdin: true})
			time.Sleep(time.Duration(rnd.IntN(150)) * time.Millisecond)
			first, second := front.Process.Pid, kernel
			if victims == "kernel" || rnd.IntN(2) == 0 && victims == "both" {
				first, second = second, first
			}
			syscall.Kill(first, syscall.SIGKILL)
			if victims == "both" {
				time.Sleep(time.Duration(rnd.IntN(20)) * time.Millisecond)
				syscall.Kill(second, syscall.SIGKILL)
			}
			survivors := map[int]bool{}
			if victims == "kernel" {
				survivors[front.Process.Pid] = true
			}
			var left string
			defer func() {
				if left != "" {
					t.Log("left behind:", left)
				}
			}()
			// All at once, since a process that is just being started is not seen for a moment.
			limit := time.Duration(float64(3*time.Second) * kerneltest.Busy())
			within(t, limit, "processes and files are gone", func() bool {
				left = ""
				for _, pid := range marked(t, mark) {
					if !survivors[pid] {
						left += fmt.Sprintf("process %d ", pid)
					}
				}
				for _, name := range sockets(t, filepath.Dir(file)) {
					left += name + " "
				}
				if _, err := os.Stat(file); (err == nil) != (victims == "kernel") {
					left += fmt.Sprintf("connection file: %v", err)
				}
				return left == ""
			})
		})
	}
}

// TestWorkerThatDiesUnused kills the worker before any cell: another must come, as nobody else cleans up behind a kernel
// that is killed.
func TestWorkerThatDiesUnused(t *testing.T) {
	mark := "GONMF_TEST_MARK=" + wire.NewID()
	conn, file := connectionFile(t, true)
	front, kernel := startFrontEnd(t, file, mark)
	dialWhenUp(t, conn)
	workers := func() []int {
		return slices.DeleteFunc(marked(t, mark), func(pid int) bool { return pid == kernel || pid == front.Process.Pid })
	}
	time.Sleep(time.Duration(float64(time.Second) * kerneltest.Busy())) // one that dies while it starts is not tried again
	first := workers()
	if len(first) != 1 {
		t.Fatalf("workers %v", first)
	}
	syscall.Kill(first[0], syscall.SIGKILL)
	within(t, kerneltest.Timeout, "another worker is there", func() bool { now := workers(); return len(now) == 1 && now[0] != first[0] })
}

// startFrontEnd starts a front end, and returns it and the process id of its kernel.
func startFrontEnd(t *testing.T, file, mark string) (*exec.Cmd, int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "frontend", file)
	cmd.Env = append(os.Environ(), mark)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		for _, pid := range marked(t, mark) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	kernel, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return cmd, kernel
}

// marked lists the living processes with that setting in their environment.
func marked(t *testing.T, mark string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(env, []byte(mark)) {
			continue // another user's, or it has ended meanwhile
		}
		pid, err := strconv.Atoi(strings.Split(file, "/")[2])
		if err == nil && proc.Alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// TestRestartsLeakNothing looks for files and goroutines that sessions leave behind in the kernel.
func TestRestartsLeakNothing(t *testing.T) {
	k := start(t)
	count := func() (files, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	k.Run("exit")
	k.Run("value 1")
	files, goroutines := count()
	for range 15 {
		k.Run("exit")
	}
	k.Run("value 1")
	within(t, 3*time.Second, "files and goroutines are as few as before", func() bool {
		f, g := count()
		return f <= files && g <= goroutines
	})
}
