package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/kernel/display"
	"gonmf/kernel/internal/magic"
	"gonmf/kernel/internal/pipe"
	"gonmf/notebooks/data"
)

// hour is what each cell of testdata/hour.txt shows, in part.
var hour = []string{
	"DataFrame: 10 of 12,653 rows × 3 columns",
	"weight",
	"DataFrame: 5 rows × 3 columns",
	"DataFrame: 10 rows × 2 columns",
	"1990s",
	"258 items x 591 users, 12,653 entries (8.3%)",
	"test error",
	`chart "How many components?"`,
	"NMF of a 258 x 591 matrix with 8 components",
	"DataFrame: 24 rows",
	"DataFrame: 8 rows × 2 columns",
	`chart "Users a name can be recommended to"`,
	"DataFrame: 5 rows",
	"NMF of a 258 x 591 matrix with 8 components",
	`["item_id`,
}

// TestHour does what a person does with a table in the first hour, from the file to answers in
// files, in 50 lines: as many as pandas and scikit-learn take for it, or fewer.
func TestHour(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "hour.txt"))
	if err != nil {
		t.Fatal(err)
	}
	cells, lines := strings.Split(string(text), "---\n"), 0
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line != "---" {
			lines++
		}
	}
	if lines > 50 {
		t.Errorf("the hour takes %d lines", lines)
	}
	if len(cells) != len(hour) {
		t.Fatalf("%d cells, %d answers", len(cells), len(hour))
	}
	t.Chdir(t.TempDir())
	names, err := data.Open(data.Names)
	if err != nil {
		t.Fatal(err)
	}
	df, err := frames.ReadCSV(names)
	if err == nil {
		df, err = frames.Where(df, "weight > 300")
	}
	if err == nil {
		err = files.Write("names.csv.gz", df)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(t)
	commands := magic.New(magic.Options{Session: s, Output: func(int, bool, []byte) {}}, pipe.Place{})
	for i, cell := range cells {
		r, err := s.Eval(t.Context(), i+1, cell, commands.Parse(cell)...)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := display.Values(r.Values)
		if shown := fmt.Sprint(d.Data[display.MIMETypeText]); !strings.Contains(shown, hour[i]) {
			t.Errorf("%sshows\n%s\nwithout %q", cell, shown, hour[i])
		}
	}
	if picture, err := os.ReadFile("coverage.png"); err != nil || !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Errorf("the picture: %v", err)
	}
	best, err := files.Read(t.Context(), "best.csv")
	if err != nil || best.Nrow() != 5 {
		t.Errorf("the answer in the file has %d rows, %v", best.Nrow(), err)
	}
}
