package sparse_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gonmf/nmf/sparse"
)

// shardsOf writes m into a folder of its own.
func shardsOf(t *testing.T, m *sparse.CSR, opt sparse.ShardOptions) *sparse.Shards {
	t.Helper()
	s, err := m.WriteShards(filepath.Join(t.TempDir(), "x"), opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func same(t *testing.T, what string, got, want *sparse.CSR) {
	t.Helper()
	gp, gi, gv := got.Raw()
	wp, wi, wv := want.Raw()
	if !reflect.DeepEqual(gp, wp) || len(gi) != len(wi) || len(gi) > 0 && (!reflect.DeepEqual(gi, wi) || !reflect.DeepEqual(gv, wv)) {
		t.Errorf("%s: %v differs from %v", what, got, want)
	}
}

// What was written from triplets in any order is what FromTriplets makes of
// them, to the bit of a sum.
func TestShardsHoldTheMatrix(t *testing.T) {
	for _, c := range []struct{ rows, cols, triplets int }{{1, 1, 1}, {3, 5, 0}, {0, 4, 0}, {40, 900, 5000}, {900, 40, 100_000}, {5000, 3000, 200_000}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			var i, j []int
			var v []float64
			for range c.triplets {
				i, j, v = append(i, rng.IntN(c.rows)), append(j, rng.IntN(c.cols)*rng.IntN(c.cols)%c.cols), append(v, rng.NormFloat64())
			}
			want, err := sparse.FromTriplets(c.rows, c.cols, i, j, v)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "x")
			w, err := sparse.CreateShards(dir)
			if err != nil {
				t.Fatal(err)
			}
			for p := range v {
				if err := w.Add(i[p], j[p], v[p]); err != nil {
					t.Fatal(err)
				}
			}
			last, total := 0, 0
			s, err := w.Close(c.rows, c.cols, sparse.ShardOptions{Progress: func(done, all int) { last, total = done, all }})
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.CSR()
			if err != nil {
				t.Fatal(err)
			}
			same(t, "rows", got, want)
			if got, err = s.ReadCols(0, c.cols); err != nil {
				t.Fatal(err)
			}
			same(t, "columns", got, want.Transpose())
			lo, hi := c.rows/3, c.rows/2
			if got, err = s.ReadRows(lo, hi); err != nil {
				t.Fatal(err)
			}
			same(t, "some rows", got, want.SliceRows(lo, hi))
			for range min(c.rows, 50) {
				i, j := rng.IntN(c.rows), rng.IntN(c.cols)
				if got, want := s.At(i, j), want.At(i, j); got != want {
					t.Errorf("entry (%d,%d) is %v, want %v", i, j, got, want)
				}
			}
			if last > total || c.triplets > 0 && last == 0 {
				t.Errorf("progress ended at %d of %d", last, total)
			}
			if err := s.Check(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(dir + ".part"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s.part is still there: %v", dir, err)
			}
		})
	}
}

func TestShardsKeepLabels(t *testing.T) {
	m, err := sparse.FromTriplets(2, 3, []int{0, 1}, []int{2, 0}, []float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	rows, cols := []string{"a\n\"b\"", "ä"}, []string{"x", "y", "z"}
	s := shardsOf(t, m, sparse.ShardOptions{RowLabels: rows, ColLabels: cols})
	gotRows, err := s.RowLabels()
	if err != nil {
		t.Fatal(err)
	}
	gotCols, err := s.ColLabels()
	if err != nil || !reflect.DeepEqual(gotRows, rows) || !reflect.DeepEqual(gotCols, cols) {
		t.Errorf("labels %q and %q, %v", gotRows, gotCols, err)
	}
	if _, err := m.WriteShards(filepath.Join(t.TempDir(), "y"), sparse.ShardOptions{RowLabels: cols}); !errors.Is(err, sparse.ErrShape) {
		t.Errorf("3 labels for 2 rows: %v", err)
	}
	if got, err := shardsOf(t, m, sparse.ShardOptions{}).RowLabels(); got != nil || err != nil {
		t.Errorf("no labels were written, but there are %q, %v", got, err)
	}
}

// What is wrong with a folder is said in a sentence that names the file.
func TestShardsDamaged(t *testing.T) {
	m, err := sparse.PowerLaw(300, 200, 5000, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		damage func(dir string) error
		want   string
		format bool
	}{
		"missing":       {func(dir string) error { return os.Remove(filepath.Join(dir, "rows-003")) }, "rows-003", false},
		"no manifest":   {func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) }, "manifest.json", false},
		"cut off":       {func(dir string) error { return os.Truncate(filepath.Join(dir, "columns-001"), 100) }, "columns-001 has 100 bytes", true},
		"a bit":         {func(dir string) error { return flip(filepath.Join(dir, "columns-002")) }, "columns-002 is damaged: its checksum is", true},
		"other version": {func(dir string) error { return replace(dir, `"version": 1`, `"version": 2`) }, "manifest.json is of version 2 of its format, and this program reads version 1", true},
		"other format":  {func(dir string) error { return replace(dir, `"gonmf shards"`, `"zarr"`) }, `manifest.json is of the format "zarr"`, true},
		"no JSON":       {func(dir string) error { return replace(dir, `{`, ``) }, "manifest.json is damaged", true},
		"rows":          {func(dir string) error { return replace(dir, `"rows": 300`, `"rows": 301`) }, "manifest.json is damaged: blocks of rows", true},
		"another's":     {func(dir string) error { return replace(dir, `"file": "rows-000"`, `"file": "../rows-000"`) }, "manifest.json is damaged: blocks of rows", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := shardsOf(t, m, sparse.ShardOptions{}).Dir()
			if err := c.damage(dir); err != nil {
				t.Fatal(err)
			}
			s, err := sparse.OpenShards(dir)
			if err == nil {
				err = s.Check()
			}
			if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, strings.Fields(c.want)[0])) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one of %s", err, c.want)
			}
			if errors.Is(err, sparse.ErrFormat) != c.format {
				t.Errorf("%v: of the content %v, want %v", err, !c.format, c.format)
			}
		})
	}
}

func flip(name string) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	raw[len(raw)/2] ^= 4
	return os.WriteFile(name, raw, 0o666)
}

func replace(dir, old, by string) error {
	name := filepath.Join(dir, "manifest.json")
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	text := strings.Replace(string(raw), old, by, 1)
	if text == string(raw) {
		return fmt.Errorf("there is no %s", old)
	}
	return os.WriteFile(name, []byte(text), 0o666)
}

// A folder is whole or not there, and what a killed program has left goes.
func TestShardWriterIsAtomic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	killed, err := sparse.CreateShards(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := killed.Add(0, 0, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := sparse.OpenShards(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is being written opens: %v", err)
	}
	w, err := sparse.CreateShards(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddTriplets(sparse.Triplets{I: []int32{1, 0}, J: []int32{1, 0}}); err != nil {
		t.Fatal(err)
	}
	s, err := w.Close(2, 2, sparse.ShardOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if s.At(0, 0) != 1 || s.At(0, 1) != 0 || s.NNZ() != 2 {
		t.Errorf("%v", s)
	}
	if _, err := sparse.CreateShards(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a folder that is there is written over: %v", err)
	}
	if err := w.Add(0, 0, 1); err == nil {
		t.Error("what is closed takes entries")
	}
	// A folder that is not ours stays.
	other := filepath.Join(t.TempDir(), "y")
	if err := os.MkdirAll(filepath.Join(other+".part", "photos"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := sparse.CreateShards(other); err == nil || !strings.Contains(err.Error(), "photos") {
		t.Errorf("a folder of something else: %v", err)
	}
}

// What cannot be written is an error that names the file, and leaves nothing.
func TestShardWriterThatCannotWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	w, err := sparse.CreateShards(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(0, 0, 1); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir+".part", "rows-000"), 0o777); err != nil { // in its way
		t.Fatal(err)
	}
	if _, err := w.Close(1, 1, sparse.ShardOptions{}); err == nil || !strings.Contains(err.Error(), filepath.Join(dir+".part", "rows-000")) {
		t.Errorf("error %v", err)
	}
	if left, err := filepath.Glob(dir + "*"); err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}

func TestShardWriterRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		i, j int
		v    float64
		want string
	}{
		"outside":    {2, 0, 1, "triplet 1 is at (2,0), outside 2 x 2"},
		"negative":   {0, -1, 1, "triplet 1 is at (0,-1), outside 2 x 2"},
		"not finite": {1, 1, math.Inf(1), "triplet 1, at (1,1), is +Inf"},
		"too large":  {1, 1, 1e200, "the sum of the squares"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "x")
			w, err := sparse.CreateShards(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range []error{w.Add(0, 0, 1), w.Add(c.i, c.j, c.v)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			if _, err := w.Close(2, 2, sparse.ShardOptions{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
			left, err := filepath.Glob(dir + "*")
			if err != nil || len(left) > 0 {
				t.Errorf("left: %q, %v", left, err)
			}
		})
	}
}
