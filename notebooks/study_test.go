package notebooks

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCoverageIsTheStudys compares the numbers of the notebook about coverage
// with those of the script, which has to give them without flags.
func TestCoverageIsTheStudys(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the study")
	}
	dir := t.TempDir()
	run(t, exec.CommandContext(t.Context(), "go", "run", "gonmf/scripts/study", "-quiet", "-out", dir))

	nb := read(t, "03-coverage.ipynb")
	var printouts, tables strings.Builder
	for _, s := range showsOf(t, nb) {
		printouts.WriteString(s[printed])
		if strings.Contains(s["text/plain"], "median") {
			tables.WriteString(s["text/plain"])
		}
	}

	var fit struct {
		Iter int     `json:"n_iter"`
		Err  float64 `json:"reconstruction_err"`
	}
	raw, err := os.ReadFile(filepath.Join(dir, "fit.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &fit); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d iterations, error %.10f\n", fit.Iter, fit.Err); !strings.Contains(printouts.String(), want) {
		t.Errorf("the notebook does not print %q", want)
	}

	file, err := os.Open(filepath.Join(dir, "min_mean_max.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(tables.String(), "\n")
	if len(lines) < 10 {
		t.Fatalf("the notebook shows no table of the summary: %q", tables.String())
	}
	for i, line := range lines[:len(lines)-1] { // the last is the caption
		want := rows[i]
		if i > 0 {
			for c, field := range want {
				v, err := strconv.ParseFloat(field, 64)
				if err != nil {
					t.Fatal(err)
				}
				want[c] = strconv.FormatFloat(v, 'g', 6, 64)
			}
		}
		if got := strings.Fields(line); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("row %d is %q, the study has %q", i, got, want)
		}
	}
}
