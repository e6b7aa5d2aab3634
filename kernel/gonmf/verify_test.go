package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
	"gonmf/scripts/pyenv"
)

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const rows = "a,x,1\na,y,2\nb,x,3\nb,z,1\nc,y,5\nc,z,2\nd,x,2\n"
	table := file("orders.csv", "sku,customer,n\n"+rows)
	other := file("other.csv", "sku,customer,n\n"+strings.Replace(rows, "c,y,5", "c,y,6", 1))
	renamed := file("renamed.csv", "sku,customer,n\n"+strings.ReplaceAll(rows, "d", "e"))
	small := file("small.csv", "sku,customer,n\na,x,1\n")
	if _, stderr, status := program(t, dir, "", "run", "fit", "-in", table, "-item", "sku", "-user", "customer", "-weight", "n", "-k", "2", "-out", dir); status != 0 {
		t.Fatal(stderr)
	}
	model := filepath.Join(dir, "model.npz")
	bare := filepath.Join(dir, "bare.npz")
	m, err := nmf.Load(strings.NewReader(mustRead(t, model)))
	if err != nil {
		t.Fatal(err)
	}
	m.Report = nil
	f, err := os.Create(bare)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(m.Save(f), f.Close()); err != nil {
		t.Fatal(err)
	}
	named := []string{"-item", "sku", "-user", "customer", "-weight", "n"}
	for _, tc := range []struct {
		name   string
		args   []string
		status int
		says   []string
	}{
		{"same", []string{"-refit", model, table}, 0, []string{"same     data: 4 x 3 with 7 nonzeros", "same     error: ", "same     items: 4 labels", "same     program: ", "W and H to the last bit"}},
		{"another count", []string{model, other}, 1, []string{"differs  data: 4 x 3 with 7 nonzeros as the model's, but other places or values", "differs  error: ", "2 of 5 checks differ"}},
		{"another label", []string{model, renamed}, 1, []string{"same     data", "differs  items: not the labels of the model", "1 of 5 checks differ"}},
		{"another size", []string{model, small}, 1, []string{"differs  data: they are 1 x 1 with 1 nonzeros, the model's were 4 x 3 with 7 nonzeros"}},
		{"another weight", []string{"-weight", "customer", model, table}, 1, []string{`column "customer": "x" is not a number`}},
		{"no report", append(named, bare, table), 0, []string{"unknown  data: the model was saved without a report", "same     error", "unknown  items"}},
		{"no report, no columns", []string{bare, table}, 1, []string{`no column "item_id"`}},
		{"no model", []string{filepath.Join(dir, "none.npz"), table}, 1, []string{"none.npz"}},
		{"no model but a table", []string{table, table}, 1, []string{"orders.csv: nmf: load"}},
		{"nothing", nil, 2, []string{"which model, of which table?"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, stdout, stderr := gonmf(append([]string{"verify"}, tc.args...)...)
			if status != tc.status {
				t.Errorf("exit status %d, want %d", status, tc.status)
			}
			for _, want := range tc.says {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("no %q in\n%s%s", want, stdout, stderr)
				}
			}
		})
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestReportInPython lets Python compute the hash as DataHash's documentation
// has it, and read the report.
func TestReportInPython(t *testing.T) {
	python := pyenv.Numbers.Need(t)
	x, err := sparse.FromTriplets(5, 4, []int{1, 1, 3, 3, 3, 0}, []int{2, 2, 0, 3, 1, 1}, []float64{1, .1, 3e-300, 0, 7, 2})
	if err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Fit(t.Context(), x, nmf.Config{Components: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.AddReport(x, map[string]string{"item": "sku"}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, write := range map[string]func(f *os.File) error{
		"x.npz":     func(f *os.File) error { return x.WriteNPZ(f) },
		"model.npz": func(f *os.File) error { return m.Save(f) },
	} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(write(f), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	const program = `
import hashlib, json, sys, numpy, scipy.sparse
x = scipy.sparse.load_npz(sys.argv[1] + "/x.npz")
x = scipy.sparse.csr_matrix(x, dtype="<f8", copy=True)
x.sum_duplicates(); x.eliminate_zeros(); x.sort_indices()
ints = numpy.concatenate([[*x.shape, x.nnz], x.indptr, x.indices])
sha = hashlib.sha256(ints.astype("<i8").tobytes() + x.data.tobytes()).hexdigest()
model = numpy.load(sys.argv[1] + "/model.npz")
report = json.loads(str(model["report"]))
assert report["data"] == {"rows": 5, "cols": 4, "nonzero": 4, "sha256": sha}, (report, sha)
assert report["notes"] == {"item": "sku"} and report["n_iter"] >= 1 and report["go"] and model["W"].shape == (5, 2), report
`
	if out, err := exec.CommandContext(t.Context(), python, "-c", program, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
