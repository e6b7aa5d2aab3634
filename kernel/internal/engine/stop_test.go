package engine

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

// notebookCells returns the code cells of a notebook of the repository.
func notebookCells(t *testing.T, name string) (cells []string) {
	t.Helper()
	raw, err := os.ReadFile("../../../notebooks/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Type   string   `json:"cell_type"`
			Source []string `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(raw, &notebook); err != nil {
		t.Fatal(err)
	}
	for _, c := range notebook.Cells {
		if c.Type == "code" {
			cells = append(cells, strings.Join(c.Source, ""))
		}
	}
	return cells
}

// stopOnceShown runs a cell, presses stop when it has shown something, and returns how long it took to end.
func stopOnceShown(t *testing.T, k *kerneltest.Kernel, code string) (kerneltest.Cell, time.Duration) {
	t.Helper()
	id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: code, StoreHistory: true})
	k.Published(func(m *wire.Message) bool {
		return (m.Header.Type == "stream" || m.Header.Type == "display_data") && kerneltest.ParentID(m) == id
	})
	begin := time.Now()
	k.Ask(k.Control, "interrupt_request", nil)
	cell := k.Finish(id)
	return cell, time.Since(begin)
}

// The stop button in the first notebook, whose context is context.Background(), stops the fit and leaves its model.
func TestStopAFitOfANotebook(t *testing.T) {
	const fit, endless = "Config{Components: 8,", "Config{Components: 8, MaxIter: 1_000_000, Tol: -1,"
	for _, c := range []struct{ name, from, to string }{
		{"as it is", "", ""},
		{"in goroutines", "model, err := nmf.Fit(", "var wg sync.WaitGroup; var model *nmf.Model; wg.Go(func() { model, err = nmf.Fit("},
		{"with a deadline", "nmf.Fit(ctx,", "nmf.Fit(soon(),"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := kerneltest.Start(t)
			run(t, k, "import (\"context\"; \"sync\"; \"time\")\nfunc soon() context.Context { c, _ := context.WithTimeout(context.Background(), time.Hour); return c }")
			for _, code := range notebookCells(t, "01-fit.ipynb") {
				if !strings.Contains(code, fit) {
					run(t, k, code)
					continue
				}
				code = strings.Replace(code, fit, endless, 1)
				if c.from != "" {
					code = strings.Replace(code, c.from, c.to, 1)
				}
				if strings.Contains(code, "wg.Go") {
					code = strings.Replace(code, "bar.Step})", "bar.Step}) }); wg.Wait()", 1)
				}
				cell, took := stopOnceShown(t, k, code)
				if cell.Reply.Failure == nil || cell.Reply.Name != "Interrupted" || cell.Reply.Value != "interrupted" {
					t.Fatalf("%s\nreply %+v", code, cell.Reply)
				}
				if limit := time.Duration(float64(200*time.Millisecond) * kerneltest.Busy()); took > limit {
					t.Errorf("stopped after %v, limit %v", took, limit)
				}
				break
			}
			if got := run(t, k, "model.Iter > 0 && model.Stop == nmf.Cancelled && names.X != nil").Result(t); got != "true" {
				t.Errorf("the model so far: %q", got)
			}
			if got := run(t, k, "ctx.Err() == nil").Result(t); got != "true" {
				t.Error("the next cell is stopped as well")
			}
		})
	}
}
