package notebook_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
)

// Jupyter has written the notebooks of gonmf; what they are read and written as
// must be the same to the byte.
func TestWritesWhatItReads(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "notebooks", "*.ipynb"))
	if err != nil || len(names) == 0 {
		t.Fatal("there are no notebooks", err)
	}
	for _, name := range append(names, filepath.Join("testdata", "all.ipynb")) {
		nb, err := notebook.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(t.TempDir(), "copy.ipynb")
		if err := nb.Write(copied); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(copied)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			i := 0
			for i < min(len(got), len(want)) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: after %q it goes on with %.80q, in the file with %.80q", name, got[max(0, i-60):i], got[i:], want[i:])
		}
	}
}

func TestRead(t *testing.T) {
	nb, err := notebook.Read(filepath.Join("testdata", "all.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	code := nb.Code()
	if len(nb.Cells) != 4 || len(code) != 2 {
		t.Fatalf("there are %d cells, %d of them code", len(nb.Cells), len(code))
	}
	c := code[0]
	if c.Source != "k := 20\nfmt.Println(k)" || c.Count != 3 || !c.Tagged("parameters") || c.Tagged("other") || code[1].Tagged("parameters") {
		t.Errorf("the first is %+v", c)
	}
	var kinds []string
	for _, o := range c.Outputs {
		kinds = append(kinds, o.Kind)
	}
	if got := strings.Join(kinds, " "); got != "stream display_data execute_result error" {
		t.Errorf("its outputs are %s", got)
	}
	if text := c.Outputs[1].Data["text/html"]; text != "<b>a</b>\n<i>b</i>" || c.Outputs[0].Text != "20\n" {
		t.Errorf("its HTML is %q, it printed %q", text, c.Outputs[0].Text)
	}
}

func TestFilesThatAreNoNotebooks(t *testing.T) {
	for text, says := range map[string]string{
		"":                       "this is no notebook",
		"{":                      "this is no notebook",
		`{"cells": 1}`:           "this is no notebook",
		"{}":                     "of format 4, but 0",
		`{"nbformat": 3}`:        "nbconvert",
		`{"cells":[{"source":1}`: "this is no notebook",
	} {
		name := filepath.Join(t.TempDir(), "a.ipynb")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := notebook.Read(name); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: the error is %v, want one that names the file and says %q", text, err, says)
		}
	}
	if _, err := notebook.Read(filepath.Join(t.TempDir(), "none.ipynb")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}
