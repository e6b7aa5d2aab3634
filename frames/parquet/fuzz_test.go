package parquet

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonmf/frames"
)

// FuzzRead takes any file: no panic, and no error that is not a sentence.
func FuzzRead(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("%q, %v", seeds, err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		r, size := bytes.NewReader(raw), int64(len(raw))
		if _, err := Read(ctx, r, size); err != nil && !strings.HasPrefix(err.Error(), "frames: ") {
			t.Error(err)
		}
		if _, err := ReadInteractions(ctx, r, size, frames.Columns{}); err != nil && !strings.HasPrefix(err.Error(), "frames: ") {
			t.Error(err)
		}
	})
}

// TestDamaged reads files that are cut off anywhere or of which a byte is
// wrong.
func TestDamaged(t *testing.T) {
	seeds, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(seeds) == 0 {
		t.Fatalf("%q, %v", seeds, err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), bytes.NewReader(raw), int64(len(raw))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := 0; n < len(raw); n += 1 + len(raw)/300 {
			if _, err := Read(t.Context(), bytes.NewReader(raw[:n]), int64(n)); err == nil {
				t.Errorf("%s cut off after %d bytes: no error", name, n)
			} else if !strings.HasPrefix(err.Error(), "frames: the Parquet file is cut off or damaged") {
				t.Errorf("%s cut off after %d bytes: %v", name, n, err)
			}
			wrong := bytes.Clone(raw)
			wrong[n] ^= 0x55
			if _, err := Read(t.Context(), bytes.NewReader(wrong), int64(len(wrong))); err != nil && !strings.HasPrefix(err.Error(), "frames: ") {
				t.Errorf("%s with byte %d changed: %v", name, n, err)
			}
		}
	}
}
