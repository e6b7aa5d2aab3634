package files_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/files"
)

// Every format goes into a folder of files as it goes into memory.
func TestReadIntoShards(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	names := []string{put("a.csv", "item_id,user_id\nb,x\na,y\nb,x\n")}
	df := dataframe.New(series.New([]string{"b", "a", "b", "c"}, series.String, "item_id"), series.New([]int{3, 1, 3, 12}, series.Int, "user_id"))
	for _, name := range []string{"a.parquet", "a.arrow", "a.arrows"} {
		path := filepath.Join(dir, name)
		if err := files.Write(path, df); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
	}
	const market = "%%MatrixMarket matrix coordinate real general\n2 3 3\n1 1 .5\n2 3 4\n1 1 1\n"
	names = append(names, put("a.json", `[{"item_id":"b","user_id":2},{"item_id":"a","user_id":1}]`), put("a.mtx", market),
		put("s.mtx", "%%MatrixMarket matrix coordinate integer symmetric\n3 3 2\n2 1 5\n3 3 4\n"),
		put("a.gct", "#1.2\n2\t2\nName\tDescription\ts1\ts2\ng1\tx\t1\t0\ng2\ty\t0\t3\n"))
	put("tenx/matrix.mtx", market)
	put("tenx/genes.tsv", "g1\tA\ng2\tA\n")
	put("tenx/barcodes.tsv", "c1\nc2\nc3\n")
	names = append(names, filepath.Join(dir, "tenx"))
	for _, name := range names {
		want, err := files.ReadInteractions(t.Context(), name, frames.Columns{})
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := files.ReadInteractions(t.Context(), name, frames.Columns{Shards: name + ".shards"})
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := files.ReadInteractions(t.Context(), name+".shards", frames.Columns{})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, got := range []*frames.Interactions{got, again} {
			held, err := got.InMemory()
			if err != nil {
				t.Fatal(name, err)
			}
			gp, gi, gv := held.X.Raw()
			wp, wi, wv := want.X.Raw()
			if got.X != nil || !slices.Equal(gp, wp) || !slices.Equal(gi, wi) || !slices.Equal(gv, wv) ||
				!slices.Equal(got.Items.Strings(), want.Items.Strings()) || !slices.Equal(got.Users.Strings(), want.Users.Strings()) {
				t.Errorf("%s: %v, want %v", name, held, want)
			}
		}
	}
}

// What cannot be read, or is stopped, leaves nothing.
func TestReadIntoShardsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.mtx")
	if err := os.WriteFile(path, []byte("%%MatrixMarket matrix coordinate real general\n2 3 3\n1 1 .5\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := files.ReadInteractions(t.Context(), path, frames.Columns{Shards: filepath.Join(dir, "x")}); err == nil {
		t.Error("a matrix that is cut off is read")
	}
	df := dataframe.New(series.New([]string{"b", "a"}, series.String, "item_id"), series.New([]int{3, 1}, series.Int, "user_id"))
	path = filepath.Join(dir, "a.parquet")
	if err := files.Write(path, df); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := files.ReadInteractions(ctx, path, frames.Columns{Shards: filepath.Join(dir, "x")}); err == nil {
		t.Error("a table is read after the end of its context")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "x*")); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}
