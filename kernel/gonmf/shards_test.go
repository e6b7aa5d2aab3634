package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A table becomes a folder of files, and what is fitted to either is the same.
func TestShards(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "orders.csv")
	if err := os.WriteFile(table, []byte("sku,customer,n\na,x,1\na,y,2\nb,x,3\nb,z,1\nc,y,5\nc,z,2\nd,x,2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "orders.shards")
	named := []string{"-in", table, "-item", "sku", "-user", "customer", "-weight", "n"}
	run := func(want int, says string, args ...string) {
		t.Helper()
		status, stdout, stderr := gonmf(args...)
		if status != want || !strings.Contains(stdout+stderr, says) {
			t.Errorf("%q: status %d, want %d, and %q:\n%s%s", args, status, want, says, stdout, stderr)
		}
	}
	run(0, "4 items x 3 users, 7 entries (58.3%)\nin 1 blocks of rows and 1 of columns", append(append([]string{"shards"}, named...), "-out", folder)...)
	run(0, "every file has its checksum", "shards", "-check", folder)
	run(1, "is there already", append(append([]string{"shards"}, named...), "-out", folder)...)
	run(2, "which folder?", "shards")
	run(1, "manifest.json", "shards", dir)
	for _, in := range [][]string{named, {"-in", folder}} {
		out := filepath.Join(dir, filepath.Base(in[1])+".out")
		if _, stderr, status := program(t, dir, "", append(append([]string{"run", "fit"}, in...), "-k", "2", "-checkpoint", out+".kept", "-out", out)...); status != 0 {
			t.Fatal(stderr)
		}
	}
	for _, name := range []string{"W.csv", "H.csv"} {
		if a, b := mustRead(t, filepath.Join(dir, "orders.csv.out", name)), mustRead(t, filepath.Join(dir, "orders.shards.out", name)); a != b {
			t.Errorf("%s is\n%s\nfrom files, want\n%s", name, b, a)
		}
	}
	run(0, "same     data", "verify", filepath.Join(dir, "orders.shards.out", "model.npz"), folder)
	run(0, "same     data", "verify", filepath.Join(dir, "orders.csv.out", "model.npz"), folder)
	if err := os.Truncate(filepath.Join(folder, "rows-000"), 20); err != nil {
		t.Fatal(err)
	}
	run(1, "rows-000 has 20 bytes", "shards", folder)
}
