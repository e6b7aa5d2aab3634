//go:build unix

package files_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gonmf/frames/files"
)

// A device or a pipe is written to, not replaced by a file: for root /dev/null would be gone.
func TestReplaceWritesToWhatIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := pipe + ".link"
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pipe, link} {
		got := make(chan string)
		go func() {
			text, err := os.ReadFile(pipe)
			if err != nil {
				t.Error(err)
			}
			got <- string(text)
		}()
		if err := files.Replace(name, func(w io.Writer) error { _, err := io.WriteString(w, "abc"); return err }); err != nil {
			t.Fatal(err)
		}
		if text := <-got; text != "abc" {
			t.Errorf("%s: read %q", name, text)
		}
		if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
			t.Fatalf("%s: the pipe is %v, %v", name, info.Mode(), err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(pipe)); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
}
