package cli

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/frames/files"
	"gonmf/scripts/pyenv"
)

// TestEncodingsOfPython reads every type in every encoding, page version and
// codec that pyarrow, polars and DuckDB write, with nulls and without.
func TestEncodingsOfPython(t *testing.T) {
	python := pyenv.Tables.Need(t)
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), python, "testdata/encodings.py", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := columnsOf(t, filepath.Join(dir, "want.csv"))
	for writer, least := range map[string]int{"pyarrow-*.parquet": 48, "pyarrow-*.arrow": 3, "polars-*.parquet": 6, "polars-*.arrow": 3, "duckdb-*.parquet": 24} {
		names, err := filepath.Glob(filepath.Join(dir, writer))
		if err != nil || len(names) < least {
			t.Fatalf("%s: %q, %v", writer, names, err)
		}
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) {
				df, err := files.Read(t.Context(), name)
				if err != nil {
					t.Fatal(err)
				}
				if whole := strings.HasPrefix(writer, "pyarrow"); df.Ncol() < 60 || whole && df.Ncol() != len(want) {
					t.Errorf("%d columns of %d", df.Ncol(), len(want))
				}
				compare(t, df, want, true, false)
			})
		}
	}
}
