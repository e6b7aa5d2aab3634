package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const table = "../.." // the folder of package symbols

func TestEveryFileBelongsToAPackage(t *testing.T) {
	var want []string
	for _, path := range packages {
		want = append(want, fileName(path))
	}
	slices.Sort(want)
	files, err := filepath.Glob(filepath.Join(table, "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("generated files are\n%q\nfor the packages of the list they would be\n%q\nrun go generate ./scripts/symbols", got, want)
	}
}

// The versions of the other modules change in go.mod alone, gonmf's API with
// any edit: it is the one that must not drift away from the table.
func TestTableIsUpToDate(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the packages and all they import from source")
	}
	for _, path := range packages {
		if !strings.HasPrefix(path, "gonmf/") {
			continue
		}
		t.Run(path, func(t *testing.T) {
			want, err := generate(path)
			if err != nil {
				t.Fatal(err)
			}
			name := fileName(path)
			got, err := os.ReadFile(filepath.Join(table, name))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is out of date: run go generate ./scripts/symbols", name)
			}
		})
	}
}
