package data_test

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/notebooks/data"
)

func TestTables(t *testing.T) {
	for _, tc := range []struct{ name, want string }{
		{data.Names, "2,940 items x 612 users, 89,599 entries (4.98%)"},
		{data.Austen, "6,868 items x 269 users, 135,028 entries (7.31%)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, err := data.Open(tc.name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			it, err := frames.ReadInteractions(f, frames.Columns{Weight: "weight"})
			if err != nil {
				t.Fatal(err)
			}
			if it.String() != tc.want {
				t.Errorf("got %v, want %s", it, tc.want)
			}
		})
	}
}

// read reads a set with a header.
func read(t *testing.T, name string) dataframe.DataFrame {
	t.Helper()
	f, err := data.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	df, err := frames.ReadCSV(f)
	if err != nil {
		t.Fatal(err)
	}
	return df
}

func TestNovels(t *testing.T) {
	df := read(t, data.AustenNovels)
	novels := make(map[string]bool)
	for r := range df.Nrow() {
		novels[df.Elem(r, 1).String()] = true
	}
	if df.Nrow() != 269 || len(novels) != 6 {
		t.Errorf("%d chapters of %d novels", df.Nrow(), len(novels))
	}
}

func TestDigits(t *testing.T) {
	f, err := data.Open(data.Digits)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	lines := bufio.NewScanner(z)
	for ; lines.Scan(); rows++ {
		if n := strings.Count(lines.Text(), ",") + 1; n != 65 {
			t.Fatalf("row %d has %d columns", rows+1, n)
		}
	}
	if err := lines.Err(); err != nil || rows != 1797 {
		t.Errorf("%d images, %v", rows, err)
	}
}

func TestCells(t *testing.T) {
	df := read(t, data.Cells)
	types, molecules := map[string]bool{}, 0.0
	for _, name := range df.Col("type").Records() {
		types[name] = true
	}
	for _, gene := range df.Names()[2:] {
		for _, n := range df.Col(gene).Float() {
			molecules += n
		}
	}
	if df.Nrow() != 700 || df.Ncol() != 2+765 || len(types) != 10 || molecules != 486_651 {
		t.Errorf("%d cells, %d columns, %d types, %.0f molecules", df.Nrow(), df.Ncol(), len(types), molecules)
	}
}

// TestNotice finds each set in the notice.
func TestNotice(t *testing.T) {
	f, err := data.Open(data.Notice)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{data.Names, data.Austen, data.AustenNovels, data.Digits, data.Cells} {
		if !strings.Contains(string(text), name) {
			t.Errorf("nothing about %s", name)
		}
	}
}

func TestOpenUnknown(t *testing.T) {
	for _, name := range []string{"", ".", "nope.csv", "../data.go"} {
		_, err := data.Open(name)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "there are names.csv.gz, ") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestChecksums(t *testing.T) {
	sums, err := data.Checksums()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, s := range sums {
		f, err := data.Open(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%x", sha256.Sum256(raw)); s.SHA256 != want {
			t.Errorf("%s: %s, want %s", s.Name, s.SHA256, want)
		}
		found[s.Name] = true
	}
	for _, name := range []string{data.Names, data.Austen, data.AustenNovels, data.Digits, data.Notice} {
		if !found[name] {
			t.Errorf("no checksum of %s", name)
		}
	}
}
