package files

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonmf/frames"
)

// FuzzRead takes any file of any format: no panic, and no error that speaks of
// a program.
func FuzzRead(f *testing.F) {
	seeds, err := filepath.Glob("testdata/table.*")
	if err != nil || len(seeds) < 3 {
		f.Fatalf("%q, %v", seeds, err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(market))
	f.Add([]byte("#1.2\n1\t1\nName\tDescription\ts\ng\t\t1\n"))
	f.Add([]byte("#1.3\n1\t1\t1\t1\nid\tchr\ts\nage\tna\t7\ng\tX\t1\n"))
	f.Add([]byte(npyOf("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2)}") + "\x05\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Read(ctx, name)
		_, err2 := ReadInteractions(ctx, name, frames.Columns{})
		for _, err := range []error{err, err2} {
			if err != nil && (!strings.HasPrefix(err.Error(), name+": frames: ") || strings.Contains(err.Error(), "runtime error")) {
				t.Error(err)
			}
		}
	})
}
