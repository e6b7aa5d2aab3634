package frames_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonmf/frames"
	"gonmf/nmf"
)

// longTable is a CSV file of labels of every kind, with repeated rows.
func longTable(rows int, label func(n int) string) string {
	rng := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString("item_id,user_id,n\n")
	for range rows {
		fmt.Fprintf(&b, "%s,u%d,%.2f\n", label(rng.IntN(300)), rng.IntN(200), rng.Float64())
	}
	return b.String()
}

func sameTables(t *testing.T, got, want *frames.Interactions) {
	t.Helper()
	if got.X != nil || got.Shards == nil {
		t.Fatalf("%v is not in files", got)
	}
	held, err := got.InMemory()
	if err != nil {
		t.Fatal(err)
	}
	gp, gi, gv := held.X.Raw()
	wp, wi, wv := want.X.Raw()
	if !slices.Equal(gp, wp) || !slices.Equal(gi, wi) || !slices.Equal(gv, wv) {
		t.Errorf("other entries: %v, want %v", held, want)
	}
	for _, labels := range [][2]*frames.Labels{{got.Items, want.Items}, {got.Users, want.Users}} {
		if !slices.Equal(labels[0].Strings(), labels[1].Strings()) {
			t.Errorf("labels %v, want %v", labels[0], labels[1])
		}
		for i := range labels[1].Len() {
			if at, ok := labels[0].Index(labels[1].At(i)); !ok || at != i {
				t.Fatalf("label %q is at %d", labels[1].At(i), at)
			}
		}
	}
	if got.String() != want.String() {
		t.Errorf("%v, want %v", got, want)
	}
}

// A table that is written into files while it is read is what it is in memory.
func TestReadIntoShards(t *testing.T) {
	for name, c := range map[string]struct {
		label func(n int) string
		opt   frames.Columns
	}{
		"numbers": {func(n int) string { return fmt.Sprint(3 * n) }, frames.Columns{}},
		"dense":   {func(n int) string { return fmt.Sprint(n) }, frames.Columns{Weight: "n"}},
		"text":    {func(n int) string { return fmt.Sprintf("item %d", n) }, frames.Columns{Weight: "n"}},
		"mixed": {func(n int) string {
			return []string{"7", "x", "0012", "ä", "99999999999999999999"}[n%5] + fmt.Sprint(n)
		}, frames.Columns{}},
		"positions": {func(n int) string { return fmt.Sprint(2 * n) }, frames.Columns{User: "item_id", Positions: true}},
	} {
		t.Run(name, func(t *testing.T) {
			text := longTable(70_000, c.label)
			want, err := frames.ReadInteractions(strings.NewReader(text), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			opt := c.opt
			opt.Shards = filepath.Join(t.TempDir(), "x")
			done := 0
			opt.ProgressShards = func(now, _ int) { done = now }
			got, err := frames.ReadInteractions(strings.NewReader(text), opt)
			if err != nil {
				t.Fatal(err)
			}
			sameTables(t, got, want)
			again, err := frames.OpenShards(opt.Shards)
			if err != nil {
				t.Fatal(err)
			}
			sameTables(t, again, want)
			if done == 0 {
				t.Error("no progress was told")
			}
			if name == "positions" { // rows of its own
				return
			}
			b := frames.NewBuilder(frames.Columns{Shards: filepath.Join(t.TempDir(), "y")})
			for i := range want.Items.Len() {
				idx, val := want.X.Row(i)
				for p, j := range idx {
					if err := b.Add(want.Items.At(i), want.Users.At(int(j)), val[p]); err != nil {
						t.Fatal(err)
					}
				}
			}
			built, err := b.Table()
			if err != nil {
				t.Fatal(err)
			}
			sameTables(t, built, want)
		})
	}
}

// Nothing is left of a table that cannot be read.
func TestReadIntoShardsFails(t *testing.T) {
	good := longTable(30_000, func(n int) string { return fmt.Sprint(n) })
	for name, c := range map[string]struct {
		text, want string
	}{
		"a weight": {good + "1,u1,x\n", "row 30001"},
		"no rows":  {"item_id,user_id,n\n", "no rows"},
	} {
		dir := filepath.Join(t.TempDir(), "x")
		_, err := frames.ReadInteractions(strings.NewReader(c.text), frames.Columns{Weight: "n", Shards: dir})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if left, _ := filepath.Glob(dir + "*"); len(left) > 0 {
			t.Errorf("%s: %q are left", name, left)
		}
	}
	dir := t.TempDir() // which is there
	if _, err := frames.ReadInteractions(strings.NewReader(good), frames.Columns{Shards: dir}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a folder that is there: %v", err)
	}
	if _, err := frames.OpenShards(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// What is made of a table in files is what is made of it in memory, or says what it needs.
func TestTablesInShards(t *testing.T) {
	x, err := frames.ReadInteractions(strings.NewReader(longTable(5000, func(n int) string { return fmt.Sprint(n) })), frames.Columns{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.WriteShards(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	sameTables(t, s, x)
	cfg := nmf.Config{Components: 3, MaxIter: 20}
	m, err := nmf.Fit(t.Context(), x.Matrix(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	files, err := nmf.Fit(t.Context(), s.Matrix(), cfg)
	if err != nil || files.Err != m.Err {
		t.Fatalf("%v, %v; want %v", files, err, m)
	}
	for name, of := range map[string]func(*frames.Interactions) (string, error){
		"Factors": func(x *frames.Interactions) (string, error) {
			w, h, err := frames.Factors(m, x)
			return w.String() + h.String(), err
		},
		"Clusters": func(x *frames.Interactions) (string, error) {
			df, err := frames.Clusters(m, x)
			return df.String(), err
		},
		"Coverage": func(x *frames.Interactions) (string, error) {
			df, err := frames.Coverage(t.Context(), m, x, frames.CoverageOptions{Batch: 70})
			return df.String(), err
		},
	} {
		want, err := of(x)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := of(s); err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
	if _, err := frames.TFIDF(s, frames.TFIDFOptions{}); !errors.Is(err, nmf.ErrShape) || !strings.Contains(err.Error(), "InMemory") {
		t.Errorf("tf-idf: %v", err)
	}
	if _, err := frames.Recommend(m, s, "u1", 3); err == nil || !strings.Contains(err.Error(), "InMemory") {
		t.Errorf("recommend: %v", err)
	}
	if html := s.HTML(); !strings.Contains(html, s.Shards.Dir()) {
		t.Errorf("%s does not name the folder", html)
	}
}
