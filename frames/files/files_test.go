package files

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
	"gonmf/nmf"
)

func TestWriteAndRead(t *testing.T) {
	df, err := frame.New([]string{"item_id", "user_id", "n"}, []series.Series{
		frame.Text([]string{"b", "a", "b"}, false), series.Ints([]int{7, 8, 8}), series.Floats([]float64{1, .5, 2}),
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"t.csv", "t.csv.gz", "t.parquet", "t.arrow", "t.feather", "t.arrows", "T.PARQUET"} {
		path := filepath.Join(dir, name)
		if err := Write(path, df); err != nil {
			t.Fatal(err)
		}
		got, err := Read(t.Context(), path)
		if err != nil || strings.Join(got.Col("item_id").Records(), " ") != "b a b" || got.Elem(1, 2).Float() != .5 {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if names, err := Names(t.Context(), path); err != nil || strings.Join(names, " ") != "item_id user_id n" {
			t.Errorf("%s has the columns %q, %v", name, names, err)
		}
		last, of := 0, 0
		progress := func(done, total int) { last, of = done, total }
		x, err := ReadInteractions(t.Context(), path, frames.Columns{Weight: "n", ProgressBytes: progress})
		if err != nil || x.X.NNZ() != 3 || x.X.At(1, 1) != 2 {
			t.Errorf("%s: %v, %v", name, x, err)
		}
		if last != of && !strings.HasSuffix(name, ".arrow") && !strings.HasSuffix(name, ".feather") {
			t.Errorf("%s: the last that was told is %d of %d", name, last, of)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := ReadInteractions(ctx, path, frames.Columns{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled: %v", name, err)
		}
		if err := os.Truncate(path, 20); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), path); name != "t.csv" && (err == nil || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s cut off: %v", name, err)
		}
	}
	if err := Write(filepath.Join(dir, "t.xlsx"), df); !errors.Is(err, frames.ErrFormat) {
		t.Errorf("xlsx: %v", err)
	}
	if _, err := Read(t.Context(), filepath.Join(dir, "none.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestReplaceLeavesNothingBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	if err := Replace(path, func(w io.Writer) error { _, _ = w.Write([]byte("half")); return full }); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	text, err := os.ReadFile(path)
	names, errDir := os.ReadDir(filepath.Dir(path))
	if err != nil || string(text) != "old" || errDir != nil || len(names) != 1 {
		t.Errorf("%q, %v; %d files, %v", text, err, len(names), errDir)
	}
}

func TestReplaceKeeps(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "t.csv"), filepath.Join(dir, "link.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		link = path // Windows allows not everyone to make one
	}
	if err := Replace(link, func(w io.Writer) error { _, err := w.Write([]byte("new")); return err }); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "new" {
		t.Errorf("the file of the link has %q, %v", text, err)
	}
	before, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && before.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", before.Mode(), err)
	}
}

func TestModelsByName(t *testing.T) {
	dir := t.TempDir()
	damaged := filepath.Join(dir, "damaged.npz")
	if err := os.WriteFile(damaged, []byte("PK"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadModel(damaged); err == nil || !errors.Is(err, nmf.ErrFormat) || !strings.HasPrefix(err.Error(), damaged+": ") {
		t.Errorf("a damaged file: %v", err)
	}
	m, err := nmf.Fit(t.Context(), mat.NewDense(2, 1, []float64{1, 2}), nmf.Config{Components: 1})
	if err != nil {
		t.Fatal(err)
	}
	nowhere := filepath.Join(dir, "no", "model.npz")
	if err := SaveModel(nowhere, m); err == nil || !strings.HasPrefix(err.Error(), "create "+nowhere+": ") {
		t.Errorf("a folder that is not there: %v", err)
	}
	m.W = nil
	if err := SaveModel(damaged, m); err == nil {
		t.Error("a model without W was saved")
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if text, err := os.ReadFile(damaged); err != nil || string(text) != "PK" {
		t.Errorf("the file that was there is %q, %v", text, err)
	}
}
