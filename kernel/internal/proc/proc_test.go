//go:build unix

package proc

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func within(t *testing.T, what string, f func() bool) {
	t.Helper()
	for begin := time.Now(); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 5*time.Second {
			t.Fatalf("not within 5 s: %s", what)
		}
	}
}

func TestKillTree(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sleep 600 & echo $!; wait")
	cmd.SysProcAttr = ChildAttr()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	if !Alive(pid) {
		t.Error("it is not alive")
	}
	gone := Parent(pid).Watch(time.Millisecond)
	KillTree(cmd.Process)
	if runtime.GOOS == "linux" {
		within(t, "a zombie counts as dead", func() bool { return !Alive(pid) })
	}
	cmd.Wait()
	within(t, "it is dead", func() bool { return !Alive(pid) })
	<-gone
}

func TestGroup(t *testing.T) {
	for name, end := range map[string]func(Group){"Interrupt": Group.Interrupt, "Kill": Group.Kill} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("sh", "-c", "sleep 600; sleep 600")
			cmd.SysProcAttr = ChildAttr()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			g := Group(cmd.Process.Pid)
			if !g.Alive() {
				t.Error("it is not alive")
			}
			go cmd.Wait()
			within(t, "it is dead", func() bool {
				end(g) // once more: a shell misses an interrupt that comes while it starts a command
				return !g.Alive()
			})
		})
	}
}

func TestCPUTime(t *testing.T) {
	user, _ := CPUTime()
	within(t, "processor time passes", func() bool {
		for begin := time.Now(); time.Since(begin) < 20*time.Millisecond; {
		}
		now, _ := CPUTime()
		return now > user
	})
}

func TestParentFromEnv(t *testing.T) {
	for text, want := range map[string]Parent{"": 0, "x": 0, "-5": 0, "1": 0, "4711": 4711} {
		t.Setenv("JPY_PARENT_PID", text)
		if got := ParentFromEnv(); got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	select {
	case <-Parent(0).Watch(time.Millisecond):
		t.Error("an unknown parent has gone")
	case <-time.After(20 * time.Millisecond):
	}
}

func TestRemoveDeadSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if RemoveDeadSocket(path) {
		t.Error("a living socket is removed")
	}
	ln.SetUnlinkOnClose(false)
	ln.Close()
	if _, err := os.Lstat(path); err != nil {
		t.Fatal(err)
	}
	for range 2 { // one that is not there is gone, too
		if !RemoveDeadSocket(path) {
			t.Error("a dead socket is left")
		}
	}
}

func TestTotalMemory(t *testing.T) {
	if n := TotalMemory(); runtime.GOOS == "linux" && n < 64<<20 {
		t.Errorf("%d bytes", n)
	}
}
