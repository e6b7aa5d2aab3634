package cli

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/nmf"
	"gonmf/scripts/pyenv"
)

// TestTablesOfPython reads what pandas, pyarrow, polars and fastparquet write,
// and lets pandas and polars read what gonmf writes.
func TestTablesOfPython(t *testing.T) {
	python := pyenv.Tables.Need(t)
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), python, append([]string{"testdata/tables.py"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", args, err, out)
		}
	}
	run("write", dir)
	want := columnsOf(t, filepath.Join(dir, "want.csv"))
	var tables []string
	for _, pattern := range []string{"pyarrow-*", "pandas*", "polars*", "fastparquet*", "stream*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %q, %v", pattern, names, err)
		}
		tables = append(tables, names...)
	}
	csvTable := &Table{In: filepath.Join(dir, "want.csv"), Item: "item_id", User: "user_id", Weight: "weight"}
	wantTable, err := csvTable.Read()
	if err != nil {
		t.Fatal(err)
	}
	wantHash, err := nmf.HashData(wantTable.X)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		t.Run(filepath.Base(name), func(t *testing.T) {
			df, err := files.Read(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, df, want, strings.HasPrefix(filepath.Base(name), "fastparquet"), strings.Contains(name, "spark"))
			table := *csvTable
			table.In = name
			x, err := table.Read()
			if err != nil {
				t.Fatal(err)
			}
			if hash, err := nmf.HashData(x.X); err != nil || hash != wantHash || x.Items.SHA256() != wantTable.Items.SHA256() || x.Users.SHA256() != wantTable.Users.SHA256() {
				t.Errorf("the table is %v, that of the CSV file %v", x, wantTable)
			}
		})
	}
	for name, says := range map[string]string{
		"list.parquet":     `column "item_id" is of lists`,
		"null.parquet":     `row 2, column "item_id": the label is missing`,
		"negative.feather": `row 2, column "n": -1 is negative`,
		"empty.parquet":    "no rows",
	} {
		table := &Table{In: filepath.Join(dir, name), Item: "item_id", User: "user_id"}
		if name == "negative.feather" {
			table.Weight = "n"
		}
		if _, err := table.Read(); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
	}

	df, err := files.Read(t.Context(), filepath.Join(dir, "pyarrow-zstd.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{".parquet", ".arrow", ".feather", ".arrows"} {
		name := filepath.Join(dir, "gonmf"+end)
		if err := files.Write(name, df); err != nil {
			t.Fatal(err)
		}
		run("read", dir, name)
	}
}

// columnsOf returns a CSV file by columns, the name first.
func columnsOf(t *testing.T, name string) map[string][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string][]string{}
	for c, column := range records[0] {
		for _, record := range records[1:] {
			columns[column] = append(columns[column], record[c])
		}
	}
	return columns
}

// compare compares a table with what it should be, as WriteCSV writes it.
// Some writers leave columns out, and Spark's times know no zone.
func compare(t *testing.T, df dataframe.DataFrame, want map[string][]string, part, spark bool) {
	t.Helper()
	var b bytes.Buffer
	if err := frames.WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !part && len(records[0]) != len(want) {
		t.Errorf("columns %q", records[0])
	}
	for c, column := range records[0] {
		column = strings.ReplaceAll(column, "_", " ") // as Spark has it
		if want[column] == nil {
			column = records[0][c]
		}
		var got []string
		for _, record := range records[1:] {
			got = append(got, record[c])
		}
		if spark && column == "zoned" {
			continue
		}
		if !slices.Equal(got, want[column]) {
			for r := range got {
				if r >= len(want[column]) || got[r] != want[column][r] {
					t.Errorf("column %q, row %d: %q, want %q", column, r+1, got[r], want[column][r])
					break
				}
			}
		}
	}
}
