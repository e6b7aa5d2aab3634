package session

import (
	"strings"
	"testing"
)

// TestPackagesAreImportedAsTheyAreUsed runs cells one after the other.
func TestPackagesAreImportedAsTheyAreUsed(t *testing.T) {
	b := newBench(t)
	if b.SetAutoImport(true) {
		t.Error("it is on by itself")
	}
	for _, c := range []struct{ src, note, want string }{
		{"strings.ToUpper(\"a\")", "imported strings", "=> A"},
		{"strings.ToUpper(\"b\")", "", "=> B"}, // as if it had been imported
		{"func f() string { return strconv.Itoa(7) }\nfmt.Sprint(f(), math.Pi > 3)", "imported fmt, math, strconv", "=> 7true"},
		{"rand.Intn(1)", "", "! CompileError: In [4], line 1: undefined: rand"}, // of three packages
		{"sort := struct{ N int }{3}\nsort.N", "", "=> 3"},
		{"import \"os\"\nnope", "", "! CompileError"},
		{"os.Getpid() > 0", "", "=> true"}, // what a cell that failed has imported
		{"nothere.Name", "", "! CompileError"},
		{"package main\n\nfunc main() { bytes.NewReader(nil) }", "", "! CompileError"}, // a program has imports of its own
	} {
		got := b.run(c.src)
		if !strings.Contains(got, c.want) || strings.Contains(got, "imported ") != (c.note != "") || !strings.Contains(got, c.note) {
			t.Errorf("%s\ngot  %q\nwant %q and %q", c.src, got, c.note, c.want)
		}
	}
	if !b.SetAutoImport(false) {
		t.Error("it was off")
	}
	if got := b.run("bytes.MinRead"); !strings.Contains(got, `add import "bytes"`) {
		t.Error(got)
	}
}
