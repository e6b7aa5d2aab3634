package frames

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWatch(t *testing.T) {
	text := longTable(100_000)
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, tc := range map[string]struct {
		r     io.Reader
		total int
	}{
		"file": {f, len(text)}, "memory": {bytes.NewReader([]byte(text)), len(text)},
		"pipe": {io.MultiReader(strings.NewReader(text)), 0},
	} {
		last, calls := 0, 0
		watched := Watch(t.Context(), tc.r, func(done, total int) {
			if done <= last || total != tc.total {
				t.Errorf("%s: %d of %d after %d of %d", name, done, total, last, tc.total)
			}
			last = done
			calls++
		})
		if _, err := ReadInteractions(watched, Columns{}); err != nil || last != len(text) || calls < 2 {
			t.Errorf("%s: %d of %d bytes in %d calls, %v", name, last, len(text), calls, err)
		}
	}
	for name, read := range map[string]func(r io.Reader) error{
		"ReadInteractions": func(r io.Reader) error { _, err := ReadInteractions(r, Columns{}); return err },
		"ReadCSV":          func(r io.Reader) error { _, err := ReadCSV(r); return err },
		"ReadMatrix":       func(r io.Reader) error { _, err := ReadMatrix(r); return err },
	} {
		enough := errors.New("enough")
		ctx, stop := context.WithCancelCause(t.Context())
		table := strings.NewReader(strings.Repeat("1,2\n", 2_000_000))
		err := read(Watch(ctx, io.MultiReader(strings.NewReader("item_id,user_id\n"[16*btoi(name == "ReadMatrix"):]), table), func(done, _ int) {
			if done > 3<<20 {
				stop(enough)
			}
		}))
		if !errors.Is(err, enough) {
			t.Errorf("%s: %v", name, err)
		}
		if table.Len() == 0 {
			t.Errorf("%s read on to the end", name)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
